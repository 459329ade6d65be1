// Which incidents the queue shows, and in which order: the gravest first, then
// the newest. The order does not depend on acknowledgement, so that a row stays
// where it is while one works on it.
import { isShelved } from '@/api/incidents'
import type { Incident } from '@/api/types'
import { rank } from '@/lib/severity'

export type Filter = 'open' | 'all' | 'shelved'

export function arrange(incidents: Incident[], filter: Filter, now: number): Incident[] {
  if (filter === 'all') return incidents
  const wanted = incidents.filter((incident) => isShelved(incident, now) === (filter === 'shelved'))
  return wanted.sort((a, b) => rank(b.severity) - rank(a.severity) || Date.parse(b.opened) - Date.parse(a.opened) || b.number - a.number)
}

/** The id to select when one moves; stays at the ends. */
export function step(incidents: Incident[], selected: string | undefined, by: number): string | undefined {
  const at = incidents.findIndex((incident) => incident.id === selected)
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), incidents.length - 1)
  return incidents[next]?.id
}
