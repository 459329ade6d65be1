import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { api, event, server } from '../../../test/network'
import { show } from '../../../test/render'
import { EventPage } from './EventPage'
import { SearchPage } from './SearchPage'

vi.mock('./Histogram', () => ({ Histogram: () => null })) // a canvas, which jsdom has not

let asked: URLSearchParams[] = []

beforeEach(() => {
  asked = []
  server.use(
    http.get(api('/events'), ({ request }) => {
      asked.push(new URL(request.url).searchParams)
      return HttpResponse.json({ items: [event], scanned: 1 })
    }),
    http.get(api('/events/histogram'), () => HttpResponse.json({ from: event.time, to: event.time, bucket_s: 60, counts: [] })),
    http.get(api('/events/fields'), () => HttpResponse.json({ sample: 1, fields: [{ name: 'host.name', events: 1, distinct: 1 }] })),
    http.get(api('/events/top'), () => HttpResponse.json({ fields: ['host.name'], values: [{ values: ['pc-7'], count: 1 }], total: 1, without: 0, distinct: 1 })),
    http.get(api('/events/w.1.1'), () => HttpResponse.json(event)),
    http.get(api('/saved-searches'), () => HttpResponse.json({ items: [{ id: 's1', name: 'Doors', query: 'category:access', last: '24h', shared: true, mine: false, by: 'a.weber', at: event.time }] })),
  )
})

describe('the search page', () => {
  it('marks the place that cannot be read', async () => {
    server.use(http.get(api('/events'), () => HttpResponse.json({ status: 422, detail: 'no', errors: [{ message: 'it does not close', position: { line: 1, column: 3, offset: 2 } }] }, { status: 422 })))
    show(() => <SearchPage />, 'en', '/events?q=a+(b')
    expect(await screen.findByText('Character 3: it does not close')).toBeTruthy()
    expect(document.querySelector('mark')?.textContent).toBe('(')
  })

  it('goes on until a page is there, and says how far back it came', async () => {
    let hold: (() => void) | undefined
    server.use(
      http.get(api('/events'), async ({ request }) => {
        if (!new URL(request.url).searchParams.get('cursor')) return HttpResponse.json({ items: [], scanned: 7, next: 'c1', cut: { why: 'time', back_to: '2026-11-22T07:00:00Z' } })
        await new Promise<void>((done) => (hold = done))
        return HttpResponse.json({ items: [event], scanned: 1 })
      }),
    )
    show(() => <SearchPage />, 'en', '/events?last=all')
    expect(await screen.findByText(/back to .* 7 events looked at/)).toBeTruthy()
    hold?.()
    await waitFor(() => expect(screen.queryByText(/looked at/)).toBeNull())
  })

  it('can be stopped, and gone on with', async () => {
    server.use(
      http.get(api('/events'), async ({ request }) => {
        if (!new URL(request.url).searchParams.get('cursor')) return HttpResponse.json({ items: [event], scanned: 7, next: 'c1', cut: { why: 'time', back_to: '2026-11-22T07:00:00Z' } })
        return new Promise<never>(() => {})
      }),
    )
    show(() => <SearchPage />, 'en', '/events?last=all')
    await userEvent.click(await screen.findByRole('button', { name: 'Stop' }))
    expect(await screen.findByText(/Stopped. Everything back to/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Go on' })).toBeTruthy()
  })

  it('excludes a value of a field', async () => {
    show(() => <SearchPage />, 'en', '/events?last=all&q=cmd')
    await userEvent.click(await screen.findByRole('button', { name: /host\.name/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Search by host.name: pc-7' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Exclude' }))
    await waitFor(() => expect(asked.at(-1)?.get('q')).toBe('cmd -host.name:"pc-7"'))
  })

  it('opens a saved search', async () => {
    show(() => <SearchPage />, 'en', '/events?last=all')
    await userEvent.click(await screen.findByRole('button', { name: 'Saved searches' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(await within(dialog).findByRole('button', { name: /Doors/ }))
    await waitFor(() => expect(asked.at(-1)?.get('q')).toBe('category:access'))
  })
})

describe('the event page', () => {
  it('leads on from a value, with the search that one came from', async () => {
    const at = show(() => <EventPage />, 'en', '/events/w.1.1?q=cmd')
    await userEvent.click(await screen.findByRole('button', { name: 'Search by host.name: pc-7' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Add to the search' }))
    await waitFor(() => expect(decodeURIComponent(at.href()).replaceAll('+', ' ')).toBe('/events?q=cmd host.name:"pc-7"'))
  })
})
