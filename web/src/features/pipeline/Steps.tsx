import type { TopicHealth } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { Icon } from '@/ui/Icon'
import { size } from './words'

/** A message that waits longer than this is worth a look, in seconds. */
const LATE = 60

/** The topics along the way, with who works on each. */
export function Steps({ topics }: { topics: TopicHealth[] }) {
  const { t } = useI18n()
  return (
    <div className="pipeline-scroll" tabIndex={0} role="group" aria-label={t('pipeline.steps')}>
      <table className="pipeline-table">
        <thead>
          <tr>
            <th scope="col">{t('pipeline.step')}</th>
            <th scope="col" className="num">{t('pipeline.rate')}</th>
            <th scope="col">{t('pipeline.worker')}</th>
            <th scope="col" className="num">{t('pipeline.lag')}</th>
            <th scope="col" className="num">{t('pipeline.age')}</th>
            <th scope="col" className="num">{t('pipeline.aside')}</th>
            <th scope="col" className="num">{t('pipeline.disk')}</th>
          </tr>
        </thead>
        {topics.map((topic) => (
          <Step key={topic.topic} topic={topic} />
        ))}
      </table>
    </div>
  )
}

function Step({ topic }: { topic: TopicHealth }) {
  const { t, word, number } = useI18n()
  const rows = Math.max(1, topic.consumers.length)
  const rate = (value: number) => number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))
  const first = topic.consumers[0]
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" rowSpan={rows}>{word('topic', topic.topic)}</th>
        <td className="num" rowSpan={rows}>{rate(topic.rate)}</td>
        {first ? <Consumer consumer={first} /> : <td colSpan={3} className="muted">{t('pipeline.nobody')}</td>}
        <td className="num" rowSpan={rows} data-bad={topic.dead > 0}>{number(topic.dead)}</td>
        <td className="num" rowSpan={rows}>{size(number, topic.bytes)}</td>
      </tr>
      {topic.consumers.slice(1).map((consumer) => (
        <tr key={consumer.name}>
          <Consumer consumer={consumer} />
        </tr>
      ))}
    </tbody>
  )
}

function Consumer({ consumer }: { consumer: TopicHealth['consumers'][number] }) {
  const { t, word, number } = useI18n()
  const late = consumer.lag > 0 && consumer.age_s > LATE
  return (
    <>
      <td>{word('worker', consumer.name)}</td>
      <td className="num">{consumer.lag > 0 ? number(consumer.lag) : <span className="muted">{t('pipeline.done')}</span>}</td>
      <td className="num" data-bad={late}>
        {late && <Icon name="warn" size={14} />} {consumer.lag > 0 ? duration(t, consumer.age_s) : '–'}
      </td>
    </>
  )
}
