import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState, type FormEvent } from 'react'
import { events } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Histogram as HistogramData } from '@/api/types'
import { now } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { bounds, lastOf, lasts, shifted, type Last, type Search } from '@/lib/range'
import { SearchBox } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { EventTable } from './EventTable'
import { Help } from './Help'
import './search.css'

const Histogram = lazy(async () => ({ default: (await import('./Histogram')).Histogram }))
const BUCKETS = 60

export function SearchPage() {
  const { t } = useI18n()
  const search = useSearch({ from: '/events' })
  const navigate = useNavigate()
  const [words, setWords] = useState(search.q ?? '')
  const [asked, setAsked] = useState(0) // counts searches, so that "the last hour" moves on with each
  const range = useMemo(() => bounds(search, now()), [search, asked])
  const go = (next: Search) => void navigate({ to: '/events', search: next, replace: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked((n) => n + 1)
    go({ ...search, q: words.trim() || undefined })
  }
  return (
    <div className="page search">
      <div className="page-head">
        <h1>{t('search.title')}</h1>
        <Ranges search={search} onChange={go} />
      </div>
      <form className="search-form" role="search" onSubmit={submit}>
        <SearchBox label={t('search.query')} value={words} onChange={setWords} />
        <button type="submit" className="btn btn-primary">
          {t('search.run')}
        </button>
      </form>
      <Help onExample={(q) => {
        setWords(q)
        go({ ...search, q })
      }} />
      <Results search={search} range={range} onRange={(from, to) => go({ q: search.q, from, to })} />
    </div>
  )
}

function Ranges({ search, onChange }: { search: Search; onChange: (next: Search) => void }) {
  const { t } = useI18n()
  const format = useFormat()
  const { from, to } = search
  const labels = { '15m': t('search.last15m'), '1h': t('search.last1h'), '24h': t('search.last24h'), '7d': t('search.last7d'), all: t('search.all') }
  return (
    <div className="search-ranges">
      {from && to && (
        <span className="search-chosen">
          <button type="button" className="btn btn-small btn-icon" aria-label={t('search.earlier')} onClick={() => onChange({ q: search.q, ...shifted(from, to, -1) })}>
            <Icon name="left" size={14} />
          </button>
          {t('search.custom', { from: format.moment(Date.parse(from), now()), to: format.moment(Date.parse(to), now()) })}
          <button type="button" className="btn btn-small btn-icon" aria-label={t('search.later')} onClick={() => onChange({ q: search.q, ...shifted(from, to, 1) })}>
            <Icon name="right" size={14} />
          </button>
          <button type="button" className="btn btn-small btn-icon" aria-label={t('search.clear')} onClick={() => onChange({ q: search.q })}>
            <Icon name="cross" size={14} />
          </button>
        </span>
      )}
      <Segments<Last | 'custom'>
        label={t('search.range')} value={lastOf(search) ?? 'custom'} onChange={(last) => onChange({ q: search.q, last })}
        options={lasts.map((value) => ({ value, label: labels[value] }))}
      />
    </div>
  )
}

type ResultsProps = { search: Search; range: { from: string; to: string }; onRange: (from: string, to: string) => void }

function Results({ search, range, onRange }: ResultsProps) {
  const { t } = useI18n()
  const q = search.q ?? ''
  const asked = { ...(q && { q }), ...(range.from && { from: range.from }), ...(range.to && { to: range.to }) }
  const histogram = useQuery({
    queryKey: keys.histogram(q, range.from, range.to),
    queryFn: () => events.histogram({ ...asked, buckets: BUCKETS }),
    placeholderData: (old) => old,
  })
  const list = useInfiniteQuery({
    queryKey: keys.events(q, range.from, range.to),
    queryFn: ({ pageParam }) => events.list({ ...asked, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  if (list.error && rows.length === 0)
    return (
      <div className="page-body">
        <ErrorNote error={list.error} retry={() => void list.refetch()} />
      </div>
    )
  return (
    <>
      <section className="panel histogram" aria-label={t('search.histogram')}>
        {histogram.data && (
          <Suspense fallback={<Loading />}>
            <Histogram data={histogram.data} onRange={onRange} />
          </Suspense>
        )}
        {histogram.data && <Summary data={histogram.data} />}
      </section>
      <div className="page-fill panel">
        {list.isPending ? (
          <Loading />
        ) : rows.length === 0 ? (
          <Empty icon="search" text={t('search.empty')} />
        ) : (
          <EventTable rows={rows} onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()} />
        )}
      </div>
    </>
  )
}

/** The chart in a sentence. */
function Summary({ data }: { data: HistogramData }) {
  const { t, number } = useI18n()
  const format = useFormat()
  const total = data.counts.reduce((sum, bucket) => sum + bucket.total, 0)
  const peak = data.counts.reduce((best, bucket) => (bucket.total > best.total ? bucket : best), data.counts[0] ?? { t: data.from, total: 0, by_category: {} })
  return (
    <p className="histogram-text muted small">
      {t('search.histogramText', { total: number(total), peak: format.moment(Date.parse(peak.t), now()), n: number(peak.total) })}
    </p>
  )
}
