import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Event, Rule } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { titleOf } from '@/lib/rule'
import { Dialog } from '@/ui/Dialog'
import { SearchBox } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer, useSettled } from '@/ui/Notes'
import { ExplainDialog } from '@/ui/rules/ExplainDialog'

const SOME = 20

/** From an event to the rules: does one that is loaded meet it, and would a new one? */
export function ExplainEvent({ event }: { event: Event }) {
  const { t, locale } = useI18n()
  const [picking, setPicking] = useState(false)
  const [rule, setRule] = useState<Rule>()
  return (
    <div className="event-acts">
      <button type="button" className="btn" onClick={() => setPicking(true)}>
        <Icon name="rule" /> {t('event.explain')}
      </button>
      <Link className="btn" to="/rules/try" search={{ event: event.id }}>
        <Icon name="exercise" /> {t('event.tryRule')}
      </Link>
      {picking && (
        <PickDialog
          onClose={() => setPicking(false)}
          onPick={(picked) => {
            setPicking(false)
            setRule(picked)
          }}
        />
      )}
      {rule && <ExplainDialog rule={{ id: rule.id, title: titleOf(rule, locale) }} event={event.id} onClose={() => setRule(undefined)} />}
    </div>
  )
}

function PickDialog({ onClose, onPick }: { onClose: () => void; onPick: (rule: Rule) => void }) {
  const { t, locale } = useI18n()
  const [words, setWords] = useState('')
  const q = useSettled(words.trim())
  const asked = { ...(q && { q }), kind: 'event' as const, sort: 'title' as const, limit: SOME }
  const query = useQuery({ queryKey: keys.ruleList(asked), queryFn: () => rules.list(asked), placeholderData: (old) => old })
  return (
    <Dialog title={t('event.explainTitle')} onClose={onClose}>
      <div className="dialog-body">
        <p className="muted">{t('event.explainLead')}</p>
        <SearchBox label={t('rules.search')} value={words} onChange={setWords} />
        <Answer query={query}>
          {(list) => (
            <ul className="event-rules">
              {list.items
                .filter((rule) => rule.id && !rule.error)
                .map((rule) => (
                  <li key={rule.id}>
                    <button type="button" className="event-rule" onClick={() => onPick(rule)}>
                      {titleOf(rule, locale)}
                    </button>
                  </li>
                ))}
              {list.items.length === 0 && <li className="muted">{t('rules.emptySearch')}</li>}
              {list.next && <li className="muted small">{t('event.moreRules')}</li>}
            </ul>
          )}
        </Answer>
      </div>
    </Dialog>
  )
}
