import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState, type FormEvent } from 'react'
import { ApiError } from '@/api/client'
import { events, type EventQuery } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Histogram as HistogramData } from '@/api/types'
import { now } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { useNarrow } from '@/lib/narrow'
import { bounds, lastOf, lasts, shifted, type Last, type Search } from '@/lib/range'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote, Loading } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { useVoice } from '@/ui/Toasts'
import { EventTable } from './EventTable'
import { FieldList } from './FieldList'
import { Help } from './Help'
import { QueryBox } from './QueryBox'
import { SavedDialog } from './Saved'
import { useEventSearch } from './useEventSearch'
import './search.css'

const Histogram = lazy(async () => ({ default: (await import('./Histogram')).Histogram }))
const BUCKETS = 60

export function SearchPage() {
  const { t } = useI18n()
  const search = useSearch({ from: '/events' })
  const navigate = useNavigate()
  const [words, setWords] = useState(search.q ?? '')
  useEffect(() => setWords(search.q ?? ''), [search.q]) // a pivot wrote it
  const wide = !useNarrow()
  const [times, setTimes] = useState(0) // counts searches, so that "the last hour" moves on with each
  const range = useMemo(() => bounds(search, now()), [search.from, search.to, search.last, search.q, times])
  const go = (next: Search) => void navigate({ to: '/events', search: next, replace: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTimes((n) => n + 1)
    go({ ...search, q: words.trim() || undefined })
  }
  const asked = { ...(search.q && { q: search.q }), ...(range.from && { from: range.from }), ...(range.to && { to: range.to }) }
  const found = useEventSearch(asked)
  const wrong = found.list.error instanceof ApiError && found.list.error.place !== undefined
  return (
    <div className="page search">
      <div className="page-head">
        <h1>{t('search.title')}</h1>
        <Ranges search={search} onChange={go} />
      </div>
      <QueryBox value={words} onChange={setWords} onSubmit={submit} error={found.list.error} asked={search.q ?? ''} />
      <div className="search-tools">
        <Help onExample={(q) => go({ ...search, q })} />
        <Tools search={search} range={range} onOpen={go} />
      </div>
      <div className="search-body">
        <details className="panel search-fields" open={wide || search.field !== undefined}>
          <summary>{t('search.fields')}</summary>
          {!wrong && <FieldList search={search} asked={asked} onField={(field) => go({ ...search, field })} />}
        </details>
        <Results search={search} asked={asked} found={found} wrong={wrong} onRange={(from, to) => go({ ...search, last: undefined, from, to })} />
      </div>
    </div>
  )
}

/** Keep the search, or hand it to somebody. */
function Tools({ search, range, onOpen }: { search: Search; range: { from: string; to: string }; onOpen: (search: Search) => void }) {
  const { t } = useI18n()
  const voice = useVoice()
  const [saved, setSaved] = useState(false)
  const share = async () => {
    // "The last hour" is another one for whoever opens the link: it names the times.
    const query = new URLSearchParams(Object.entries({ q: search.q, field: search.field, ...(range.from || range.to ? range : { last: 'all' }) }).filter((pair): pair is [string, string] => Boolean(pair[1])))
    try {
      await navigator.clipboard.writeText(`${globalThis.location.origin}/events?${query.toString()}`)
      voice.done(t('search.shared'))
    } catch (error) {
      voice.failed(error)
    }
  }
  return (
    <div className="search-acts">
      <button type="button" className="btn btn-small" onClick={() => setSaved(true)}>
        <Icon name="list" size={14} /> {t('search.saved')}
      </button>
      <button type="button" className="btn btn-small" onClick={() => void share()}>
        <Icon name="link" size={14} /> {t('search.share')}
      </button>
      {saved && <SavedDialog search={search} onOpen={onOpen} onClose={() => setSaved(false)} />}
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
          <button type="button" className="btn btn-small btn-icon" aria-label={t('search.earlier')} onClick={() => onChange({ ...search, ...shifted(from, to, -1) })}>
            <Icon name="left" size={14} />
          </button>
          {t('search.custom', { from: format.moment(Date.parse(from), now()), to: format.moment(Date.parse(to), now()) })}
          <button type="button" className="btn btn-small btn-icon" aria-label={t('search.later')} onClick={() => onChange({ ...search, ...shifted(from, to, 1) })}>
            <Icon name="right" size={14} />
          </button>
          <button type="button" className="btn btn-small btn-icon" aria-label={t('search.clear')} onClick={() => onChange({ q: search.q, field: search.field })}>
            <Icon name="cross" size={14} />
          </button>
        </span>
      )}
      <Segments<Last | 'custom'>
        label={t('search.range')} value={lastOf(search) ?? 'custom'} onChange={(last) => onChange({ q: search.q, field: search.field, last })}
        options={lasts.map((value) => ({ value, label: labels[value] }))}
      />
    </div>
  )
}

type Found = ReturnType<typeof useEventSearch>
type ResultsProps = { search: Search; asked: EventQuery; found: Found; wrong: boolean; onRange: (from: string, to: string) => void }

function Results({ search, asked, found, wrong, onRange }: ResultsProps) {
  const { t } = useI18n()
  const { list, last } = found
  const histogram = useQuery({
    queryKey: keys.histogram(asked.q ?? '', asked.from ?? '', asked.to ?? ''),
    queryFn: ({ signal }) => events.histogram({ ...asked, buckets: BUCKETS }, signal),
    placeholderData: (old) => old,
    enabled: !wrong,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  if (wrong) return null // the box says where
  if (list.error && rows.length === 0)
    return (
      <div className="page-body">
        <ErrorNote error={list.error} retry={() => void list.refetch()} />
      </div>
    )
  return (
    <div className="search-results">
      <section className="panel histogram" aria-label={t('search.histogram')}>
        {histogram.data && (
          <Suspense fallback={<Loading />}>
            <Histogram data={histogram.data} onRange={onRange} />
          </Suspense>
        )}
        {histogram.data && <Summary data={histogram.data} />}
      </section>
      <Way found={found} />
      <div className="page-fill panel">
        {list.isPending ? (
          <Loading />
        ) : rows.length === 0 && !last?.stopped ? (
          <Empty icon="search" text={t('search.empty')} />
        ) : (
          <EventTable rows={rows} search={search} onEnd={() => list.hasNextPage && !list.isFetchingNextPage && !last?.stopped && void list.fetchNextPage()} />
        )}
      </div>
    </div>
  )
}

/** How far back the search came; it can be stopped and gone on with. */
function Way({ found: { list, last, progress, cancel } }: { found: Found }) {
  const { t, number } = useI18n()
  const format = useFormat()
  const moment = (at: string) => format.moment(Date.parse(at), now())
  if (list.isFetching)
    return (
      <div className="search-way" role="status">
        <span className="spinner" aria-hidden="true" />
        {progress ? t('search.progress', { time: moment(progress.backTo), n: number(progress.scanned) }) : t('search.searching')}
        <button type="button" className="btn btn-small" onClick={cancel}>
          {t('search.cancel')}
        </button>
      </div>
    )
  if (!last?.stopped && !last?.damaged) return null
  return (
    <div className="search-way" role="status">
      {last.damaged > 0 && t('search.damaged', { n: number(last.damaged) })}
      {last.stopped && (last.backTo ? t('search.stopped', { time: moment(last.backTo) }) : t('search.stoppedEarly'))}
      {last.stopped && (
        <button type="button" className="btn btn-small" onClick={() => void (last.next === '' ? list.refetch() : list.fetchNextPage())}>
          {t('search.goOn')}
        </button>
      )}
    </div>
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
      {data.cut && ` ${t('search.partial', { time: format.moment(Date.parse(data.cut.back_to), now()) })}`}
    </p>
  )
}
