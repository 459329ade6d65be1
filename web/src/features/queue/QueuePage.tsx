import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useIncidentList, isShelved } from '@/api/incidents'
import type { Incident } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n } from '@/lib/i18n'
import { useCommands } from '@/lib/keyboard'
import { useActs } from '@/ui/acts/useActs'
import { SearchBox } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading, useSettled } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { KeysDialog } from './KeysDialog'
import { arrange, step, type Filter } from './order'
import { Preview } from './Preview'
import { QueueList } from './QueueList'
import './queue.css'

const SEARCH = 'queue-search'

export function QueuePage() {
  const { t, many } = useI18n()
  const navigate = useNavigate()
  const acts = useActs()
  const [filter, setFilter] = useState<Filter>('open')
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState<string>()
  const [help, setHelp] = useState(false)
  const q = useSettled(words.trim())
  const list = useIncidentList(filter === 'all' ? 'all' : 'open', q)
  const minute = Math.floor(useNow() / 15_000) * 15_000
  const rows = useMemo(() => arrange([...list.items], filter, minute), [list.items, filter, minute])
  const selected = rows.find((incident) => incident.id === chosen) ?? rows[0]
  const open = useCallback((id: string) => void navigate({ to: '/incidents/$id', params: { id } }), [navigate])
  const withSelected = (act: (incident: Incident) => void) => () => selected && act(selected)
  const move = (by: number) => () => setChosen(step(rows, selected?.id, by))
  useCommands({
    next: move(1),
    previous: move(-1),
    open: withSelected((incident) => open(incident.id)),
    acknowledge: withSelected(acts.acknowledge),
    escalate: withSelected(acts.escalate),
    shelve: withSelected((incident) => (isShelved(incident, minute) ? acts.unshelve(incident) : acts.shelve(incident))),
    dispatch: withSelected(acts.dispatch),
    search: () => document.getElementById(SEARCH)?.focus(),
    help: () => setHelp(true),
  })
  const shelvedCount = useShelvedCount(list.items, filter, minute)
  return (
    <div className="page queue">
      <div className="page-head">
        <h1>{t('queue.title')}</h1>
        <span className="queue-count muted" aria-live="polite">{many('queue.count', rows.length)}</span>
        <Segments<Filter>
          label={t('queue.filter')} value={filter} onChange={setFilter}
          options={[
            { value: 'open', label: t('queue.open') },
            { value: 'shelved', label: t('queue.shelved'), count: shelvedCount },
            { value: 'all', label: t('queue.all') },
          ]}
        />
        <div className="queue-search">
          <SearchBox id={SEARCH} label={t('queue.search')} value={words} onChange={setWords} />
        </div>
        <button type="button" className="btn btn-quiet queue-help" onClick={() => setHelp(true)}>
          <span className="kbd">?</span>
          {t('keys.title')}
        </button>
      </div>
      <div className="queue-body">
        <section className="panel queue-panel" aria-label={t('queue.list')}>
          {list.error && rows.length === 0 ? (
            <ErrorNote error={list.error} retry={() => void list.refetch()} />
          ) : list.isPending ? (
            <Loading />
          ) : rows.length === 0 ? (
            <NothingHere filter={filter} q={q} />
          ) : (
            <QueueList
              rows={rows} selected={selected?.id} onSelect={setChosen} onOpen={open} hasMore={list.hasNextPage}
              onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
            />
          )}
        </section>
        <aside className="panel queue-preview" aria-label={t('queue.preview')}>
          {selected ? <Preview incident={selected} acts={acts} onOpen={() => open(selected.id)} /> : <Empty icon="queue" text={t('queue.select')} />}
        </aside>
      </div>
      {acts.dialog}
      {help && <KeysDialog onClose={() => setHelp(false)} />}
    </div>
  )
}

/** Known only while open incidents are loaded; kept while others are looked at. */
function useShelvedCount(items: Incident[], filter: Filter, now: number): number | undefined {
  const last = useRef<number>(undefined)
  return useMemo(() => {
    if (filter !== 'all') last.current = items.filter((incident) => isShelved(incident, now)).length
    return last.current || undefined
  }, [items, filter, now])
}

function NothingHere({ filter, q }: { filter: Filter; q: string }) {
  const { t } = useI18n()
  if (q) return <Empty icon="search" text={t('queue.emptySearch', { q })} />
  if (filter === 'open') return <Empty icon="check" text={t('queue.emptyOpen')} />
  if (filter === 'shelved') return <Empty icon="clock" text={t('queue.emptyShelved')} />
  return (
    <Empty icon="queue" text={t('queue.emptyAll')}>
      <Icon name="exercise" />
    </Empty>
  )
}
