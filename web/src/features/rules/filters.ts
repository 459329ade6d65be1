// What of the rules is shown, as it stands in the address, and as the API asks for it.
import type { RuleQuery } from '@/api/endpoints'

export const states = ['all', 'active', 'off', 'error', 'slow'] as const
export type State = (typeof states)[number]
export const sorts = ['title', 'hits', 'last_hit', 'cost'] as const
export type Sort = (typeof sorts)[number]
export const ruleKinds = ['event', 'correlation', 'filter', 'foreign'] as const
export const levels = ['critical', 'high', 'medium', 'low', 'info'] as const

export type RuleSearch = { q?: string; state?: string; kind?: string; level?: string; sort?: string }

export const stateOf = ({ state }: RuleSearch): State => states.find((known) => known === state) ?? 'all'
export const sortOf = ({ sort }: RuleSearch): Sort => sorts.find((known) => known === sort) ?? 'hits'

export function asked(search: RuleSearch): RuleQuery {
  const state = stateOf(search)
  const kind = ruleKinds.find((known) => known === search.kind)
  const level = levels.find((known) => known === search.level)
  return {
    sort: sortOf(search),
    ...(search.q && { q: search.q }),
    ...(kind && { kind }),
    ...(level && { level }),
    ...(state === 'slow' ? { slow: true } : state === 'all' ? {} : { status: state }),
  }
}

export function isFiltered(search: RuleSearch): boolean {
  return Boolean(search.q || search.kind || search.level) || stateOf(search) !== 'all'
}
