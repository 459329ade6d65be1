// Why a rule meets an event or does not: the verdict in a sentence, then the
// condition, then each selection with what it asks and what the event has.
import type { Condition, Explanation as Data, LogSource } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { blame } from './blame'
import { Met, MetMark } from './Met'
import { Selection } from './Selection'
import './explanation.css'

export function Explanation({ data }: { data: Data }) {
  const { t } = useI18n()
  return (
    <div className="explain">
      <Verdict data={data} />
      <section className="explain-part">
        <h3>{t('explain.logSource')}</h3>
        <div className="explain-source">
          <Met met={data.log_source.met} />
          <p>
            <span className="muted">{t('explain.ruleIsFor')}</span> <Source source={data.log_source.wanted} />
          </p>
          <p>
            <span className="muted">{t('explain.eventIs')}</span>{' '}
            {data.log_source.has?.length ? data.log_source.has.map((source, index) => <Source key={index} source={source} />) : t('explain.noLogSource')}
          </p>
        </div>
      </section>
      <section className="explain-part">
        <h3>{t('explain.condition')}</h3>
        <ul className="explain-tree">
          <Node node={data.condition} />
        </ul>
      </section>
      <section className="explain-part">
        <h3>{t('explain.selections')}</h3>
        {data.selections.map((selection) => (
          <Selection key={selection.name} selection={selection} />
        ))}
      </section>
    </div>
  )
}

function Verdict({ data }: { data: Data }) {
  const { t } = useI18n()
  const why = data.matched ? [] : blame(data.condition)
  return (
    <div className="explain-verdict" data-met={data.matched}>
      <MetMark met={data.matched} size={22} />
      <div>
        <p className="explain-says">{data.matched ? t('explain.matched') : t('explain.notMatched')}</p>
        {!data.matched && !data.log_source.met && <p>{t('explain.otherSource')}</p>}
        {why.map(({ name, met }) => (
          <p key={name}>{met ? t('explain.isMet', { name }) : t('explain.isNotMet', { name })}</p>
        ))}
      </div>
    </div>
  )
}

function Source({ source }: { source: LogSource }) {
  const { t } = useI18n()
  const parts = [source.product, source.category, source.service].filter(Boolean)
  return <code className="explain-code">{parts.length > 0 ? parts.join(' / ') : t('explain.anySource')}</code>
}

function Node({ node }: { node: Condition }) {
  const { t } = useI18n()
  const children = node.of ?? []
  const leaf = children.length === 0
  const says = { and: t('explain.and'), or: t('explain.or'), not: t('explain.not'), 'at-least': '', selection: '' }[node.op]
  return (
    <li>
      <div className="explain-node">
        <Met met={node.met} />
        {leaf || !says ? <code className="explain-code">{node.text}</code> : <span>{says}</span>}
      </div>
      {!leaf && (
        <ul>
          {children.map((child, index) => (
            <Node key={`${index}-${child.text}`} node={child} />
          ))}
        </ul>
      )}
    </li>
  )
}
