// The time range of a search, as it stands in the address: the last so many
// minutes, or from and to.
export type Search = { q?: string; from?: string; to?: string; last?: string; /** whose values are shown */ field?: string }
export const lasts = ['15m', '1h', '24h', '7d', 'all'] as const
export type Last = (typeof lasts)[number]

const minutes: Record<Exclude<Last, 'all'>, number> = { '15m': 15, '1h': 60, '24h': 1440, '7d': 10_080 }

export function lastOf({ last, from, to }: Search): Last | undefined {
  if (from || to) return undefined
  return lasts.find((item) => item === last) ?? '1h'
}

/** From and to as the API takes them; empty where open. */
export function bounds(search: Search, now: number): { from: string; to: string } {
  if (search.from || search.to) return { from: search.from ?? '', to: search.to ?? '' }
  const last = lastOf(search)
  if (!last || last === 'all') return { from: '', to: '' }
  return { from: new Date(now - minutes[last] * 60_000).toISOString(), to: new Date(now).toISOString() }
}

/** Moves a range by its own length. */
export function shifted(from: string, to: string, by: number): { from: string; to: string } {
  const length = Date.parse(to) - Date.parse(from)
  return { from: new Date(Date.parse(from) + by * length).toISOString(), to: new Date(Date.parse(to) + by * length).toISOString() }
}
