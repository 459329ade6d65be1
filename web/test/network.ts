import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import type { CareState, Event, Explanation, Incident, Rule, RuleDetail, SessionState } from '@/api/types'

export const api = (path: string) => `http://localhost/api/v1${path}`

export const sessionState: SessionState = {
  signed_in: true,
  needs_setup: false,
  csrf: 'token-of-the-session',
  permissions: ['incidents.read', 'incidents.work', 'incidents.lead', 'rules.edit'],
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

export function rule(number: number, more: Partial<Rule> = {}): Rule {
  return {
    id: `r-${number}`, title: `Rule ${number}`, kind: 'event', level: 'medium', severity: 'medium', threat: 'phishing', file: `warder/cyber/r-${number}.yml`, line: 1, hits: number, excepted: 0, exceptions: 0,
    per_day: [{ day: '2026-11-21', hits: 0 }, { day: '2026-11-22', hits: number }], status: 'active', techniques: [], cost: { evaluations: 0, mean_us: 0 }, slow: false, ours: true, ...more,
  }
}

export function ruleDetail(of: Rule, more: Partial<RuleDetail> = {}): RuleDetail {
  return {
    rule: of, description: 'Looks for a lure.', author: 'Warder', references: ['https://example.org/lure'], falsepositives: [], tags: [], filters: [], text: 'title: Rule\n', tests: [], exceptions: [],
    counted_by: [], counts: [], ...more,
  }
}

export const explanation: Explanation = {
  rule: 'r-1', title: 'Rule 1', matched: false,
  log_source: { wanted: { product: 'windows', category: 'process_creation' }, has: [{ product: 'windows' }], met: true },
  condition: { op: 'and', text: 'child and not filter', met: false, of: [{ op: 'selection', text: 'child', met: true }, { op: 'not', text: 'not filter', met: false, of: [{ op: 'selection', text: 'filter', met: true }] }] },
  selections: [
    { name: 'child', met: true, alternatives: [{ met: true, items: [{ field: 'Image', modifiers: ['endswith'], met: true, present: true, event: ['C:\\cmd.exe'], read_as: 'process.executable', values: [{ text: '\\cmd.exe', met: true }, { text: '\\mshta.exe', met: false }] }] }] },
    { name: 'filter', met: true, alternatives: [{ met: true, items: [{ field: 'User', met: true, present: false, values: [{ text: 'null', met: true }] }] }] },
  ],
}

export const event: Event = {
  id: 'w.1.1', time: '2026-11-22T08:00:00Z', received: '2026-11-22T08:00:01Z', source: 'servers', format: 'syslog', category: 'process', attributes: { message: 'cmd started', 'host.name': 'pc-7' }, original: { Image: 'C:\\cmd.exe' },
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
