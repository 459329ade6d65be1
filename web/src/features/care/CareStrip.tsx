// The strip over every page: one tile per care service; grey while normal, told
// by shape, word and time to harm when not. A few services keep their places.
// Where there are more than fit side by side, what is most urgent stands large
// on the left, and the others follow with their whole names in as many lines as
// they need: what else is in trouble first, then what is normal, site by site.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { care } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useAssets } from '@/api/names'
import type { CareState } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n, type I18n } from '@/lib/i18n'
import { countdown } from '@/lib/time'
import './care.css'

/** From so many services on they do not fit side by side. */
const CROWDED = 10

/** So many in trouble stand large then. */
const LARGE = 3

export function useCare() {
  return useQuery({ queryKey: keys.care, queryFn: care.list, refetchInterval: 60_000 })
}

export function CareStrip() {
  const { t } = useI18n()
  const { data, isPending } = useCare()
  const items = data?.items ?? []
  return (
    <section className="care" aria-label={t('care.strip')}>
      {items.length === 0 && !isPending && <p className="care-empty muted">{t('care.empty')}</p>}
      {items.length > CROWDED ? <Crowd items={items} /> : <Tiles items={items} />}
    </section>
  )
}

function Tiles({ items }: { items: readonly CareState[] }) {
  return (
    <ul className="care-list">
      {items.map((state) => (
        <li key={state.service} className={`care-item care-item-${known(state.state)}`}>
          <Tile state={state} />
        </li>
      ))}
    </ul>
  )
}

function Crowd({ items }: { items: readonly CareState[] }) {
  const { t } = useI18n()
  const { name } = useAssets()
  const { large, more, calm } = arranged(items)
  return (
    <>
      {large.length > 0 && <Tiles items={large} />}
      <div className="care-rest">
        {more.length > 0 && <Chips label={t('care.alsoTrouble')} items={more} />}
        {calm.map(({ site, states }) => (
          <Chips key={site} label={name(site)} items={states} head={calm.length > 1 ? name(site) : undefined} />
        ))}
      </div>
    </>
  )
}

/** Tiles as small as their words; the head stays with the first of them. */
function Chips({ label, items, head }: { label: string; items: readonly CareState[]; head?: string | undefined }) {
  return (
    <ul className="care-chips" aria-label={label}>
      {items.map((state, index) => (
        <li key={state.service}>
          {head && index === 0 && <span className="care-site" aria-hidden="true">{head}</span>}
          <Tile state={state} chip />
        </li>
      ))}
    </ul>
  )
}

const URGENCY = ['lost', 'degraded', 'threatened', 'unknown', 'normal']

export type Arranged = { large: CareState[]; more: CareState[]; calm: { site: string; states: CareState[] }[] }

/** What stands large, what else is not normal, and what is, by site in the model's order. */
export function arranged(items: readonly CareState[]): Arranged {
  const harm = (s: CareState) => (s.harm_at ? Date.parse(s.harm_at) : Number.MAX_SAFE_INTEGER)
  const urgency = (s: CareState) => URGENCY.indexOf(known(s.state))
  const trouble = items.filter((s) => known(s.state) !== 'normal').toSorted((a, b) => urgency(a) - urgency(b) || harm(a) - harm(b))
  const sites = new Map<string, CareState[]>()
  for (const state of items) if (known(state.state) === 'normal') sites.set(state.site, [...(sites.get(state.site) ?? []), state])
  return { large: trouble.slice(0, LARGE), more: trouble.slice(LARGE), calm: [...sites].map(([site, states]) => ({ site, states })) }
}

function Tile({ state, chip = false }: { state: CareState; chip?: boolean }) {
  const kind = known(state.state)
  const look = `care-tile care-${kind}${chip ? ' care-chip' : ''}`
  const content = (
    <>
      <span className="care-name">{state.name}</span>
      <span className="care-state">
        <StateShape state={kind} />
        <StateWords state={state} />
      </span>
    </>
  )
  return state.incident ? (
    <Link className={look} to="/incidents/$id" params={{ id: state.incident }}>
      {content}
    </Link>
  ) : (
    <Link className={look} to="/assets/$id" params={{ id: state.service }}>
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
