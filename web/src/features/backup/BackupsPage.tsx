import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { backups } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Backup, Backups } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat, useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { Icon } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'
import { size } from './words'
import './backup.css'

const WATCH = 1000
const REST = 30_000

/** How backups stand, which there are, and one more at once. */
export function BackupsPage() {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.backups, queryFn: backups.state, refetchInterval: (q) => (q.state.data?.running ? WATCH : REST) })
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('backup.title')}</h1>
        <Link to="/settings" className="btn">
          <Icon name="left" /> {t('settings.title')}
        </Link>
      </div>
      <div className="page-body backups">
        <Answer query={query}>
          {(state) => (
            <>
              <Standing state={state} />
              {state.items.length > 0 && <List items={state.items} />}
            </>
          )}
        </Answer>
      </div>
    </div>
  )
}

function Standing({ state }: { state: Backups }) {
  const { t, number } = useI18n()
  const relative = useRelative()
  const newest = state.items[0]
  if (state.recipients.length === 0) return <NoKey />
  return (
    <Panel title={t('backup.standing')} aside={<Now running={state.running !== undefined} />}>
      <p className="muted">{t('backup.lead')}</p>
      {state.failed && (
        <div className="note note-error" role="alert">
          <Icon name="warn" />
          <div className="note-body">{t('backup.failed', { why: state.failed })}</div>
        </div>
      )}
      {state.running && <Running {...state.running} />}
      <dl className="backup-facts">
        <Fact name={t('backup.last')}>{newest ? `${relative(newest.made)} · ${size(newest.bytes, number)}` : t('backup.none')}</Fact>
        <Fact name={t('backup.next')}>{state.due ? relative(state.due) : t('backup.byHand')}</Fact>
        <Fact name={t('backup.every')}>{state.every > 0 ? duration(t, state.every) : t('backup.byHand')}</Fact>
        <Fact name={t('backup.keep')}>{t('backup.keepCount', { n: state.keep })}</Fact>
        <Fact name={t('backup.folder')}>
          <code className="mono">{state.folder}</code>
        </Fact>
        <Fact name={t('backup.recipients')}>
          {state.recipients.map((recipient) => (
            <code key={recipient} className="mono backup-key">
              {recipient}
            </code>
          ))}
        </Fact>
      </dl>
      <p className="muted">{t('backup.offSite')}</p>
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Running({ part, bytes }: { part: string; bytes: number }) {
  const { t, word, number } = useI18n()
  return (
    <p className="backup-running" role="status">
      <span className="spinner" aria-hidden="true" />
      {t('backup.running', { part: word('backuppart', part || 'begin'), size: size(bytes, number) })}
    </p>
  )
}

/** Without a key nothing can be made: the steps to one. */
function NoKey() {
  const { t } = useI18n()
  return (
    <Panel title={t('backup.standing')}>
      <div className="note note-warn">
        <Icon name="warn" />
        <div className="note-body">{t('backup.noKey')}</div>
      </div>
      <p>{t('backup.noKeySteps')}</p>
      <pre className="mono backup-steps" tabIndex={0}>
        {'warder backup key --out recovery-key\n\nbackup:\n  recipients:\n    - age1…'}
      </pre>
    </Panel>
  )
}

function Now({ running }: { running: boolean }) {
  const { t } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: backups.make,
    onSuccess: (state) => {
      client.setQueryData(keys.backups, state)
      voice.done(t('backup.begun'))
    },
    onError: voice.failed,
  })
  return (
    <button type="button" className="btn btn-primary" disabled={running || make.isPending} onClick={() => make.mutate()}>
      {t('backup.now')}
    </button>
  )
}

function List({ items }: { items: Backup[] }) {
  const { t } = useI18n()
  return (
    <Panel title={t('backup.list')}>
      <div className="backup-scroll" tabIndex={0} role="group" aria-label={t('backup.list')}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('backup.made')}</th>
              <th scope="col" className="num">{t('backup.size')}</th>
              <th scope="col" className="num">{t('backup.rows')}</th>
              <th scope="col" className="num">{t('backup.took')}</th>
              <th scope="col">{t('backup.verified')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('backup.download', { name: '' })}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Line key={item.name} item={item} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        {t('backup.verified')} – {t('backup.verifiedHow')}
      </p>
    </Panel>
  )
}

function Line({ item }: { item: Backup }) {
  const { t, number } = useI18n()
  const format = useFormat()
  const now = useNow()
  return (
    <tr>
      <td className="nowrap">{format.moment(Date.parse(item.made), now)}</td>
      <td className="num nowrap">{size(item.bytes, number)}</td>
      <td className="num">{number(item.parts['store']?.rows ?? 0)}</td>
      <td className="num nowrap">{duration(t, Math.max(1, item.took))}</td>
      <td>{format.moment(Date.parse(item.verified), now)}</td>
      <td className="num">
        <a className="btn btn-small" href={backups.address(item.name)} download={item.name} aria-label={t('backup.download', { name: item.name })}>
          {t('backup.fetch')}
        </a>
      </td>
    </tr>
  )
}
