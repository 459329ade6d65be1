import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { api, server, sessionState } from '../../../test/network'
import { show } from '../../../test/render'
import type { Storage } from '@/api/types'
import { useSession } from '@/api/session'
import { StoragePage } from './StoragePage'

const empty: Storage = {
  usage: { bytes: 0, segments: 0, events: 0, waiting: 0, kinds: [], days: [], damaged: [] },
  keeping: [], retention: { default: 90, categories: {}, sources: {}, raw: 30, exercise: 7, incident: 365 },
  disk: { free: 40_000_000_000, total: 100_000_000_000, per_day: 0 }, holds: [], erasures: [], deletions: [], key: '5d1f0c9a'.repeat(8),
}

/** The page for somebody who may do everything. */
function Page() {
  useSession()
  return <StoragePage />
}

function open(storage: Partial<Storage>) {
  server.use(
    http.get(api('/session'), () => HttpResponse.json({ ...sessionState, permissions: [...(sessionState.permissions ?? []), 'instance.manage'] })),
    http.get(api('/storage'), () => HttpResponse.json({ ...empty, ...storage })),
  )
  show(() => <Page />)
}

describe('storage', () => {
  it('says what to do while there is nothing', async () => {
    open({})
    expect(await screen.findByText(/40 GB of 100 GB/)).toBeTruthy()
    for (const words of [/A hold is placed on an incident/, /Nothing was removed yet/, /No file is damaged/, /not known before a whole day/]) expect(screen.getByText(words)).toBeTruthy()
  })

  it('shows for how long each kind stays', async () => {
    const kind = { category: 'access', source: 'doors', events: 1200, bytes: 84_000, raw_bytes: 0, oldest: '2026-11-22T08:00:00Z', newest: '2026-11-22T09:00:00Z' } as const
    open({ usage: { ...empty.usage, kinds: [kind, { ...kind, source: 'safes' }] }, keeping: [{ days: 30, raw: 1 }, { days: 0, raw: 0 }] })
    const [, doors, safes] = within(await screen.findByRole('group', { name: 'By kind of data' })).getAllByRole('row')
    expect(doors?.textContent).toMatch(/1,200.*84 kB.*30 days.*1 day$/)
    expect(safes?.textContent).toMatch(/no limit.*no limit$/)
  })

  it('erases only what was shown before, with a case number', async () => {
    const asked: { preview: boolean; person: string; why: string }[] = []
    server.use(
      http.post(api('/evidence/erasures'), async ({ request }) => {
        asked.push((await request.json()) as (typeof asked)[number])
        return HttpResponse.json({ events: 12, held: 3, segments: 2 })
      }),
    )
    open({})
    fireEvent.click(await screen.findByRole('button', { name: 'Erase a person' }))
    const person = screen.getByLabelText(/Name, account/)
    fireEvent.change(person, { target: { value: 'm.rossi' } })
    fireEvent.click(screen.getByRole('button', { name: 'Erase for good' }))
    expect(await screen.findByText(/erases 12 events for good. 3 stay/)).toBeTruthy()
    fireEvent.change(person, { target: { value: 'm.ross' } })
    expect(screen.queryByText(/erases 12 events/)).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Show what would be erased' }))
    await screen.findByText(/erases 12 events/)
    fireEvent.click(screen.getByRole('button', { name: 'Erase for good' }))
    expect(asked.every((one) => one.preview)).toBe(true) // the case number is missing
    fireEvent.change(screen.getByLabelText(/Case number/), { target: { value: 'DPO 7' } })
    fireEvent.click(screen.getByRole('button', { name: 'Erase for good' }))
    await waitFor(() => expect(asked.at(-1)).toMatchObject({ preview: false, person: 'm.ross', why: 'DPO 7' }))
  })

  it('asks why before a hold ends', async () => {
    let why = ''
    server.use(
      http.post(api('/evidence/holds/:id/release'), async ({ request }) => {
        why = ((await request.json()) as { why: string }).why
        return new HttpResponse(null, { status: 204 })
      }),
    )
    open({ holds: [{ id: 'h1', incident: 'in-7', number: 7, why: 'court', around: false, placed: '2026-11-22T08:00:00Z', by: 'u1', name: 'A. Moreau', events: 4, in_force: true }] })
    fireEvent.click(await screen.findByRole('button', { name: 'Release' }))
    const dialog = screen.getByRole('dialog', { hidden: true })
    fireEvent.change(within(dialog).getByRole('textbox', { hidden: true }), { target: { value: 'settled' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Release', hidden: true }))
    await waitFor(() => expect(why).toBe('settled'))
  })
})
