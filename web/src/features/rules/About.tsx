import type { ReactNode } from 'react'
import type { RuleDetail } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Panel } from '@/ui/Panel'
import { whereOf } from './words'

/** What the rule looks for, in its author's words. References are text: the console leads nowhere outside. */
export function About({ detail }: { detail: RuleDetail }) {
  const { t } = useI18n()
  const { rule } = detail
  const source = detail.log_source
  const parts = [source?.product, source?.category, source?.service].filter(Boolean)
  const facts: [string, ReactNode][] = []
  if (parts.length > 0) facts.push([t('explain.logSource'), <code className="mono">{parts.join(' / ')}</code>])
  if (detail.falsepositives?.length) facts.push([t('rules.falsePositives'), <Lines lines={detail.falsepositives} />])
  if (detail.filters?.length) facts.push([t('rules.filters'), <Lines lines={detail.filters} />])
  if (detail.author) facts.push([t('rules.author'), detail.author])
  if (detail.tags?.length) facts.push([t('rules.tags'), detail.tags.join(', ')])
  if (detail.references?.length) facts.push([t('rules.references'), <Lines lines={detail.references} />])
  if (rule.file) facts.push([t('rules.file'), <span className="mono">{whereOf(rule)}</span>])
  facts.push([t('rules.id'), <span className="mono">{rule.id}</span>])
  return (
    <Panel title={t('rules.looksFor')}>
      <div className="rule-looks">
        <p className="rule-description">{rule.kind === 'foreign' ? t('rules.foreign') : detail.description || t('rules.noDescription')}</p>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name} className="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  )
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
