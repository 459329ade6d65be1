import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { sources } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useText } from '@/api/text'
import type { SourceFailure, SourceHealth } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat, useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { Icon } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { RawView } from '@/ui/RawView'
import { SourceState } from './SourceState'
import { Skew, useSources } from './SourcesPage'

export function SourcePage() {
  const { t } = useI18n()
  const { id } = useParams({ from: '/sources/$id' })
  const query = useSources()
  const source = query.data?.items.find((item) => item.id === id)
  return (
    <div className="source-page">
      <Link to="/sources" className="crumb">
        <Icon name="left" size={14} /> {t('sources.title')}
      </Link>
      <h1>{source?.name || t('sources.detail', { id })}</h1>
      {source && <Health source={source} />}
      <Failures id={id} />
    </div>
  )
}

function Health({ source }: { source: SourceHealth }) {
  const { t, number } = useI18n()
  const text = useText()
  const relative = useRelative()
  const facts: [string, ReactNode][] = [
    [t('sources.state'), <SourceState state={source.state} />],
    [t('sources.last'), source.last ? relative(source.last) : t('sources.never')],
    [t('sources.expected'), source.expected_s > 0 ? duration(t, source.expected_s) : t('sources.noExpectation')],
    [t('sources.rate'), number(Math.round(source.rate_per_minute * 10) / 10)],
    [t('sources.received'), number(source.received)],
    [t('sources.parseErrors'), number(source.parse_errors)],
    [t('sources.dropped'), number(source.dropped)],
    [t('sources.refused'), number(source.refused)],
    [t('sources.skew'), <Skew source={source} />],
  ]
  return (
    <div className="panel source-facts">
      {source.detail && <p className="source-detail">{text(source.detail)}</p>}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Failures({ id }: { id: string }) {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.failures(id), queryFn: () => sources.failures(id) })
  return (
    <Panel title={t('sources.failures')} flush>
      <Answer query={query}>
        {(list) =>
          list.items.length === 0 ? (
            <p className="panel-body muted">{t('sources.noFailures')}</p>
          ) : (
            <ol className="failures">
              {list.items.map((failure, index) => (
                <Failure key={`${failure.time}/${index}`} failure={failure} />
              ))}
            </ol>
          )
        }
      </Answer>
    </Panel>
  )
}

function Failure({ failure }: { failure: SourceFailure }) {
  const { t } = useI18n()
  const format = useFormat()
  const now = useNow()
  return (
    <li>
      <p className="failure-head">
        <b>{failure.error}</b>
        <span className="muted">
          {format.moment(Date.parse(failure.time), now)}
          {failure.peer && ` · ${t('sources.from', { peer: failure.peer })}`}
        </span>
      </p>
      <RawView base64={failure.raw} />
    </li>
  )
}
