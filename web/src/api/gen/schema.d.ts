/* Written in the shape that openapi-typescript gives, from the records of internal/flow. */
type Ok<R> = { 200: { headers: { [name: string]: unknown }; content: { 'application/json': R } } }
type NoContent = { 204: { headers: { [name: string]: unknown }; content?: never } }
type NoPath = never
type Params<Q, P> = [P] extends [never]
  ? { query?: Q; header?: never; path?: never; cookie?: never }
  : { query?: Q; header?: never; path: P; cookie?: never }
type Get<R, P = NoPath, Q = { [k in never]: never }> = { parameters: Params<Q, P>; requestBody?: never; responses: Ok<R> }
type Send<B, R, P = NoPath, Q = { [k in never]: never }> = {
  parameters: Params<Q, P>
  requestBody: { content: { 'application/json': B } }
  responses: Ok<R>
}
type Bare<R, P = NoPath> = { parameters: Params<{ [k in never]: never }, P>; requestBody?: never; responses: R }

type S = components['schemas']
type Id = { id: string }
type PageQuery = { cursor?: string; limit?: number }
type List<T> = { items: T[]; next?: string; total?: number }

export interface paths {
  '/session': {
    get: Get<S['SessionState']>
    post: Send<{ name: string; password: string }, S['SessionState']>
    delete: Bare<NoContent>
  }
  '/session/redeem': { post: Send<{ token: string }, S['SessionState']> }
  '/session/intended-use': { post: Bare<Ok<S['SessionState']>> }
  '/session/preferences': { put: Send<{ locale?: string; theme?: string }, S['SessionState']> }
  '/session/password': { put: Send<{ password: string }, S['SessionState']> }
  '/care': { get: Get<List<S['CareState']>> }
  '/incidents': {
    get: Get<List<S['Incident']>, NoPath, PageQuery & { status?: string; exercise?: boolean; q?: string }>
  }
  '/incidents/{id}': { get: Get<S['Incident'], Id> }
  '/incidents/{id}/alerts': { get: Get<List<S['Join']>, Id, PageQuery> }
  '/incidents/{id}/timeline': { get: Get<List<S['TimelineEntry']>, Id, PageQuery> }
  '/incidents/{id}/impact': { get: Get<S['Assessment'], Id> }
  '/incidents/{id}/plan': { get: Get<List<S['Plan']>, Id>; post: Send<{ playbook: string }, S['Plan'], Id> }
  '/incidents/{id}/notices': { get: Get<List<S['Notice']>, Id, PageQuery> }
  '/incidents/{id}/acknowledge': { post: Send<{ version?: number }, S['Incident'], Id> }
  '/incidents/{id}/status': { post: Send<{ status: S['Status']; reason?: string; version?: number }, S['Incident'], Id> }
  '/incidents/{id}/owner': { post: Send<{ owner: string }, S['Incident'], Id> }
  '/incidents/{id}/shelve': { post: Send<{ why: string; until: string }, S['Incident'], Id> }
  '/incidents/{id}/unshelve': { post: Send<{ version?: number }, S['Incident'], Id> }
  '/incidents/{id}/merge': { post: Send<{ into: string; reason: string }, S['Incident'], Id> }
  '/incidents/{id}/split': { post: Send<{ alerts: string[]; reason: string }, S['Incident'], Id> }
  '/incidents/{id}/comment': { post: Send<{ text: string }, S['Incident'], Id> }
  '/incidents/{id}/escalate': { post: Send<{ reason: string }, S['Incident'], Id> }
  '/incidents/{id}/dispatch': { post: Send<{ who: string; note?: string }, S['Incident'], Id> }
  '/incidents/{id}/verdict': {
    post: Send<{ asset: string; threat: string; verdict: S['Verdict']; why?: string }, S['Incident'], Id>
  }
  '/plans/{id}/tasks/{task}': { post: Send<{ state: S['TaskState']; note?: string }, S['Plan'], Id & { task: string }> }
  '/playbooks': { get: Get<List<S['Playbook']>> }
  '/notices/{id}/acknowledge': { post: Bare<Ok<S['Notice']>, Id> }
  '/assets': { get: Get<List<S['Asset']>, NoPath, PageQuery & { q?: string; kind?: string; site?: string; ids?: string }> }
  '/assets/{id}': { get: Get<S['AssetDetail'], Id> }
  '/hospital': { get: Get<S['HospitalInfo']> }
  '/floor-plans': { get: Get<List<S['FloorPlan']>> }
  '/unknown-assets': { get: Get<List<S['UnknownAsset']>, NoPath, PageQuery> }
  '/unknown-assets/{id}/adopt': { post: Send<{ kind: string; name: string; place: string }, S['Asset'], Id> }
  '/unknown-assets/{id}/ignore': { post: Bare<NoContent, Id> }
  '/demo': { delete: Bare<NoContent> }
  '/sources': { get: Get<List<S['SourceHealth']>> }
  '/sources/{id}/failures': { get: Get<List<S['SourceFailure']>, Id, PageQuery> }
  '/events': { get: Get<List<S['Event']>, NoPath, PageQuery & { q?: string; from?: string; to?: string }> }
  '/events/histogram': {
    get: Get<S['Histogram'], NoPath, { q?: string; from?: string; to?: string; buckets?: number }>
  }
  '/events/{id}': { get: Get<S['Event'], Id> }
  '/rules': { get: Get<List<S['Rule']>, NoPath, PageQuery> }
  '/exercises/scenarios': { get: Get<List<S['Scenario']>> }
  '/exercises': { get: Get<List<S['Exercise']>>; post: Send<{ scenario: string; speed: number }, S['Exercise']> }
  '/exercises/{id}': { delete: Bare<NoContent, Id> }
  '/tokens': { get: Get<List<S['Token']>>; post: Send<{ name: string; role: string }, S['NewToken']> }
  '/tokens/{id}': { delete: Bare<NoContent, Id> }
  '/audit': { get: Get<List<S['AuditEntry']>, NoPath, PageQuery> }
  '/texts/{locale}': { get: Get<{ [code: string]: string }, { locale: string }> }
}

export interface components {
  schemas: {
    SessionState: {
      signed_in: boolean
      needs_setup: boolean
      user?: S['User']
      csrf?: string
      instance: { name: string; version: string; demo: boolean; time_zone: string }
    }
    User: { id: string; name: string; role: string; locale?: string; theme?: string; intended_use_accepted: boolean }
    Text: { code: string; params?: { [key: string]: string } }
    Severity: 'info' | 'low' | 'medium' | 'high' | 'critical'
    Status: 'new' | 'acknowledged' | 'in-progress' | 'resolved' | 'closed'
    Verdict: '' | 'confirmed' | 'refuted'
    TaskState: 'open' | 'doing' | 'done' | 'skipped'
    Ack: { by: string; name: string; at: string }
    Shelving: { by: string; name: string; why: string; at: string; until: string }
    Affected: { asset: string; threat: string; since: string; alert: string; verdict?: S['Verdict'] }
    Outlook: {
      assets: number
      services: number
      next?: string
      next_state?: string
      time_to_harm_s?: number
      harm_at?: string
      likelihood?: number
    }
    Incident: {
      id: string
      number: number
      version: number
      type: string
      title: S['Text']
      severity: S['Severity']
      status: S['Status']
      opened: string
      updated: string
      last_alert: string
      closed?: string
      owner?: string
      site?: string
      place?: string
      assets: S['Affected'][]
      alerts: number
      domains: string[]
      ack?: S['Ack']
      shelved?: S['Shelving']
      merged_into?: string
      exercise?: string
      outlook?: S['Outlook']
    }
    AssetRef: { id: string; role: string; by: string; value: string }
    Alert: {
      id: string
      rule: string
      detector: string
      text: S['Text']
      threat: string
      severity: S['Severity']
      time: string
      received: string
      source: string
      site?: string
      events: string[]
      assets?: S['AssetRef'][]
      actors?: string[]
      techniques?: string[]
      exercise?: string
    }
    Join: { incident: string; alert: S['Alert']; reason: S['Text']; with?: string; at: string; by?: string }
    TimelineEntry: {
      id: string
      incident: string
      time: string
      kind: string
      text: S['Text']
      by?: string
      severity?: S['Severity']
      alert?: string
      asset?: string
    }
    Step: {
      from: string
      from_threat: string
      to: string
      to_threat: string
      rule: string
      relation: string
      likelihood: number
      delay_s: number
      why: S['Text']
    }
    Impact: {
      asset: string
      threat: string
      likelihood: number
      delay_s: number
      severity: S['Severity']
      path: S['Step'][]
      verdict?: S['Verdict']
      arrives_at?: string
    }
    ServiceImpact: {
      service: string
      state: string
      likelihood: number
      time_to_harm_s: number
      harm_at: string
      severity: S['Severity']
      path: S['Step'][]
    }
    Barrier: { from: string; to: string; threat: string; protection: string[]; degree: number }
    Assessment: {
      incident: string
      incident_version: number
      model: string
      computed: string
      took_ms: number
      impacts: S['Impact'][]
      services: S['ServiceImpact'][]
      barriers: S['Barrier'][]
      not_modelled: S['Text'][]
      starts?: S['Affected'][]
    }
    CareState: {
      service: string
      name: string
      site: string
      state: string
      severity?: S['Severity']
      time_to_harm_s?: number
      harm_at?: string
      likelihood?: number
      incident?: string
      why?: string
    }
    Plan: {
      id: string
      incident: string
      playbook: string
      title: S['Text']
      started: string
      tasks: S['Task'][]
      version: number
      done?: string
    }
    Task: {
      id: string
      step: string
      text: S['Text']
      for: string
      state: S['TaskState']
      by?: string
      at?: string
      note?: string
    }
    Playbook: { id: string; title: { [locale: string]: string }; threats: string[] }
    Notice: {
      id: string
      incident: string
      channel: string
      text: S['Text']
      severity: S['Severity']
      made: string
      delivery: { state: string; attempts: number; next?: string; at?: string; error?: string }
      ack?: S['Ack']
      exercise?: string
    }
    Identifier: { kind: string; value: string }
    Protection: { against: string; degree: number; by?: string[]; note?: string }
    Asset: {
      id: string
      kind: string
      name: string
      place?: string
      identifiers?: S['Identifier'][]
      criticality: number
      owner?: string
      hub?: boolean
      tags?: string[]
      beds?: number
      attributes?: { [key: string]: string }
      protections?: S['Protection'][]
    }
    Dependency: {
      from: string
      to: string
      relation: string
      both_ways?: boolean
      group?: string
      need?: number
      autonomy_ns?: number
      likelihood?: number
      note?: string
    }
    Neighbour: { asset: S['Asset']; relation: string; direction: string; dependency: S['Dependency'] }
    AssetDetail: { asset: S['Asset']; path: S['Asset'][]; neighbours: S['Neighbour'][] }
    HospitalInfo: {
      name: string
      version: string
      time_zone: string
      demo: boolean
      counts: { assets: number; dependencies: number }
      sites: S['Asset'][]
    }
    FloorPlan: { id: string; name: string; place: string }
    UnknownAsset: {
      id: string
      identifier: S['Identifier']
      first: string
      last: string
      count: number
      source?: string
      example?: string
    }
    SourceHealth: {
      id: string
      kind: string
      state: string
      last?: string
      received: number
      parse_errors: number
      dropped: number
      refused: number
      rate_per_minute: number
      expected_s: number
      skew_ms: number
      skew_state: string
      detail?: string
    }
    SourceFailure: { time: string; error: string; raw: string; peer?: string }
    Event: {
      id: string
      time: string
      received: string
      source: string
      format: string
      site?: string
      category: string
      action?: string
      attributes?: { [key: string]: string }
      original?: { [key: string]: unknown }
      assets?: S['AssetRef'][]
      unknown?: S['Identifier'][]
      parse_error?: string
      truncated?: number
      exercise?: string
      raw?: string
    }
    Histogram: {
      from: string
      to: string
      bucket_s: number
      counts: { t: string; total: number; by_category: { [category: string]: number } }[]
    }
    Rule: {
      id: string
      title: string
      kind: string
      level: string
      threat: string
      file: string
      hits: number
      last_hit?: string
      status: string
      error?: string
    }
    Scenario: { id: string; title: { [locale: string]: string }; story?: string; duration_s?: number; records?: number }
    Exercise: {
      id: string
      scenario: string
      state: string
      started: string
      ended?: string
      by?: string
      speed: number
      sent?: number
      total?: number
      error?: string
    }
    Token: { id: string; name: string; role: string; made?: string; last_used?: string; expires?: string }
    NewToken: { id: string; secret: string }
    AuditEntry: {
      time: string
      by: string
      name: string
      action: string
      subject: string
      detail?: { [key: string]: unknown }
    }
  }
}
