import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import type { CareState, Incident, SessionState } from '@/api/types'

export const api = (path: string) => `http://localhost/api/v1${path}`

export const sessionState: SessionState = {
  signed_in: true,
  needs_setup: false,
  csrf: 'token-of-the-session',
  permissions: ['incidents.read', 'incidents.work', 'incidents.lead'],
  user: { id: 'u1', name: 'c.moreau', role: 'lead', locale: 'en', theme: 'dark', intended_use_accepted: true, has_password: true, created: '2026-11-01T08:00:00Z' },
  instance: { name: 'Test hospital', version: '1', demo: false, time_zone: 'Europe/Paris' },
}

export function incident(number: number, more: Partial<Incident> = {}): Incident {
  return {
    id: `in-${number}`, number, version: 1, type: 'fire', title: { code: 'incident.fire', params: { place: 'a-r-1' } }, severity: 'high', status: 'new',
    opened: '2026-11-22T08:00:00Z', updated: '2026-11-22T08:00:00Z', last_alert: '2026-11-22T08:00:00Z', place: 'a-r-1', assets: [], alerts: 1,
    domains: ['physical'], ...more,
  }
}

export function care(more: Partial<CareState> = {}): CareState {
  return { service: 'a-cs-1', name: 'Theatre block', site: 'site-a', state: 'normal', ...more }
}

/** What every page asks for; a test puts its own answers before these. */
export const server = setupServer(
  http.get(api('/session'), () => HttpResponse.json(sessionState)),
  http.get(api('/care'), () => HttpResponse.json({ items: [] })),
  http.get(api('/incidents'), () => HttpResponse.json({ items: [] })),
  http.get(api('/incidents/:id/impact'), () => HttpResponse.json({ title: 'Not Found', status: 404 }, { status: 404 })),
  http.get(api('/incidents/:id/plan'), () => HttpResponse.json({ items: [] })),
  http.get(api('/assets'), () => HttpResponse.json({ items: [{ id: 'a-r-1', kind: 'room', name: 'Plant room', criticality: 3 }] })),
  http.get(api('/texts/:locale'), () => HttpResponse.json({ locale: 'en', texts: { 'incident.fire': 'Fire in {place}' } })),
)
