// What an exception must have before it can be sent, and what it may begin with.
import type { ExceptionPart } from '@/api/types'

export const ops: ExceptionPart['op'][] = ['is', 'contains', 'startswith', 'endswith', 'cidr']

const DAY = 86_400_000
export const YEAR = 365 * DAY
export const spans = [
  { id: 'day', ms: DAY },
  { id: 'week', ms: 7 * DAY },
  { id: 'month', ms: 30 * DAY },
] as const

/** What tells one thing from another: who, which host, which program. The first that an event has is where its exception begins. */
const telling = ['actor.user', 'actor.person', 'host.name', 'source.ip', 'User', 'Computer', 'Image', 'camera.name', 'reader.name', 'sensor.name', 'device.name']

/** The condition that an exception for an event begins with; an empty one without an event. */
export function beginning(fields: [string, string][]): ExceptionPart {
  const known = new Map(fields)
  const field = telling.find((name) => known.get(name)) ?? fields.find(([name]) => !/message|time|date|id$/i.test(name))?.[0] ?? ''
  return { field, op: 'is', value: known.get(field) ?? '' }
}

export type Wrong = 'past' | 'far' | undefined

/** What is wrong with the end of an exception. */
export function wrongEnd(until: number, now: number): Wrong {
  if (!(until > now)) return 'past'
  return until > now + YEAR ? 'far' : undefined
}

export function complete(when: ExceptionPart[]): boolean {
  return when.length > 0 && when.every((part) => part.field.trim() !== '' && part.value.trim() !== '')
}
