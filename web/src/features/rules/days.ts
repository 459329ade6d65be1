// Hits per day, for charts and in words.
import type { HitsDay } from '@/api/types'

export type Days = { bars: { day: string; hits: number; share: number }[]; total: number; most: HitsDay | undefined }

/** The days with their share of the busiest one. */
export function daysOf(perDay: HitsDay[] | undefined): Days {
  const days = perDay ?? []
  const top = Math.max(0, ...days.map((day) => day.hits))
  return {
    bars: days.map(({ day, hits }) => ({ day, hits, share: top === 0 ? 0 : hits / top })),
    total: days.reduce((sum, day) => sum + day.hits, 0),
    most: top === 0 ? undefined : days.find((day) => day.hits === top),
  }
}

/** Noon of a calendar day, so that no zone moves it to another. */
export function noon(day: string): number {
  return Date.parse(`${day.slice(0, 10)}T12:00:00Z`)
}
