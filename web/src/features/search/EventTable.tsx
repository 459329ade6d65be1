import { Link, useNavigate } from '@tanstack/react-router'
import type { Event } from '@/api/types'
import { useNow } from '@/lib/clock'
import { summary } from '@/lib/event'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import type { Search } from '@/lib/range'
import { AssetName } from '@/ui/AssetName'
import { Icon } from '@/ui/Icon'
import { Menu, type MenuEntry } from '@/ui/Menu'
import { VirtualTable, type Column } from '@/ui/VirtualTable'
import { usePivots } from './Pivot'

export function EventTable({ rows, search, onEnd }: { rows: Event[]; search: Search; onEnd: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const columns = useColumns(search)
  return (
    <VirtualTable
      label={t('search.results')} rows={rows} columns={columns} rowKey={(event) => event.id} onEnd={onEnd}
      onOpen={(event) => void navigate({ to: '/events/$id', params: { id: event.id }, search })}
    />
  )
}

function useColumns(search: Search): Column<Event>[] {
  const { t, word } = useI18n()
  const format = useFormat()
  const now = useNow()
  const pivots = usePivots(search)
  return [
    {
      id: 'time', head: t('search.time'), width: '128px',
      cell: (event) => (
        <Link to="/events/$id" params={{ id: event.id }} search={search} className="event-time" onClick={(e) => e.stopPropagation()}>
          {format.moment(Date.parse(event.time), now)}
        </Link>
      ),
    },
    { id: 'category', head: t('search.category'), width: '118px', cell: (event) => word('category', event.category) },
    { id: 'action', head: t('search.action'), width: 'minmax(0, 0.8fr)', cell: (event) => event.action ?? '' },
    { id: 'what', head: t('search.summary'), width: 'minmax(0, 2.4fr)', cell: (event) => <span className={event.parse_error ? 'event-bad' : undefined}>{summary(event)}</span> },
    { id: 'asset', head: t('nav.assets'), width: 'minmax(0, 1.1fr)', cell: (event) => <Target event={event} /> },
    { id: 'source', head: t('search.source'), width: 'minmax(0, 0.6fr)', cell: (event) => <span className="muted">{event.source}</span> },
    { id: 'pivot', head: t('pivot.row'), narrow: true, width: '40px', cell: (event) => <RowMenu event={event} pivots={pivots} /> },
  ]
}

/** The values by which people go on most: of each, only the events that share it. */
function RowMenu({ event, pivots }: { event: Event; pivots: (field: string, value: string) => MenuEntry[] }) {
  const { t } = useI18n()
  const asset = event.assets?.find((ref) => ref.role === 'target') ?? event.assets?.[0]
  const named = ['host.name', 'actor.user', 'actor.person', 'source.ip'].map((name): [string, string | undefined] => [name, event.attributes?.[name]])
  const values = [['category', event.category], ['action', event.action], ['source', event.source], ['asset', asset?.id], ...named]
  const entries = values.flatMap(([field, value]) => {
    const add = field && value ? pivots(field, value)[0] : undefined
    return add && field && value ? [{ ...add, label: t('pivot.rowField', { field, value }) }] : []
  })
  return (
    <span className="row-pivot" onClick={(e) => e.stopPropagation()}>
      <Menu
        header={t('pivot.add')} entries={entries}
        trigger={
          <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t('pivot.row')}>
            <Icon name="more" size={16} />
          </button>
        }
      />
    </span>
  )
}

function Target({ event }: { event: Event }) {
  const ref = event.assets?.find((asset) => asset.role === 'target') ?? event.assets?.[0]
  return ref ? <AssetName id={ref.id} link={false} /> : null
}
