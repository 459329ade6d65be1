import type { ReactNode } from 'react'
import type { Rule } from '@/api/types'
import { useFormat, useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Panel } from '@/ui/Panel'
import { DaysChart } from './PerDay'
import { costWords } from './words'

/** What the rule found, how often, and what it costs. */
export function Activity({ rule }: { rule: Rule }) {
  const { t, number, percent } = useI18n()
  const relative = useRelative()
  const format = useFormat()
  const facts: [string, ReactNode][] = [
    [t('rules.hits'), number(rule.hits)],
    [t('rules.lastHit'), rule.last_hit ? <time dateTime={rule.last_hit} title={format.full(Date.parse(rule.last_hit))}>{relative(rule.last_hit)}</time> : t('rules.never')],
    [t('rules.excepted'), number(rule.excepted ?? 0)],
  ]
  const share = rule.cost.share ?? 0
  if (rule.cost.evaluations > 0)
    facts.push([t('rules.cost'), t('rules.costEach', { time: costWords(rule.cost.mean_us, number) })], [t('rules.costShare'), share < 0.01 ? t('rules.under1') : percent(share)])
  return (
    <Panel title={t('rules.activity')}>
      <dl className="rule-figures">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <DaysChart perDay={rule.per_day} label={t('rules.perDay')} />
    </Panel>
  )
}
