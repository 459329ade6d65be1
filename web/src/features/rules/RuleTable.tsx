import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Rule } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { useCommands } from '@/lib/keyboard'
import { useNarrow } from '@/lib/narrow'
import { titleOf } from '@/lib/rule'
import { Icon } from '@/ui/Icon'
import { SeverityChip, SeverityMark } from '@/ui/Severity'
import { VirtualTable, type Column, type Sorting } from '@/ui/VirtualTable'
import { Sparkline } from './PerDay'
import { RuleState } from './RuleState'
import { costWords, isOverridden, keyOf, severityOf, whereOf } from './words'

type Props = { rows: Rule[]; /** Only rules with errors are shown, so that there is room for the causes. */ faults: boolean; sorting: Sorting; onEnd: () => void; onSearch: () => void }

export function RuleTable({ rows, faults, sorting, onEnd, onSearch }: Props) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const narrow = useNarrow()
  const [chosen, setChosen] = useState('')
  const wide = useColumns()
  const phone = usePhoneColumns()
  const causes = useFaultColumns()
  const columns = narrow ? phone : faults ? causes : wide
  const at = rows.findIndex((rule) => keyOf(rule) === chosen)
  const move = (by: number) => () => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))]
    if (next) setChosen(keyOf(next))
  }
  const open = (rule: Rule) => void navigate({ to: '/rules/$id', params: { id: rule.id } })
  useCommands({ next: move(1), previous: move(-1), open: () => rows[at] && open(rows[at]), search: onSearch })
  return (
    <VirtualTable
      label={t('rules.title')} rows={rows} columns={columns} rowKey={keyOf} rowHeight={narrow ? 92 : faults ? 68 : 48} minWidth={narrow ? 0 : faults ? 720 : 1000}
      sorting={sorting} selected={chosen} onOpen={open} onEnd={onEnd}
    />
  )
}

function Title({ rule }: { rule: Rule }) {
  const { t, word, locale } = useI18n()
  const title = titleOf(rule, locale)
  return (
    <span className="rule-title">
      <Link className="ellipsis" to="/rules/$id" params={{ id: rule.id }} title={title} onClick={(event) => event.stopPropagation()}>
        {title}
      </Link>
      {rule.error ? (
        <span className="small ellipsis rule-fault" title={rule.error}>
          <Icon name="warn" size={12} /> {t('rules.fault', { where: whereOf(rule), cause: rule.error })}
        </span>
      ) : rule.warning ? (
        <span className="small ellipsis rule-fault" title={rule.warning}>
          <Icon name="info" size={12} /> {t('rules.warning', { warning: rule.warning })}
        </span>
      ) : (
        <span className="small ellipsis rule-file">
          {word('rulekind', rule.kind)} · {rule.file || rule.id}
        </span>
      )}
    </span>
  )
}

/** The severity in effect, and the rule's own beside it where the hospital chose another. */
export function Level({ rule }: { rule: Rule }) {
  const { t, word } = useI18n()
  const own = severityOf(rule.level)
  return (
    <span className="rule-level">
      <SeverityChip severity={rule.severity} />
      {isOverridden(rule) && (
        <span className="rule-own small" title={t('rules.ownLevel', { level: word('severity', own) })}>
          <SeverityMark severity={own} size={10} /> {t('rules.ownLevel', { level: word('severity', own) })}
        </span>
      )}
    </span>
  )
}

function useColumns(): Column<Rule>[] {
  const { t, number } = useI18n()
  const relative = useRelative()
  return [
    { id: 'rule', head: t('rules.rule'), width: 'minmax(220px, 2.4fr)', sort: 'title', cell: (rule) => <Title rule={rule} /> },
    { id: 'level', head: t('rules.level'), width: '124px', cell: (rule) => <Level rule={rule} /> },
    { id: 'state', head: t('rules.state'), width: '100px', cell: (rule) => <RuleState rule={rule} /> },
    { id: 'hits', head: t('rules.hits'), width: '84px', num: true, sort: 'hits', cell: (rule) => number(rule.hits) },
    { id: 'days', head: t('rules.perDay'), width: '92px', cell: (rule) => <Sparkline perDay={rule.per_day} /> },
    { id: 'last', head: t('rules.lastHit'), width: '128px', sort: 'last_hit', cell: (rule) => (rule.last_hit ? relative(rule.last_hit) : t('rules.never')) },
    { id: 'cost', head: t('rules.cost'), width: '76px', num: true, sort: 'cost', cell: (rule) => (rule.cost.evaluations > 0 ? costWords(rule.cost.mean_us, number) : '–') },
    { id: 'exceptions', head: t('rules.exceptions'), width: '88px', num: true, cell: (rule) => (rule.exceptions > 0 ? number(rule.exceptions) : '–') },
  ]
}

/** On a phone each rule is a card of three lines. */
function usePhoneColumns(): Column<Rule>[] {
  const { t, many } = useI18n()
  const relative = useRelative()
  return [
    {
      id: 'rule', head: t('rules.rule'), width: 'minmax(0, 1fr)', sort: 'title',
      cell: (rule) => (
        <span className="rule-card">
          <Title rule={rule} />
          <span className="rule-card-line">
            <Level rule={rule} />
            <RuleState rule={rule} />
            <Sparkline perDay={rule.per_day} />
          </span>
          <span className="small muted ellipsis">
            {many('rules.hitCount', rule.hits)} · {rule.last_hit ? relative(rule.last_hit) : t('rules.never')}
            {rule.exceptions > 0 && <> · {many('rules.exceptionCount', rule.exceptions)}</>}
          </span>
        </span>
      ),
    },
  ]
}

/** Rules with errors: where each fails and why, in full. */
function useFaultColumns(): Column<Rule>[] {
  const { t, word, locale } = useI18n()
  return [
    {
      id: 'rule', head: t('rules.rule'), width: 'minmax(0, 1fr)', sort: 'title',
      cell: (rule) => (
        <span className="rule-title">
          <Link className="ellipsis" to="/rules/$id" params={{ id: rule.id }} onClick={(event) => event.stopPropagation()}>
            {titleOf(rule, locale)}
          </Link>
          <span className="small ellipsis rule-file">{word('rulekind', rule.kind)}</span>
        </span>
      ),
    },
    { id: 'where', head: t('rules.file'), width: 'minmax(0, 1fr)', cell: (rule) => <span className="mono rule-whole">{whereOf(rule)}</span> },
    { id: 'cause', head: t('rules.cause'), width: 'minmax(0, 1.8fr)', cell: (rule) => <span className="rule-whole" title={rule.error}>{rule.error}</span> },
  ]
}
