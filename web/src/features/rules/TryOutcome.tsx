import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { rules, type WhichRule } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { TriedMatch, TryResult } from '@/api/types'
import { useNow } from '@/lib/clock'
import { summary } from '@/lib/event'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { ExceptionDialog } from '@/ui/rules/ExceptionDialog'
import { Explanation } from '@/ui/rules/Explanation'
import { DaysChart } from './PerDay'

type Props = { result: TryResult; which: WhichRule; stored: boolean; rule: { id: string; title: string } | undefined }

/** What came of trying: how many, on which days, and the first of them with the reason. */
export function TryOutcome({ result, which, stored, rule }: Props) {
  const { t, many, number } = useI18n()
  const days = result.per_day ?? []
  const matches = result.matches ?? []
  const found = result.rules ?? []
  return (
    <section className="try-outcome" aria-label={t('try.outcome')}>
      <p className="try-says">
        <b>{many('try.matched', result.matched)}</b>{' '}
        <span className="muted">{t('try.tried', { n: number(result.tried), ms: number(Math.round(result.took_ms)) })}</span>
      </p>
      {result.unreadable > 0 && <p>{many('try.unreadable', result.unreadable)}</p>}
      {result.partial && (
        <div className="note note-warn">
          <Icon name="warn" />
          <div className="note-body">{t('try.partial')}</div>
        </div>
      )}
      {result.matched === 0 && <p className="muted">{t('try.nothing')}</p>}
      {found.length > 1 && (
        <ul className="try-rules">
          {found.map((one) => (
            <li key={one.id}>
              {one.title} <span className="muted">{many('rules.hitCount', one.hits)}</span>
            </li>
          ))}
        </ul>
      )}
      {days.length > 1 && result.matched > 0 && <DaysChart perDay={days} label={t('rules.perDay')} />}
      {matches.length > 0 && (
        <>
          <h3>{matches.length < result.matched ? t('try.first', { n: matches.length }) : t('try.matches')}</h3>
          <ul className="try-matches">
            {matches.map((match, index) => (
              <Match key={`${match.event.id}/${index}`} match={match} which={which} stored={stored} rule={rule} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

type MatchProps = { match: TriedMatch; which: WhichRule; stored: boolean; rule: Props['rule'] }

function Match({ match, which, stored, rule }: MatchProps) {
  const { t } = useI18n()
  const can = useCan()
  const format = useFormat()
  const now = useNow()
  const [open, setOpen] = useState(false)
  const [excepting, setExcepting] = useState(false)
  const { event } = match
  return (
    <li>
      <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
        <summary>
          <time dateTime={event.time} className="muted nowrap">{format.moment(Date.parse(event.time), now)}</time>
          <span className="try-match-what">{summary(event) || event.action || event.id}</span>
        </summary>
        {open && (
          <div className="try-match">
            {match.explanation ? <Explanation data={match.explanation} /> : stored && event.id ? <Fetched which={which} event={event.id} /> : <p className="muted">{t('try.noExplanation')}</p>}
            <div className="try-run">
              {stored && (
                <Link className="btn btn-small" to="/events/$id" params={{ id: event.id }}>
                  {t('explain.openEvent')}
                </Link>
              )}
              {rule && can('rules') && (
                <button type="button" className="btn btn-small" onClick={() => setExcepting(true)}>
                  {t('exception.make')}
                </button>
              )}
            </div>
          </div>
        )}
      </details>
      {excepting && rule && <ExceptionDialog rule={rule} event={event} onClose={() => setExcepting(false)} />}
    </li>
  )
}

function Fetched({ which, event }: { which: WhichRule; event: string }) {
  const asked = { ...which, event_id: event }
  const query = useQuery({ queryKey: keys.explanation(asked), queryFn: () => rules.explain(asked) })
  return <Answer query={query}>{(data) => <Explanation data={data} />}</Answer>
}
