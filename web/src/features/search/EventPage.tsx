import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useRouter, useSearch } from '@tanstack/react-router'
import { ApiError } from '@/api/client'
import { events } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Event } from '@/api/types'
import { flatten, summary } from '@/lib/event'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { Icon } from '@/ui/Icon'
import { Answer, Empty } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { RawView } from '@/ui/RawView'
import { ExplainEvent } from './ExplainEvent'
import { PivotMenu } from './Pivot'
import './search.css'

export function EventPage() {
  const { t } = useI18n()
  const router = useRouter()
  const { id } = useParams({ from: '/events/$id' })
  const search = useSearch({ from: '/events/$id' })
  const query = useQuery({ queryKey: keys.event(id), queryFn: () => events.get(id), staleTime: Infinity })
  const gone = query.error instanceof ApiError && query.error.status === 404
  return (
    <div className="event-page">
      <Link to="/events" search={search} className="crumb" onClick={(click) => {
        if (router.history.length < 2) return
        click.preventDefault()
        router.history.back()
      }}>
        <Icon name="left" size={14} /> {t('event.back')}
      </Link>
      {gone ? <Empty icon="events" text={t('event.notFound')} /> : <Answer query={query}>{(event) => <OneEvent event={event} />}</Answer>}
    </div>
  )
}

function OneEvent({ event }: { event: Event }) {
  const { t, word } = useI18n()
  const format = useFormat()
  return (
    <>
      <header className="event-head">
        <h1>{summary(event) || t('event.title')}</h1>
        <p className="event-about">
          <span className="tag">{word('category', event.category)}</span>
          {event.action && <span className="mono">{event.action}</span>}
          <span>
            <span className="muted">{t('event.happened')}</span> {format.full(Date.parse(event.time))}
          </span>
          <span>
            <span className="muted">{t('event.received')}</span> {format.full(Date.parse(event.received))}
          </span>
          <span>
            <span className="muted">{t('sources.source')}</span>{' '}
            <Link to="/sources/$id" params={{ id: event.source }}>
              {event.source}
            </Link>{' '}
            ({event.format})
          </span>
        </p>
        {event.parse_error && (
          <div className="note note-warn">
            <Icon name="warn" />
            <div className="note-body">{t('search.unreadable', { error: event.parse_error })}</div>
          </div>
        )}
        {event.truncated ? <p className="muted">{t('search.truncated', { n: event.truncated })}</p> : null}
        <ExplainEvent event={event} />
      </header>
      <div className="event-grid">
        <Panel title={t('event.attributes')}>
          <Pairs pivot pairs={Object.entries(event.attributes ?? {})} />
        </Panel>
        <Assets event={event} />
        <Panel title={t('event.original')}>
          <Pairs pivot pairs={flatten(event.original ?? {}).map(([name, value]) => [event.attributes?.[name] === undefined ? name : `original.${name}`, value])} />
        </Panel>
        <Panel title={t('event.raw')}>{event.raw ? <RawView base64={event.raw} /> : <p className="muted">{t('event.noRaw')}</p>}</Panel>
      </div>
    </>
  )
}

function Assets({ event }: { event: Event }) {
  const { t, word } = useI18n()
  const search = useSearch({ from: '/events/$id' })
  return (
    <Panel title={t('event.assets')}>
      {!event.assets?.length && <p className="muted">{t('event.noAssets')}</p>}
      <ul className="event-assets">
        {event.assets?.map((ref) => (
          <li key={`${ref.id}/${ref.role}/${ref.by}`}>
            <span>
              <AssetName id={ref.id} />
              <PivotMenu search={search} field="asset" value={ref.id} />
            </span>
            <span className="muted small">{t('event.assetWhy', { role: word('assetrole', ref.role), by: word('by', ref.by), value: ref.value })}</span>
          </li>
        ))}
      </ul>
      {event.unknown && event.unknown.length > 0 && (
        <>
          <h3 className="event-unknown">{t('event.unknown')}</h3>
          <Pairs pairs={event.unknown.map((identifier) => [word('by', identifier.kind), identifier.value])} />
        </>
      )}
    </Panel>
  )
}

function Pairs({ pairs, pivot }: { pairs: [string, string][]; pivot?: boolean }) {
  const search = useSearch({ from: '/events/$id' })
  if (pairs.length === 0) return <p className="muted">–</p>
  return (
    <dl className="facts">
      {pairs.map(([name, value]) => (
        <div key={name} className="fact">
          <dt className="mono">{name}</dt>
          <dd>
            {value}
            {pivot && <PivotMenu search={search} field={name} value={value} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}
