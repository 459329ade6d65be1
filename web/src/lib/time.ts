// Times in the site's zone and durations in words.
import type { Locale, Translate } from './i18n'

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/** A duration in its two greatest units: "45 s", "12 min", "2 h 5 min", "3 d 4 h". */
export function duration(t: Translate, seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < MINUTE) return t('time.s', { n: s })
  if (s < HOUR) return t('time.min', { n: Math.round(s / MINUTE) })
  if (s < DAY) return two(t('time.h', { n: Math.floor(s / HOUR) }), Math.floor((s % HOUR) / MINUTE), (n) => t('time.min', { n }))
  return two(t('time.d', { n: Math.floor(s / DAY) }), Math.floor((s % DAY) / HOUR), (n) => t('time.h', { n }))
}

function two(first: string, rest: number, second: (n: number) => string): string {
  return rest > 0 ? `${first} ${second(rest)}` : first
}

/** A countdown: under ten minutes the seconds are told too, so that it is seen to run. */
export function countdown(t: Translate, seconds: number): string {
  const s = Math.floor(seconds)
  if (s <= 0) return t('care.now')
  if (s < MINUTE || s >= 10 * MINUTE) return duration(t, s >= MINUTE && s < HOUR ? s - (s % MINUTE) : s)
  return `${t('time.min', { n: Math.floor(s / MINUTE) })} ${t('time.s', { n: String(s % MINUTE).padStart(2, '0') })}`
}

/** "in 12 min", "12 min ago", "just now". */
export function relative(t: Translate, at: number, now: number): string {
  const seconds = (at - now) / 1000
  if (Math.abs(seconds) < 5) return t('time.justNow')
  const time = duration(t, Math.abs(seconds))
  return seconds > 0 ? t('time.in', { time }) : t('time.ago', { time })
}

/** Age without words around it, for narrow columns. */
export function age(t: Translate, since: number, now: number): string {
  const seconds = Math.max(0, (now - since) / 1000)
  if (seconds < MINUTE) return duration(t, seconds)
  if (seconds < HOUR) return t('time.min', { n: Math.floor(seconds / MINUTE) })
  if (seconds < DAY) return t('time.h', { n: Math.floor(seconds / HOUR) })
  return t('time.d', { n: Math.floor(seconds / DAY) })
}

export type Format = {
  clock: (at: number) => string
  clockSeconds: (at: number) => string
  /** Time of day, with the date when it is not today. */
  moment: (at: number, now: number) => string
  full: (at: number) => string
  zone: string
}

export function format(locale: Locale, zone: string): Format {
  const make = (options: Intl.DateTimeFormatOptions) => {
    const f = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { timeZone: validZone(zone), hourCycle: 'h23', ...options })
    return (at: number) => (Number.isFinite(at) ? f.format(at) : '–')
  }
  const clock = make({ hour: '2-digit', minute: '2-digit' })
  const clockSeconds = make({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const day = make({ year: 'numeric', month: '2-digit', day: '2-digit' })
  const dayAndTime = make({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  return {
    clock,
    clockSeconds,
    moment: (at, now) => (day(at) === day(now) ? clockSeconds(at) : dayAndTime(at)),
    full: make({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' }),
    zone,
  }
}

function validZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    return 'UTC'
  }
}

/** How far a zone is from UTC at a moment, in milliseconds. */
function offset(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: validZone(zone), hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000
}

/** The value of a datetime-local field for a moment, in the site's zone like every other time. */
export function toField(at: number, zone: string): string {
  return new Date(at + offset(zone, at)).toISOString().slice(0, 16)
}

/** The moment that such a field tells; NaN when it is empty. */
export function fromField(field: string, zone: string): number {
  const wall = Date.parse(`${field}Z`)
  if (Number.isNaN(wall)) return Number.NaN
  const guess = wall - offset(zone, wall)
  return wall - offset(zone, guess)
}
