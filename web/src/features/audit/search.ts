// What the page asks for, as it stands in its address.
import type { AuditQuery } from '@/api/endpoints'
import { bounds, type Last } from '@/lib/range'

export type AuditSearch = { by?: string | undefined; who?: string | undefined; action?: string | undefined; subject?: string | undefined; from?: string | undefined; to?: string | undefined; last?: string | undefined }

export const spans = ['1h', '24h', '7d', 'all'] as const satisfies Last[]
export type Span = (typeof spans)[number]

/** The span that is chosen; none while there is a from or a to. */
export function spanOf({ last, from, to }: AuditSearch): Span | undefined {
  if (from || to) return undefined
  return spans.find((span) => span === last) ?? '7d'
}

/** The query for the server, without what is empty. */
export function queryOf(search: AuditSearch, now: number): AuditQuery {
  const span = spanOf(search)
  const range = span ? bounds({ last: span }, now) : bounds({ ...(search.from && { from: search.from }), ...(search.to && { to: search.to }) }, now)
  const { by, who, action, subject } = search
  return { ...(by && { by }), ...(who && { who }), ...(action && { action }), ...(subject && { subject }), ...(range.from && { from: range.from }), ...(range.to && span === undefined && { to: range.to }) }
}
