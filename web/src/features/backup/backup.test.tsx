import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import type { Backups } from '@/api/types'
import { api, server } from '../../../test/network'
import { show } from '../../../test/render'
import { BackupsPage } from './BackupsPage'
import { size } from './words'

const standing: Backups = {
  recipients: ['age1qqq'], folder: '/backups', every: 86400, keep: 7, due: '2026-11-23T01:00:00Z',
  items: [
    {
      name: 'warder-20261122T010000Z.age', made: '2026-11-22T01:00:00Z', verified: '2026-11-22T01:01:00Z', took: 60, bytes: 1536, sha256: 'c0', program: '1',
      parts: { store: { entries: 1, bytes: 1, rows: 4711 } },
    },
  ],
}

const answer = (state: Partial<Backups>) => server.use(http.get(api('/backups'), () => HttpResponse.json({ ...standing, ...state })))

describe('sizes', () => {
  it('have a unit and no more digits than say something', () => {
    expect(size(0, String)).toBe('0 B')
    expect(size(1536, String)).toBe('1.5 KiB')
    expect(size(300 * 2 ** 20, String)).toBe('300 MiB')
    expect(size(5 * 2 ** 40, String)).toBe('5 TiB')
  })
})

describe('backups', () => {
  it('are listed with how they were verified and where to fetch them', async () => {
    answer({})
    show(BackupsPage)
    await screen.findByText('4,711', {}, { timeout: 5000 })
    expect(screen.getByRole('link', { name: /Download warder-2026/ }).getAttribute('href')).toBe('/api/v1/backups/warder-20261122T010000Z.age')
  })

  it('are made when somebody asks, one at a time', async () => {
    answer({})
    server.use(http.post(api('/backups'), () => HttpResponse.json({ ...standing, running: { began: '2026-11-22T08:00:00Z', part: 'events', bytes: 2048 } }, { status: 202 })))
    show(BackupsPage)
    const button = await screen.findByRole('button', { name: 'Back up now' })
    await userEvent.click(button)
    await screen.findByText(/evidence, 2 KiB so far/)
    expect(button.hasAttribute('disabled')).toBe(true)
  })

  it('say why the last one failed', async () => {
    answer({ failed: 'no room in /backups', items: [] })
    show(BackupsPage)
    await screen.findByText(/no room in \/backups/)
    screen.getByText('None has been made yet.')
  })

  it('need a key first, and say how to make one', async () => {
    answer({ recipients: [], items: [] })
    show(BackupsPage)
    await screen.findByText(/warder backup key/)
    expect(screen.queryByRole('button', { name: 'Back up now' })).toBeNull()
  })
})
