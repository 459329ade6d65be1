import { Link } from '@tanstack/react-router'
import { audit } from '@/api/endpoints'
import type { AuditLine } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { useNarrow } from '@/lib/narrow'
import { Icon } from '@/ui/Icon'
import { VirtualTable, type Column } from '@/ui/VirtualTable'
import type { AuditSearch } from './search'
import { detailOf, subjectOf, targetOf, whoOf } from './words'

type Props = { rows: AuditLine[]; onOnly: (part: AuditSearch) => void; onEnd: () => void }

export function AuditTable({ rows, onOnly, onEnd }: Props) {
  const { t } = useI18n()
  const narrow = useNarrow()
  const wide = useColumns(onOnly)
  const phone = usePhoneColumns(onOnly)
  return (
    <VirtualTable
      label={t('audit.title')} rows={rows} columns={narrow ? phone : wide} rowKey={(line) => line.id} rowHeight={narrow ? 96 : 48} minWidth={narrow ? 0 : 900}
      onEnd={onEnd}
    />
  )
}

function useColumns(onOnly: Props['onOnly']): Column<AuditLine>[] {
  const { t } = useI18n()
  return [
    { id: 'time', head: t('audit.time'), width: '128px', cell: (line) => <Time line={line} /> },
    { id: 'who', head: t('audit.by'), width: 'minmax(0, 1fr)', cell: (line) => <Who line={line} onOnly={onOnly} /> },
    { id: 'what', head: t('audit.action'), width: 'minmax(0, 2fr)', cell: (line) => <What line={line} /> },
    { id: 'subject', head: t('audit.subject'), width: 'minmax(0, 1.4fr)', cell: (line) => <Subject line={line} onOnly={onOnly} /> },
    { id: 'place', head: t('audit.place'), width: '92px', num: true, cell: (line) => <Place line={line} /> },
  ]
}

function usePhoneColumns(onOnly: Props['onOnly']): Column<AuditLine>[] {
  const { t } = useI18n()
  return [
    {
      id: 'line', head: t('audit.title'), width: 'minmax(0, 1fr)',
      cell: (line) => (
        <span className="audit-card">
          <span className="audit-card-line">
            <Who line={line} onOnly={onOnly} /> <Time line={line} />
          </span>
          <What line={line} />
          <span className="audit-card-line">
            <Subject line={line} onOnly={onOnly} /> <Place line={line} />
          </span>
        </span>
      ),
    },
  ]
}

function Time({ line }: { line: AuditLine }) {
  const format = useFormat()
  const now = useNow()
  const at = Date.parse(line.time)
  return (
    <time className="nowrap" dateTime={line.time} title={format.full(at)}>
      {format.moment(at, now)}
    </time>
  )
}

function Who({ line, onOnly }: { line: AuditLine; onOnly: Props['onOnly'] }) {
  const i18n = useI18n()
  const who = whoOf(i18n, line)
  return (
    <button type="button" className="audit-only ellipsis" title={i18n.t('audit.only', { what: who })} onClick={() => onOnly({ by: line.by })}>
      {who}
    </button>
  )
}

function What({ line }: { line: AuditLine }) {
  const i18n = useI18n()
  const detail = detailOf(i18n, line)
  return (
    <span className="audit-what">
      <span className="ellipsis">{i18n.word('action', line.action)}</span>
      {detail && (
        <span className="muted small ellipsis" title={detail}>
          {detail}
        </span>
      )}
    </span>
  )
}

/** A link to the thing where it has a page; beside it, what narrows the list down to it. */
function Subject({ line, onOnly }: { line: AuditLine; onOnly: Props['onOnly'] }) {
  const i18n = useI18n()
  const subject = subjectOf(i18n, line)
  const target = targetOf(line)
  return (
    <span className="audit-subject">
      {target ? (
        <Link className="ellipsis" to={target.to} params={{ id: target.id }} title={line.subject}>
          {subject}
        </Link>
      ) : (
        <span className="ellipsis" title={line.subject}>
          {subject}
        </span>
      )}
      {line.subject && (
        <button type="button" className="audit-narrow" aria-label={i18n.t('audit.only', { what: subject })} title={i18n.t('audit.only', { what: subject })} onClick={() => onOnly({ subject: line.subject })}>
          <Icon name="rule" size={14} />
        </button>
      )}
    </span>
  )
}

/** The entry's number, which is a link to its proof. */
function Place({ line }: { line: AuditLine }) {
  const { t, number } = useI18n()
  if (line.place < 0) return <span className="muted">{t('audit.waits')}</span>
  return (
    <a href={audit.proofAt(line.id)} download title={t('audit.proofHint')} aria-label={t('audit.proof', { place: line.place })}>
      {number(line.place)}
    </a>
  )
}
