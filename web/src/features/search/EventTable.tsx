import { Link, useNavigate } from '@tanstack/react-router'
import type { Event } from '@/api/types'
import { useNow } from '@/lib/clock'
import { summary } from '@/lib/event'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { VirtualTable, type Column } from '@/ui/VirtualTable'

export function EventTable({ rows, onEnd }: { rows: Event[]; onEnd: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const columns = useColumns()
  return (
    <VirtualTable
      label={t('search.results')} rows={rows} columns={columns} rowKey={(event) => event.id} onEnd={onEnd}
      onOpen={(event) => void navigate({ to: '/events/$id', params: { id: event.id } })}
    />
  )
}

function useColumns(): Column<Event>[] {
  const { t, word } = useI18n()
  const format = useFormat()
  const now = useNow()
  return [
    {
      id: 'time', head: t('search.time'), width: '128px',
      cell: (event) => (
        <Link to="/events/$id" params={{ id: event.id }} className="event-time" onClick={(e) => e.stopPropagation()}>
          {format.moment(Date.parse(event.time), now)}
        </Link>
      ),
    },
    { id: 'category', head: t('search.category'), width: '118px', cell: (event) => word('category', event.category) },
    { id: 'action', head: t('search.action'), width: 'minmax(0, 0.8fr)', cell: (event) => event.action ?? '' },
    { id: 'what', head: t('search.summary'), width: 'minmax(0, 2.4fr)', cell: (event) => <span className={event.parse_error ? 'event-bad' : undefined}>{summary(event)}</span> },
    { id: 'asset', head: t('nav.assets'), width: 'minmax(0, 1.1fr)', cell: (event) => <Target event={event} /> },
    { id: 'source', head: t('search.source'), width: 'minmax(0, 0.6fr)', cell: (event) => <span className="muted">{event.source}</span> },
  ]
}

function Target({ event }: { event: Event }) {
  const ref = event.assets?.find((asset) => asset.role === 'target') ?? event.assets?.[0]
  return ref ? <AssetName id={ref.id} link={false} /> : null
}
