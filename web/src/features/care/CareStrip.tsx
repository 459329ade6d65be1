// The strip over every page: one tile per care service; grey while normal, told
// by shape, word and time to harm when not. A few services keep their places;
// where there are more than fit, those in trouble come first, soonest harm first.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { care } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { CareState } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n, type I18n } from '@/lib/i18n'
import { countdown } from '@/lib/time'
import './care.css'

/** From so many services on, normal ones stand in two rows. */
const CROWDED = 10

export function useCare() {
  return useQuery({ queryKey: keys.care, queryFn: care.list, refetchInterval: 60_000 })
}

export function CareStrip() {
  const { t } = useI18n()
  const { data, isPending } = useCare()
  const items = inOrder(data?.items ?? [])
  return (
    <section className="care" aria-label={t('care.strip')}>
      {items.length === 0 && !isPending && <p className="care-empty muted">{t('care.empty')}</p>}
      <ul className={items.length > CROWDED ? 'care-list care-crowded' : 'care-list'}>
        {items.map((state) => (
          <li key={state.service} className={`care-item care-item-${known(state.state)}`}>
            <Tile state={state} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const URGENCY = ['lost', 'degraded', 'threatened', 'unknown', 'normal']

/** The order of the tiles: as the model has them, or by urgency when crowded. */
export function inOrder(items: readonly CareState[]): readonly CareState[] {
  if (items.length <= CROWDED) return items
  const harm = (s: CareState) => (s.harm_at ? Date.parse(s.harm_at) : Number.MAX_SAFE_INTEGER)
  return items.toSorted(
    (a, b) => URGENCY.indexOf(known(a.state)) - URGENCY.indexOf(known(b.state)) || harm(a) - harm(b),
  )
}

function Tile({ state }: { state: CareState }) {
  const kind = known(state.state)
  const content = (
    <>
      <span className="care-name" title={state.name}>
        {state.name}
      </span>
      <span className="care-state">
        <StateShape state={kind} />
        <StateWords state={state} />
      </span>
    </>
  )
  return state.incident ? (
    <Link className={`care-tile care-${kind}`} to="/incidents/$id" params={{ id: state.incident }}>
      {content}
    </Link>
  ) : (
    <Link className={`care-tile care-${kind}`} to="/assets/$id" params={{ id: state.service }}>
      {content}
    </Link>
  )
}

function StateWords({ state }: { state: CareState }) {
  const i18n = useI18n()
  const now = useNow()
  return (
    <span className="care-words">
      <b>{i18n.word('care', known(state.state))}</b>
      <span className="care-time">{careDetail(i18n, state, now)}</span>
    </span>
  )
}

/** What stands beside the state's word: time to harm, or why it is unknown. */
export function careDetail({ t, word }: I18n, state: CareState, now: number): string {
  if (state.state === 'unknown') return state.why ? word('care', state.why) : ''
  if (state.state !== 'threatened' || !state.harm_at) return ''
  const seconds = (Date.parse(state.harm_at) - now) / 1000
  return seconds <= 0 ? t('care.harmNow') : t('care.toHarm', { time: countdown(t, seconds) })
}

type Known = 'normal' | 'threatened' | 'degraded' | 'lost' | 'unknown'

function known(state: string): Known {
  return state === 'normal' || state === 'threatened' || state === 'degraded' || state === 'lost' ? state : 'unknown'
}

/** The state's shape: ring, diamond, triangle, crossed square, dashed ring. */
export function StateShape({ state }: { state: Known }) {
  return (
    <svg className={`care-shape care-shape-${state}`} width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
      {state === 'normal' && <circle cx="8" cy="8" r="5" fill="none" strokeWidth="2" />}
      {state === 'threatened' && <path d="M8 1l7 7-7 7-7-7z" />}
      {state === 'degraded' && <path d="M8 1.500 15 14H1z" />}
      {state === 'lost' && <path d="M2 2h12v12H2z" />}
      {state === 'lost' && <path d="M5 5l6 6M11 5l-6 6" className="care-cross" fill="none" strokeWidth="2" />}
      {state === 'unknown' && <circle cx="8" cy="8" r="5.500" fill="none" strokeWidth="2" strokeDasharray="2.500 2.200" />}
    </svg>
  )
}
