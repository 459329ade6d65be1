import { fireEvent, screen, waitFor } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { api, server } from '../../../test/network'
import { show } from '../../../test/render'
import type { Plan, Task, TaskState } from '@/api/types'
import { PlanPanel } from './PlanPanel'

const task = (id: string, state: TaskState = 'open'): Task => ({ id, step: id, for: 'operator', state, text: { code: 'free', params: { text: id } } })
const plan = (...tasks: Task[]): Plan => ({ id: 'pl-1', incident: 'in-1', playbook: 'fire', started: '2026-11-22T08:00:00Z', version: 1, title: { code: 'free', params: {} }, tasks })

/** A plan on a server that answers a tick only when it is told to. */
function slowServer(...ids: string[]) {
  const state = new Map<string, TaskState>(ids.map((id) => [id, 'open']))
  const waiting = new Map<string, (ok: boolean) => void>()
  const now = () => plan(...ids.map((id) => task(id, state.get(id))))
  server.use(
    http.get(api('/incidents/:id/plan'), () => HttpResponse.json({ items: [now()] })),
    http.post(api('/plans/:id/tasks/:task'), async ({ params, request }) => {
      const { state: wanted } = (await request.json()) as { state: TaskState }
      const id = String(params['task'])
      const ok = await new Promise<boolean>((resolve) => waiting.set(id, resolve))
      if (!ok) return HttpResponse.json({ title: 'Conflict', status: 409, detail: 'the incident is closed' }, { status: 409 })
      state.set(id, wanted)
      return HttpResponse.json(now())
    }),
  )
  const answer = async (id: string, ok = true) => {
    await waitFor(() => expect(waiting.has(id)).toBe(true))
    waiting.get(id)?.(ok)
  }
  return { answer }
}

const ticks = () => screen.getAllByRole<HTMLInputElement>('checkbox').map((box) => box.checked)

describe('checklist', () => {
  it('shows a tick in the same moment, several at a time, and keeps them', async () => {
    const { answer } = slowServer('a', 'b', 'c')
    show(() => <PlanPanel incident="in-1" />)
    const [first, second] = await screen.findAllByRole('checkbox')
    fireEvent.click(first!)
    expect(ticks()).toEqual([true, false, false])
    fireEvent.click(second!)
    expect(ticks()).toEqual([true, true, false])
    await answer('b')
    await answer('a')
    await screen.findByText(/2 of 3/)
    expect(ticks()).toEqual([true, true, false])
  })

  it('takes a tick back that the server refused, and says so', async () => {
    const { answer } = slowServer('a')
    show(() => <PlanPanel incident="in-1" />)
    fireEvent.click(await screen.findByRole('checkbox'))
    await answer('a', false)
    expect(await screen.findByText(/the incident is closed/)).toBeTruthy()
    await waitFor(() => expect(ticks()).toEqual([false]))
  })
})
