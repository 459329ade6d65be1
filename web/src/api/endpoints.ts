// Every call that the console makes, one function each.
import { API, body, client, file, text } from './client'
import type { Last } from '@/lib/range'
import type { paths } from './gen/schema'
import type { Asset, ExceptionPart, RuleSetting, Status, TaskState, TokenRole, User, Verdict } from './types'

const at = (id: string) => ({ params: { path: { id } } })
const PAGE = 500

export const session = {
  get: () => body(client.GET('/session')),
  signIn: (name: string, password: string) => body(client.POST('/session', { body: { name, password } })),
  redeem: (token: string) => body(client.POST('/session/redeem', { body: { token } })),
  signOut: () => body(client.DELETE('/session')),
  acceptUse: () => body(client.POST('/session/intended-use')),
  preferences: (p: { locale?: 'en' | 'fr'; theme?: User['theme'] }) => body(client.PUT('/session/preferences', { body: p })),
  password: (password: string) => body(client.PUT('/session/password', { body: { password } })),
}

export type IncidentQuery = { status: Status | 'open' | 'all'; q?: string; cursor?: string; limit?: number }

export const incidents = {
  list: (query: IncidentQuery) => body(client.GET('/incidents', { params: { query: { limit: PAGE, ...query } } })),
  get: (id: string) => body(client.GET('/incidents/{id}', at(id))),
  alerts: (id: string, cursor?: string) =>
    body(client.GET('/incidents/{id}/alerts', { params: { path: { id }, query: { limit: PAGE, cursor } } })),
  timeline: (id: string, cursor?: string) =>
    body(client.GET('/incidents/{id}/timeline', { params: { path: { id }, query: { limit: PAGE, cursor } } })),
  impact: (id: string) => body(client.GET('/incidents/{id}/impact', at(id))),
  plans: (id: string) => body(client.GET('/incidents/{id}/plan', at(id))),
  addPlan: (id: string, playbook: string) =>
    body(client.POST('/incidents/{id}/plan', { ...at(id), body: { playbook } })),
  notices: (id: string) => body(client.GET('/incidents/{id}/notices', at(id))),
  acknowledge: (id: string) => body(client.POST('/incidents/{id}/acknowledge', { ...at(id), body: {} })),
  status: (id: string, status: Exclude<Status, 'new'>, reason: string) =>
    body(client.POST('/incidents/{id}/status', { ...at(id), body: { status, reason } })),
  owner: (id: string, owner: string) => body(client.POST('/incidents/{id}/owner', { ...at(id), body: { owner } })),
  shelve: (id: string, why: string, until: string) =>
    body(client.POST('/incidents/{id}/shelve', { ...at(id), body: { why, until } })),
  unshelve: (id: string) => body(client.POST('/incidents/{id}/unshelve', { ...at(id), body: {} })),
  merge: (id: string, into: string, reason: string) =>
    body(client.POST('/incidents/{id}/merge', { ...at(id), body: { into, reason } })),
  split: (id: string, alerts: string[], reason: string) =>
    body(client.POST('/incidents/{id}/split', { ...at(id), body: { alerts, reason } })),
  comment: (id: string, words: string) =>
    body(client.POST('/incidents/{id}/comment', { ...at(id), body: { text: words } })),
  escalate: (id: string, reason: string) =>
    body(client.POST('/incidents/{id}/escalate', { ...at(id), body: { reason } })),
  dispatch: (id: string, who: string, note: string) =>
    body(client.POST('/incidents/{id}/dispatch', { ...at(id), body: { who, note } })),
  verdict: (id: string, asset: string, threat: string, verdict: Exclude<Verdict, ''>, why: string) =>
    body(client.POST('/incidents/{id}/verdict', { ...at(id), body: { asset, threat, verdict, why } })),
}

export const plans = {
  task: (id: string, task: string, state: TaskState, note: string) =>
    body(client.POST('/plans/{id}/tasks/{task}', { params: { path: { id, task } }, body: { state, note } })),
  playbooks: () => body(client.GET('/playbooks')),
}

export const notices = {
  acknowledge: (id: string) => body(client.POST('/notices/{id}/acknowledge', at(id))),
}

export const care = { list: () => body(client.GET('/care')) }

export const hospital = {
  info: () => body(client.GET('/hospital')),
  assets: (query: { q?: string; kind?: string; site?: string; cursor?: string; limit?: number }) =>
    body(client.GET('/assets', { params: { query: { limit: PAGE, ...query } } })),
  asset: (id: string) => body(client.GET('/assets/{id}', at(id))),
  /** The assets of these ids; ids that no asset has are left out. */
  named: async (ids: string[]): Promise<Asset[]> =>
    (await body(client.GET('/assets', { params: { query: { ids: ids.join(','), limit: PAGE } } }))).items,
  floorPlans: () => body(client.GET('/floor-plans')),
  drawing: (id: string) => text(`/floor-plans/${encodeURIComponent(id)}`),
  unknown: () => body(client.GET('/unknown-assets', { params: { query: { limit: PAGE, state: 'open' } } })),
  adopt: (id: string, kind: string, name: string, place: string) =>
    body(client.POST('/unknown-assets/{id}/adopt', { ...at(id), body: { kind, name, place } })),
  ignore: (id: string) => body(client.POST('/unknown-assets/{id}/ignore', at(id))),
  removeDemo: () => body(client.DELETE('/demo')),
}

export const sources = {
  list: () => body(client.GET('/sources')),
  failures: (id: string) => body(client.GET('/sources/{id}/failures', at(id))),
}

export const evidence = {
  storage: () => body(client.GET('/storage')),
  holds: (incident: string) => body(client.GET('/evidence/holds', { params: { query: { incident } } })),
  hold: (incident: string, why: string, around: boolean) => body(client.POST('/evidence/holds', { body: { incident, why, around } })),
  release: (id: string, why: string) => body(client.POST('/evidence/holds/{id}/release', { ...at(id), body: { why } })),
  erase: (person: string, anywhere: boolean, why: string, preview: boolean) =>
    body(client.POST('/evidence/erasures', { body: { person, anywhere, why, preview } })),
  discard: (name: string, why: string) =>
    body(client.POST('/evidence/quarantine/{name}/discard', { params: { path: { name } }, body: { why } })),
  export: (incident: string, why: string) => file('/evidence/exports', { incident, why }),
  record: (number: number) => file(`/evidence/deletions/${number}`),
}

const letterAt = (topic: string, id: string) => ({ params: { path: { topic, id } } })

export const pipeline = {
  get: () => body(client.GET('/pipeline')),
  letters: (topic: string) => body(client.GET('/topics/{topic}/dead', { params: { path: { topic } } })),
  letter: (topic: string, id: string) => body(client.GET('/topics/{topic}/dead/{id}', letterAt(topic, id))),
  replay: (topic: string, id: string) => body(client.POST('/topics/{topic}/dead/{id}/replay', letterAt(topic, id))),
  replayAll: (topic: string) => body(client.POST('/topics/{topic}/dead/replay', { params: { path: { topic } } })),
  mend: (topic: string, id: string, message: unknown) =>
    body(client.POST('/topics/{topic}/dead/{id}/mend', { ...letterAt(topic, id), body: { message } })),
  discard: (topic: string, id: string, why: string) =>
    body(client.POST('/topics/{topic}/dead/{id}/discard', { ...letterAt(topic, id), body: { why } })),
}

export type EventQuery = { q?: string; from?: string; to?: string }

export const events = {
  list: (query: EventQuery & { cursor?: string; patience?: number }, signal?: AbortSignal) =>
    body(client.GET('/events', { params: { query: { limit: 100, ...query } }, ...(signal && { signal }) })),
  histogram: (query: EventQuery & { buckets: number }, signal?: AbortSignal) =>
    body(client.GET('/events/histogram', { params: { query }, ...(signal && { signal }) })),
  top: (query: EventQuery & { field: string; limit?: number }, signal: AbortSignal) => body(client.GET('/events/top', { params: { query }, signal })),
  fields: (query: EventQuery, signal: AbortSignal) => body(client.GET('/events/fields', { params: { query }, signal })),
  saved: () => body(client.GET('/saved-searches')),
  save: (search: { name: string; query: string; last?: Last; from?: string; to?: string; shared: boolean }) => body(client.POST('/saved-searches', { body: search })),
  removeSaved: (id: string) => body(client.DELETE('/saved-searches/{id}', at(id))),
  get: (id: string) => body(client.GET('/events/{id}', at(id))),
}

export type RuleQuery = NonNullable<paths['/rules']['get']['parameters']['query']>
/** A rule that is loaded, or the text of one that is not. */
export type WhichRule = { rule: string } | { text: string }
/** Events as lines that were pasted, or those kept from a time range that meet a query. */
export type WhichEvents = { events: string[]; format: RecordFormat } | { from?: string; to?: string; q?: string }
export type RecordFormat = NonNullable<NonNullable<paths['/rules/try']['post']['requestBody']>['content']['application/json']['format']>

export const rules = {
  list: (query: RuleQuery) => body(client.GET('/rules', { params: { query } })),
  get: (id: string) => body(client.GET('/rules/{id}', at(id))),
  set: (id: string, setting: { off: boolean; severity: RuleSetting['severity']; why: string }) =>
    body(client.PUT('/rules/{id}/setting', { ...at(id), body: setting })),
  addException: (id: string, exception: { when: ExceptionPart[]; why: string; until: string }) =>
    body(client.POST('/rules/{id}/exceptions', { ...at(id), body: exception })),
  removeException: (id: string, exception: string) =>
    body(client.DELETE('/rules/{id}/exceptions/{exception}', { params: { path: { id, exception } } })),
  check: (words: string) => body(client.POST('/rules/check', { body: { text: words } })),
  explain: (which: WhichRule & { event_id: string }) => body(client.POST('/rules/explain', { body: which })),
  try: (which: WhichRule & WhichEvents & { explain: boolean }, signal: AbortSignal) => body(client.POST('/rules/try', { body: which, signal })),
  reload: () => body(client.POST('/rules/reload')),
}

export const exercises = {
  scenarios: () => body(client.GET('/exercises/scenarios')),
  list: () => body(client.GET('/exercises')),
  start: (scenario: string, speed: number) => body(client.POST('/exercises', { body: { scenario, speed } })),
  stop: (id: string) => body(client.DELETE('/exercises/{id}', at(id))),
}

export const people = {
  tokens: () => body(client.GET('/tokens')),
  createToken: (name: string, role: TokenRole) => body(client.POST('/tokens', { body: { name, role } })),
  revokeToken: (id: string) => body(client.DELETE('/tokens/{id}', at(id))),
}

export type AuditQuery = { by?: string; who?: string; action?: string; subject?: string; from?: string; to?: string }

const asked = (query: AuditQuery) => new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString()

export const audit = {
  list: (query: AuditQuery, cursor?: string) => body(client.GET('/audit', { params: { query: { limit: 100, ...query, cursor } } })),
  state: () => body(client.GET('/audit/state')),
  verify: () => body(client.POST('/audit/verify')),
  /** Files that the browser itself takes. */
  exportAt: (query: AuditQuery) => `${API}/audit/export?${asked(query)}`,
  proofAt: (id: string) => `${API}/audit/${encodeURIComponent(id)}/proof`,
}

export const backups = {
  state: () => body(client.GET('/backups')),
  make: () => body(client.POST('/backups')),
  /** Where a browser fetches a backup by itself: it may be larger than memory. */
  address: (name: string) => `/api/v1/backups/${encodeURIComponent(name)}`,
}

export const texts = {
  get: async (locale: string) => (await body(client.GET('/texts/{locale}', { params: { path: { locale } } }))).texts,
}
