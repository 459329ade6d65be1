import type { Rule } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Icon, type IconName } from '@/ui/Icon'

const icons: Record<string, IconName> = { active: 'check', off: 'minus', error: 'warn', slow: 'clock' }

/** The state by sign and word; only what is wrong is filled, and what is off is hatched. */
export function RuleState({ rule }: { rule: Pick<Rule, 'status' | 'slow'> }) {
  const { word } = useI18n()
  const state = rule.status === 'active' && rule.slow ? 'slow' : rule.status
  return (
    <span className={`rule-state rule-${state}`}>
      <Icon name={icons[state] ?? 'info'} size={14} />
      {word('rulestate', state)}
    </span>
  )
}
