// An event in a line, and by its fields.
import type { Event } from '@/api/types'

/** The event in a line: its message, or what it says of itself. */
export function summary(event: Event): string {
  if (event.parse_error) return event.parse_error
  const attributes = event.attributes ?? {}
  if (attributes['message']) return attributes['message']
  if (attributes['foreign.signature']) return attributes['foreign.signature']
  return Object.entries(attributes)
    .filter(([name]) => !/^(asset|place)\./.test(name))
    .slice(0, 6)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** Nested fields by their dotted names. */
export function flatten(value: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] => {
    const path = prefix ? `${prefix}.${name}` : name
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) return flatten({ ...inner }, path)
    return [[path, typeof inner === 'string' ? inner : JSON.stringify(inner)]]
  })
}

/** Every field that a rule may ask for: Warder's own names first, then the sender's. */
export function fieldsOf(event: Event): [string, string][] {
  const own: [string, string][] = Object.entries(event.attributes ?? {})
  const taken = new Set(own.map(([name]) => name))
  return [...own, ...flatten(event.original ?? {}).filter(([name]) => !taken.has(name))]
}
