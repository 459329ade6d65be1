import { describe, expect, it } from 'vitest'
import { i18n, type Locale } from './i18n'
import { assetParams, renderText, type Context } from './text'

const templates = {
  'incident.fire': 'Fire in {place}',
  'impact.spread': '{from_threat} in {from} brings {to_threat} to {to}',
  'plan.room': 'the plan’s room',
  'act.shelved': 'Shelved until {until}: {why}',
}

function context(locale: Locale = 'en'): Context {
  const words = i18n(locale)
  const names: Record<string, string> = { 'a-r-1': 'Plant room', 'a-r-2': 'Theatre' }
  return { i18n: words, templates, assetName: (id) => names[id], time: () => '09:30' }
}

describe('machine text', () => {
  it('names assets by their names', () => {
    expect(renderText({ code: 'incident.fire', params: { place: 'a-r-1' } }, context())).toBe('Fire in Plant room')
    expect(renderText({ code: 'incident.fire', params: { place: 'a-r-9' } }, context())).toBe('Fire in a-r-9')
  })

  it('puts threats into the reader’s language', () => {
    const text = { code: 'impact.spread', params: { from: 'a-r-1', to: 'a-r-2', from_threat: 'fire', to_threat: 'too-hot' } }
    expect(renderText(text, context())).toBe('fire in Plant room brings too hot to Theatre')
    expect(renderText(text, context('fr'))).toContain('incendie in Plant room brings trop chaud')
  })

  it('shows times in the site’s zone and people’s words untouched', () => {
    expect(renderText({ code: 'act.shelved', params: { until: '2026-11-22T08:30:00Z', why: 'fire {place}' } }, context())).toBe('Shelved until 09:30: fire {place}')
  })

  it('takes a rule’s title in the reader’s language', () => {
    const text = { code: 'alert.rule', params: { title: 'Door forced', title_fr: 'Porte forcée' } }
    expect(renderText(text, context())).toBe('Door forced')
    expect(renderText(text, context('fr'))).toBe('Porte forcée')
    expect(renderText({ code: 'alert.rule', params: { title: 'Door forced' } }, context('fr'))).toBe('Door forced')
  })

  it('still says what it can without a template', () => {
    expect(renderText({ code: 'new.code', params: { place: 'a-r-1' } }, context())).toBe('new.code: Plant room')
    expect(renderText({ code: 'new.code' }, context())).toBe('new.code')
  })

  it('renders a text named beside a parameter, and a translation brought along', () => {
    expect(renderText({ code: 'incident.fire', params: { place: 'x', place_code: 'plan.room' } }, context())).toBe('Fire in the plan’s room')
    expect(renderText({ code: 'incident.fire', params: { place: 'x', place_fr: 'y' } }, context('fr'))).toBe('Fire in y')
  })

  it('asks only for what may be an asset', () => {
    const params = { place: 'a-r-1', threat: 'fire', why: 'because', at: '2026-11-22T08:30:00Z', count: '3' }
    expect(assetParams({ code: 'x', params })).toEqual(['a-r-1'])
  })
})
