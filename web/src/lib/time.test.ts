import { describe, expect, it } from 'vitest'
import { translator } from './i18n'
import { age, countdown, duration, format, fromField, relative, toField } from './time'

const en = translator('en')

describe('durations', () => {
  it.each([
    [0, '0 s'], [45, '45 s'], [60, '1 min'], [720, '12 min'], [3600, '1 h'], [7500, '2 h 5 min'], [90_000, '1 d 1 h'],
  ])('%i s is %s', (seconds, words) => expect(duration(en, seconds)).toBe(words))

  it.each([
    [-3, 'now'], [0.4, 'now'], [42, '42 s'], [125, '2 min 05 s'], [599, '9 min 59 s'], [600, '10 min'], [659, '10 min'], [7200, '2 h'],
  ])('counts down %i s as %s', (seconds, words) => expect(countdown(en, seconds)).toBe(words))

  it('tells past from future', () => {
    expect(relative(en, 720_000, 0)).toBe('in 12 min')
    expect(relative(en, 0, 720_000)).toBe('12 min ago')
    expect(relative(translator('fr'), 0, 720_000)).toBe('il y a 12 min')
    expect(relative(en, 1000, 0)).toBe('just now')
    expect(age(en, 0, 3_700_000)).toBe('1 h')
  })
})

describe('times', () => {
  const at = Date.parse('2026-11-22T23:30:00Z')
  it('are the site’s, not the desk’s', () => {
    expect(format('en', 'Europe/Paris').clock(at)).toBe('00:30')
    expect(format('fr', 'UTC').clock(at)).toBe('23:30')
  })
  it('say the day when it is not today', () => {
    const f = format('en', 'Europe/Paris')
    expect(f.moment(at, at + 1000)).toBe('00:30:00')
    expect(f.moment(at, at - 3_600_000)).toContain('23 Nov')
  })
  it('go into a field and back in the site’s zone, also around the change of the clocks', () => {
    expect(toField(at, 'Europe/Paris')).toBe('2026-11-23T00:30')
    for (const text of ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z', '2026-10-25T02:30:00Z', '2026-11-22T23:30:00Z'])
      expect(fromField(toField(Date.parse(text), 'Europe/Paris'), 'Europe/Paris')).toBe(Date.parse(text))
    expect(fromField('', 'Europe/Paris')).toBeNaN()
  })
  it('fall back to UTC on an unknown zone', () => expect(format('en', 'Nowhere/Else').clock(at)).toBe('23:30'))
})
