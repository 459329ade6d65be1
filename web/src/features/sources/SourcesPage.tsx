import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { sources } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { SourceHealth } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { Answer, Empty } from '@/ui/Notes'
import { VirtualTable, type Column } from '@/ui/VirtualTable'
import { SourceState } from './SourceState'
import './sources.css'

export function useSources() {
  return useQuery({ queryKey: keys.sources, queryFn: sources.list, refetchInterval: 15_000 })
}

const order: Record<string, number> = { silent: 0, failing: 1, waiting: 2, ok: 3 }

export function SourcesPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const query = useSources()
  const columns = useColumns()
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('sources.title')}</h1>
        <Link className="btn" to="/pipeline">
          {t('pipeline.link')}
        </Link>
      </div>
      <div className="page-fill panel">
        <Answer query={query}>
          {(list) =>
            list.items.length === 0 ? (
              <Empty icon="source" text={t('sources.empty')} />
            ) : (
              <VirtualTable
                label={t('sources.title')} columns={columns} rowKey={(source) => source.id} rowHeight={44} minWidth={1080}
                rows={[...list.items].sort((a, b) => (order[a.state] ?? 9) - (order[b.state] ?? 9) || a.id.localeCompare(b.id))}
                onOpen={(source) => void navigate({ to: '/sources/$id', params: { id: source.id } })}
              />
            )
          }
        </Answer>
      </div>
    </div>
  )
}

function useColumns(): Column<SourceHealth>[] {
  const { t, number } = useI18n()
  const relative = useRelative()
  const count = (value: number) => <span data-bad={value > 0} className="source-count">{number(value)}</span>
  return [
    {
      id: 'source', head: t('sources.source'), width: 'minmax(0, 2.2fr)',
      cell: (s) => (
        <Link className="source-name" to="/sources/$id" params={{ id: s.id }} onClick={(event) => event.stopPropagation()}>
          {s.name || s.id} <span className="muted">{s.kind}</span>
        </Link>
      ),
    },
    { id: 'state', head: t('sources.state'), width: 'minmax(0, 1.1fr)', cell: (s) => <SourceState state={s.state} /> },
    { id: 'last', head: t('sources.last'), width: 'minmax(0, 0.8fr)', cell: (s) => (s.last ? relative(s.last) : t('sources.never')) },
    { id: 'rate', head: t('sources.rate'), width: '90px', num: true, cell: (s) => number(Math.round(s.rate_per_minute * 10) / 10) },
    { id: 'expected', head: t('sources.expected'), width: '112px', num: true, cell: (s) => (s.expected_s > 0 ? duration(t, s.expected_s) : t('sources.noExpectation')) },
    { id: 'received', head: t('sources.received'), width: '80px', num: true, cell: (s) => number(s.received) },
    { id: 'errors', head: t('sources.parseErrors'), width: '86px', num: true, cell: (s) => count(s.parse_errors) },
    { id: 'dropped', head: t('sources.dropped'), width: '66px', num: true, cell: (s) => count(s.dropped) },
    { id: 'refused', head: t('sources.refused'), width: '66px', num: true, cell: (s) => count(s.refused) },
    { id: 'skew', head: t('sources.skew'), width: 'minmax(0, 0.9fr)', cell: (s) => <Skew source={s} /> },
  ]
}

/** How far the sender's clock is off, in words. */
export function Skew({ source }: { source: SourceHealth }) {
  const { word, number } = useI18n()
  const seconds = source.skew_ms / 1000
  const shown = Math.abs(seconds) < 1 ? `${number(Math.round(source.skew_ms))} ms` : `${number(Math.round(seconds * 10) / 10)} s`
  if (source.skew_state === 'unknown' || source.skew_state === '') return <span className="muted">{word('skewstate', 'unknown')}</span>
  return (
    <span>
      {shown} {source.skew_state !== 'ok' && <span className="muted">{word('skewstate', source.skew_state)}</span>}
    </span>
  )
}
