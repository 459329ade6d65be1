import { describe, expect, it } from 'vitest'
import { en } from './en'
import { fr } from './fr'
import { i18n, preferredLocale } from './index'

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('catalogues', () => {
  it('have the same holes in both languages', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, ...holes(fr[key])]).toEqual([key, ...holes(en[key])])
  })

  it('leave nothing empty', () => {
    for (const text of [...Object.values(en), ...Object.values(fr)]) expect(text.trim()).not.toBe('')
  })

  it('choose plurals by the language', () => {
    expect(i18n('en').many('queue.count', 0)).toBe('0 incidents')
    expect(i18n('fr').many('queue.count', 0)).toBe('0 incident')
    expect(i18n('en').many('queue.count', 1)).toBe('1 incident')
  })

  it('make unknown values readable', () => {
    expect(i18n('en').word('threat', 'new-kind-of-harm')).toBe('New kind of harm')
  })

  it('follow the browser’s languages', () => {
    expect(preferredLocale(['de-DE', 'fr-CH', 'en'])).toBe('fr')
    expect(preferredLocale(['de'])).toBe('en')
  })
})
