import { act, screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, care, server } from '../../../test/network'
import { show } from '../../../test/render'
import { i18n } from '@/lib/i18n'
import { CareStrip, careDetail, arranged } from './CareStrip'

const at = Date.parse('2026-11-22T09:00:00Z')

describe('care strip', () => {
  afterEach(() => vi.useRealTimers())

  it('counts down to harm', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, now: at })
    server.use(http.get(api('/care'), () => HttpResponse.json({ items: [care({ state: 'threatened', harm_at: '2026-11-22T09:02:05Z', incident: 'in-1' })] })))
    show(CareStrip)
    const tile = await screen.findByRole('link', { name: /Theatre block/ })
    await waitFor(() => expect(within(tile).getByText(/2 min 0[45] s to harm/)).toBeTruthy())
    await act(() => vi.advanceTimersByTimeAsync(65_000))
    expect(tile.textContent).toMatch(/5\d s to harm|1 min 00 s to harm/)
  })

  it('says every state in words', async () => {
    const states = ['normal', 'threatened', 'degraded', 'lost', 'unknown']
    server.use(http.get(api('/care'), () => HttpResponse.json({ items: states.map((state) => care({ state, service: state, name: `Service ${state}` })) })))
    show(CareStrip)
    for (const word of ['Normal', 'Threatened', 'Degraded', 'Lost', 'Unknown']) expect(await screen.findByText(word)).toBeTruthy()
  })

  it('never shows an unknown state as normal', () => {
    const words = i18n('en')
    expect(careDetail(words, care({ state: 'unknown', why: 'feed-silent' }), at)).toBe('Feed silent')
    expect(careDetail(words, care({ state: 'unknown', why: 'not-modelled' }), at)).toBe('Not modelled')
  })

  it('puts the most urgent first where there are more services than fit, and what is normal by site', () => {
    const calm = Array.from({ length: 10 }, (_, i) => care({ service: `s${i}`, site: i < 7 ? 'site-a' : 'site-b' }))
    const late = care({ service: 'late', state: 'threatened', harm_at: '2026-11-22T10:00:00Z' })
    const soon = care({ service: 'soon', state: 'threatened', harm_at: '2026-11-22T09:20:00Z' })
    const lost = care({ service: 'lost', state: 'lost' })
    const silent = care({ service: 'silent', state: 'unknown', why: 'feed-silent' })
    const { large, more, calm: rest } = arranged([...calm, silent, late, soon, lost])
    expect(large.map((s) => s.service)).toEqual(['lost', 'soon', 'late'])
    expect(more.map((s) => s.service)).toEqual(['silent'])
    expect(rest.map(({ site, states }) => [site, states.length])).toEqual([['site-a', 7], ['site-b', 3]])
  })

  it('keeps the whole name and the state in words of every service of a crowd', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `Day surgery and endoscopy ${i}`)
    const items = names.map((name, i) => care({ service: name, name, state: i === 11 ? 'degraded' : 'normal' }))
    server.use(http.get(api('/care'), () => HttpResponse.json({ items })))
    show(CareStrip)
    const tiles = await screen.findAllByRole('link')
    expect(tiles.map((tile) => tile.textContent)).toEqual([`${names[11]}Degraded`, ...names.slice(0, 11).map((name) => `${name}Normal`)])
  })

  it('leaves few services where they are', async () => {
    const items = [care({ service: 'a', name: 'Ward A' }), care({ service: 'b', name: 'Ward B', state: 'lost' })]
    server.use(http.get(api('/care'), () => HttpResponse.json({ items })))
    show(CareStrip)
    const tiles = await screen.findAllByRole('link')
    expect(tiles.map((tile) => tile.textContent)).toEqual(['Ward ANormal', 'Ward BLost'])
  })

  it('says when harm is due, in both languages', () => {
    const due = care({ state: 'threatened', harm_at: '2026-11-22T08:59:00Z' })
    expect(careDetail(i18n('en'), due, at)).toBe('Harm expected now')
    expect(careDetail(i18n('fr'), care({ state: 'threatened', harm_at: '2026-11-22T09:20:00Z' }), at)).toBe('dans 20 min')
  })
})
