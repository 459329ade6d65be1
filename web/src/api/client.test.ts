import { http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { api, server } from '../../test/network'
import { ApiError, setCsrf, whenSignedOut } from './client'
import { incidents, session } from './endpoints'

describe('client', () => {
  it('sends the session’s token with writes only', async () => {
    const seen: (string | null)[] = []
    server.use(
      http.get(api('/incidents/in-1'), ({ request }) => {
        seen.push(request.headers.get('X-CSRF-Token'))
        return HttpResponse.json({})
      }),
      http.post(api('/incidents/in-1/acknowledge'), ({ request }) => {
        seen.push(request.headers.get('X-CSRF-Token'))
        return HttpResponse.json({})
      }),
    )
    setCsrf('secret')
    await incidents.get('in-1')
    await incidents.acknowledge('in-1')
    expect(seen).toEqual([null, 'secret'])
  })

  it('turns a problem document into words', async () => {
    server.use(
      http.get(api('/incidents/in-1'), () =>
        HttpResponse.json({ title: 'Unprocessable', status: 422, detail: 'shelve incident: until lies in the past', errors: [{ where: 'until', message: 'too early' }] }, { status: 422 }),
      ),
    )
    const error = await incidents.get('in-1').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 422, message: 'shelve incident: until lies in the past', details: ['until: too early'] })
  })

  it('tells a lost connection from a refusal', async () => {
    server.use(http.get(api('/incidents/in-1'), () => HttpResponse.error()))
    await expect(incidents.get('in-1')).rejects.toMatchObject({ offline: true })
  })

  it('notices that the session has ended, but not while signing in', async () => {
    const ended = vi.fn()
    whenSignedOut(ended)
    server.use(
      http.get(api('/incidents/in-1'), () => HttpResponse.json({}, { status: 401 })),
      http.post(api('/session'), () => HttpResponse.json({}, { status: 401 })),
    )
    await session.signIn('a', 'b').catch(() => undefined)
    expect(ended).not.toHaveBeenCalled()
    await incidents.get('in-1').catch(() => undefined)
    expect(ended).toHaveBeenCalledOnce()
  })
})
