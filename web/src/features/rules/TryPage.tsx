// A rule that is not loaded yet: pasted, checked, and tried on events before
// somebody puts it into the rules' folder.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { events, rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { CheckResult } from '@/api/types'
import { summary } from '@/lib/event'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Answer, ErrorNote } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { Explanation } from '@/ui/rules/Explanation'
import { RuleText, selectLine } from './RuleText'
import { TryPanel } from './TryPanel'
import './rules.css'
import './try.css'

export function TryPage() {
  const { t } = useI18n()
  const { event } = useSearch({ from: '/rules/try' })
  const [text, setText] = useState('')
  const area = useRef<HTMLTextAreaElement>(null)
  const check = useMutation({ mutationFn: rules.check })
  const ready = text.trim() !== ''
  return (
    <div className="rule-page">
      <Link to="/rules" className="crumb">
        <Icon name="left" size={14} /> {t('rules.title')}
      </Link>
      <header className="rule-head">
        <h1>{t('try.newTitle')}</h1>
        <p className="muted try-lead">{t('try.newLead')}</p>
      </header>
      <div className="rule-grid">
        <Panel title={t('try.rule')}>
          <div className="try">
            <RuleText area={area} text={text} onChange={(next) => {
              setText(next)
              check.reset() // what was said is of another text
            }} />
            <div className="try-run">
              <button type="button" className="btn" disabled={!ready || check.isPending} onClick={() => check.mutate(text)}>
                <Icon name="check" /> {t('try.check')}
              </button>
              {check.isPending && <span className="spinner" aria-hidden="true" />}
            </div>
            <div aria-live="polite">
              {check.error && <ErrorNote error={check.error} />}
              {check.data && <Checked result={check.data} onLine={(line) => area.current && selectLine(area.current, line)} />}
            </div>
          </div>
        </Panel>
        <div className="rule-col">
          {event && <OnEvent event={event} text={text} />}
          <Panel title={t('try.events')}>
            <TryPanel which={{ text }} ready={ready} />
          </Panel>
        </div>
      </div>
    </div>
  )
}

function Checked({ result, onLine }: { result: CheckResult; onLine: (line: number) => void }) {
  const { t, word } = useI18n()
  const problems = result.problems ?? []
  const found = result.rules ?? []
  return (
    <>
      {problems.length > 0 && (
        <div className="note note-error">
          <Icon name="warn" />
          <div className="note-body">
            <p>{t('try.problems')}</p>
            <ul className="try-problems">
              {problems.map((problem, index) => (
                <li key={index}>
                  {problem.line > 0 && (
                    <button type="button" className="btn btn-small" onClick={() => onLine(problem.line)}>
                      {t('try.line', { n: problem.line })}
                    </button>
                  )}
                  <span>{problem.error}</span>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {problems.length === 0 && (
        <div className="note" role="status">
          <Icon name="check" />
          <div className="note-body">
            <p>{found.length > 0 ? t('try.good') : t('try.noRule')}</p>
            <ul>
              {found.map((rule, index) => (
                <li key={rule.id || index}>
                  {rule.title} <span className="muted">({word('rulekind', rule.kind)})</span>
                  {rule.warning && <p>{t('rules.warning', { warning: rule.warning })}</p>}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </>
  )
}

/** The event that one came from: does the pasted rule meet it? */
function OnEvent({ event, text }: { event: string; text: string }) {
  const { t } = useI18n()
  const kept = useQuery({ queryKey: keys.event(event), queryFn: () => events.get(event), staleTime: Infinity })
  const explain = useMutation({ mutationFn: () => rules.explain({ text, event_id: event }) })
  return (
    <Panel title={t('try.thisEvent')}>
      <div className="try">
        <Answer query={kept}>
          {(data) => (
            <p className="try-event">
              <Link to="/events/$id" params={{ id: event }}>
                {summary(data) || event}
              </Link>
            </p>
          )}
        </Answer>
        <div className="try-run">
          <button type="button" className="btn btn-primary" disabled={text.trim() === '' || explain.isPending} onClick={() => explain.mutate()}>
            {t('try.onEvent')}
          </button>
        </div>
        {explain.error && <ErrorNote error={explain.error} />}
        {explain.data && <Explanation data={explain.data} />}
      </div>
    </Panel>
  )
}
