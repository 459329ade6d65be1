import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { api, incident, server } from '../../../test/network'
import { show } from '../../../test/render'
import { arrange, step } from './order'
import { QueuePage } from './QueuePage'

const critical = incident(7, { severity: 'critical', opened: '2026-11-22T07:00:00Z' })
const high = incident(8, { opened: '2026-11-22T08:00:00Z' })

describe('queue', () => {
  beforeEach(() => server.use(http.get(api('/incidents'), () => HttpResponse.json({ items: [high, critical] }))))

  const row = async (number: number) => {
    const cell = await screen.findByRole('gridcell', { name: String(number) })
    return cell.closest('[role=row]') as HTMLElement
  }

  it('puts the gravest first, whatever the server’s order', async () => {
    show(QueuePage)
    await row(7)
    const numbers = screen.getAllByRole('row').slice(1).map((r) => r.querySelector('.q-number')?.textContent)
    expect(numbers).toEqual(['7', '8'])
    await waitFor(() => expect(screen.getAllByText('Fire in Plant room').length).toBeGreaterThan(0))
  })

  it('names the room before its floor, so that a narrow row cuts what tells least', async () => {
    const places = [
      { id: 'a-r-9', kind: 'room', name: 'Store', place: 'a-f-1', criticality: 3 },
      { id: 'a-f-1', kind: 'floor', name: 'Level 1', place: 'a-b-1', criticality: 3 },
      { id: 'a-b-1', kind: 'building', name: 'Pavilion', criticality: 3 },
    ]
    const inStore = incident(9, { place: 'a-r-9', title: { code: 'incident.fire', params: { place: 'somewhere' } } })
    server.use(http.get(api('/incidents'), () => HttpResponse.json({ items: [inStore] })), http.get(api('/assets'), () => HttpResponse.json({ items: places })))
    show(QueuePage)
    const where = (await row(9)).querySelector('.q-where')
    await waitFor(() => expect(where?.textContent).toBe('Store · Level 1'))
  })

  it('moves with j and k, opens with Enter', async () => {
    const { where } = show(QueuePage)
    expect((await row(7)).getAttribute('aria-selected')).toBe('true')
    await userEvent.keyboard('j')
    expect((await row(8)).getAttribute('aria-selected')).toBe('true')
    await userEvent.keyboard('j')
    expect((await row(8)).getAttribute('aria-selected')).toBe('true')
    await userEvent.keyboard('k{Enter}')
    await waitFor(() => expect(where()).toBe('/incidents/in-7'))
  })

  it('acknowledges with A and shows it at once', async () => {
    server.use(http.post(api('/incidents/in-7/acknowledge'), () => HttpResponse.json({ ...critical, version: 2, status: 'acknowledged', ack: { by: 'u1', name: 'c.moreau', at: critical.opened } })))
    show(QueuePage)
    await row(7)
    await waitFor(() => expect(screen.queryByRole('button', { name: /Acknowledge/ })).toBeTruthy())
    await userEvent.keyboard('a')
    await waitFor(async () => expect((await row(7)).getAttribute('data-status')).toBe('acknowledged'))
  })

  it('shelves only with a reason and an end', async () => {
    let sent: unknown
    server.use(
      http.post(api('/incidents/in-7/shelve'), async ({ request }) => {
        sent = await request.json()
        return HttpResponse.json({ ...critical, version: 2 })
      }),
    )
    show(QueuePage)
    await row(7)
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Shelve' })).toBeTruthy())
    await userEvent.keyboard('s')
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Shelve' }))
    expect(within(dialog).getByText('Please fill this in.')).toBeTruthy()
    expect(sent).toBeUndefined()
    await userEvent.type(within(dialog).getByLabelText('Why'), 'Works until noon')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Shelve' }))
    await waitFor(() => expect(sent).toMatchObject({ why: 'Works until noon', until: expect.stringMatching(/Z$/) }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('says what is there when nothing is', async () => {
    server.use(http.get(api('/incidents'), () => HttpResponse.json({ items: [] })))
    show(QueuePage)
    expect(await screen.findByText(/All quiet/)).toBeTruthy()
  })
})

describe('order', () => {
  const now = Date.parse('2026-11-22T09:00:00Z')
  const shelved = incident(9, { shelved: { by: 'u', name: 'U', why: 'w', at: '2026-11-22T08:00:00Z', until: '2026-11-22T10:00:00Z' } })
  it('keeps shelved incidents apart until their time is over', () => {
    expect(arrange([shelved, high], 'open', now).map((i) => i.number)).toEqual([8])
    expect(arrange([shelved, high], 'shelved', now).map((i) => i.number)).toEqual([9])
    expect(arrange([shelved], 'open', now + 3_600_001).map((i) => i.number)).toEqual([9])
  })
  it('stays at the ends', () => {
    expect(step([critical, high], 'in-8', 1)).toBe('in-8')
    expect(step([critical, high], 'in-7', -1)).toBe('in-7')
    expect(step([critical, high], undefined, 1)).toBe('in-7')
    expect(step([], undefined, 1)).toBeUndefined()
  })
})
