import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { RuleName } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { titleOf } from '@/lib/rule'
import { Answer, Loading } from '../Notes'
import { Explanation } from './Explanation'

type Props = { rule: string; event: string }

/** Why a rule meets an event. One that counts meets none itself: then the rules that it counts are asked. */
export function Why({ rule, event }: Props) {
  const detail = useQuery({ queryKey: keys.rule(rule), queryFn: () => rules.get(rule) })
  return <Answer query={detail}>{(data) => (data.rule.kind === 'correlation' ? <Counted counts={data.counts ?? []} event={event} /> : <One rule={rule} event={event} />)}</Answer>
}

const asking = (rule: string, event: string) => {
  const which = { rule, event_id: event }
  return { queryKey: keys.explanation(which), queryFn: () => rules.explain(which) }
}

function One({ rule, event }: Props) {
  const query = useQuery(asking(rule, event))
  return <Answer query={query}>{(data) => <Explanation data={data} />}</Answer>
}

function Counted({ counts, event }: { counts: RuleName[]; event: string }) {
  const { t, locale } = useI18n()
  const title = (id: string) => titleOf(counts.find((one) => one.id === id) ?? { id, title: '' }, locale)
  const queries = useQueries({ queries: counts.map(({ id }) => asking(id, event)) })
  if (queries.some((query) => query.isPending)) return <Loading />
  const met = queries.flatMap(({ data }) => (data?.matched ? [data] : []))
  return (
    <>
      <p>{met.length > 0 ? t('explain.counts') : t('explain.countsNone')}</p>
      {met.length === 0 && (
        <ul className="explain-counts">
          {counts.map(({ id }) => (
            <li key={id}>
              <Link to="/rules/$id" params={{ id }}>
                {title(id)}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {met.map((data) => (
        <section key={data.rule} className="explain-counted">
          <h3>
            <Link to="/rules/$id" params={{ id: data.rule }}>
              {title(data.rule)}
            </Link>
          </h3>
          <Explanation data={data} />
        </section>
      ))}
    </>
  )
}
