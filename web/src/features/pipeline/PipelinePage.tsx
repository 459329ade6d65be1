import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { pipeline, sources } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { PipelineHealth, SourceHealth } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Answer, Empty } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { Letters } from './Letters'
import { Steps } from './Steps'
import { size } from './words'
import './pipeline.css'

/** How events fare on their way, from the sources to people. */
export function PipelinePage() {
  const { t } = useI18n()
  const can = useCan()
  const line = useQuery({ queryKey: keys.pipeline, queryFn: pipeline.get, refetchInterval: 5_000 })
  const senders = useQuery({ queryKey: keys.sources, queryFn: sources.list, refetchInterval: 15_000 })
  const dropped = (senders.data?.items ?? []).filter((s) => s.dropped > 0)
  return (
    <div className="pipeline-page">
      <Link to="/sources" className="crumb">
        <Icon name="left" size={14} /> {t('nav.sources')}
      </Link>
      <h1>{t('pipeline.title')}</h1>
      <p className="muted pipeline-lead">{t('pipeline.lead')}</p>
      <Answer query={line}>
        {(health) => (
          <>
            <Facts health={health} dropped={dropped} />
            <Panel title={t('pipeline.steps')} flush>
              {health.topics.length === 0 ? <Empty icon="source" text={t('pipeline.empty')} /> : <Steps topics={health.topics} />}
            </Panel>
            <Panel title={t('pipeline.letters')} flush>
              {can('instance') ? <Letters topics={health.dead_topics} /> : <Empty icon="shield" text={t('pipeline.hidden')} />}
            </Panel>
          </>
        )}
      </Answer>
      <Panel title={t('pipeline.drops')} flush>
        <Drops list={dropped} />
      </Panel>
    </div>
  )
}

function Facts({ health, dropped }: { health: PipelineHealth; dropped: SourceHealth[] }) {
  const { t, number } = useI18n()
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
  const facts: { name: string; value: ReactNode; bad?: boolean }[] = [
    { name: t('pipeline.waiting'), value: number(sum(health.topics.flatMap((topic) => topic.consumers.map((c) => c.lag)))) },
    { name: t('pipeline.aside'), value: number(sum(health.topics.map((topic) => topic.dead))), bad: health.topics.some((topic) => topic.dead > 0) },
    { name: t('pipeline.dropped'), value: number(sum(dropped.map((s) => s.dropped))), bad: dropped.length > 0 },
    { name: t('pipeline.disk'), value: size(number, health.disk_bytes) },
    { name: t('pipeline.diskFree'), value: size(number, health.disk_free_bytes) },
  ]
  return (
    <dl className="panel pipeline-facts">
      {facts.map((fact) => (
        <div key={fact.name} data-bad={fact.bad ?? false}>
          <dt>{fact.name}</dt>
          <dd>
            {fact.bad && <Icon name="warn" size={14} />} {fact.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Drops({ list }: { list: SourceHealth[] }) {
  const { t, number } = useI18n()
  if (list.length === 0) return <Empty icon="check" text={t('pipeline.noDrops')} />
  return (
    <div className="pipeline-scroll">
      <table className="pipeline-table">
        <thead>
          <tr>
            <th scope="col">{t('pipeline.source')}</th>
            <th scope="col" className="num">{t('sources.dropped')}</th>
          </tr>
        </thead>
        <tbody>
          {list.map((s) => (
            <tr key={s.id}>
              <th scope="row">
                <Link to="/sources/$id" params={{ id: s.id }}>{s.name || s.id}</Link>
              </th>
              <td className="num">{number(s.dropped)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
