// Brings the stream's changes into the query cache. Changes gather for a moment
// and go in together, so that a burst costs one drawing.
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query'
import { keys } from './keys'
import { forgetAssets } from './names'
import type { Change } from './stream'
import type { Assessment, CareState, Incident, Page, Plan } from './types'

const GATHER = 200 // ms

export type Feed = { push: (change: Change) => void; gap: () => void; stop: () => void }

export function feed(client: QueryClient): Feed {
  let waiting: Change[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    const changes = waiting
    waiting = []
    applyChanges(client, changes)
  }
  return {
    push: (change) => {
      waiting.push(change)
      timer ??= setTimeout(flush, GATHER)
    },
    gap: () => {
      waiting = [] // older than what is read now; some may be gone since
      clearTimeout(timer)
      timer = undefined
      forgetAssets()
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'texts' })
    },
    stop: () => clearTimeout(timer),
  }
}

export function applyChanges(client: QueryClient, changes: Change[]): void {
  const stale = new Map<string, QueryKey>()
  const renew = (key: QueryKey) => stale.set(JSON.stringify(key), key)
  const incidents = new Map<string, Incident>()
  for (const change of changes) {
    switch (change.kind) {
      case 'incident':
        if (isIncident(change.body)) incidents.set(change.id, change.body)
        else renew(keys.incidentLists)
        renew(keys.incidentPart(change.id, 'timeline'))
        renew(keys.incidentPart(change.id, 'alerts'))
        if (!isIncident(change.body)) renew(keys.incident(change.id))
        break
      case 'assessment':
        if (isAssessment(change.body)) client.setQueryData(keys.incidentPart(change.id, 'impact'), change.body)
        else renew(keys.incidentPart(change.id, 'impact'))
        renew(keys.incidentPart(change.id, 'timeline'))
        break
      case 'plan':
        applyPlan(client, change, renew)
        break
      case 'notice':
        renewNotices(client, change, renew)
        break
      case 'care':
        if (!isCareList(change.body)) renew(keys.care)
        else client.setQueryData<Page<CareState>>(keys.care, { items: change.body.items })
        break
      case 'source':
        renew(keys.sources)
        break
      case 'unknown-asset':
        renew(keys.unknownAssets)
        break
      case 'rule':
        renew(keys.rules)
        break
      case 'exercise':
        renew(keys.exercises)
        break
      case 'model':
        forgetAssets()
        for (const key of [keys.hospital, keys.assetLists, keys.assetDetails, keys.floorPlans, keys.care]) renew(key)
        break
    }
  }
  putIncidents(client, [...incidents.values()], renew)
  for (const key of stale.values()) void client.invalidateQueries({ queryKey: key, exact: key.length > 1 && key[0] === 'incident' && key.length > 2 })
}

function applyPlan(client: QueryClient, change: Change, renew: (key: QueryKey) => void): void {
  const incident = isPlan(change.body) ? change.body.incident : undefined
  if (incident) {
    renew(keys.incidentPart(incident, 'plan'))
    renew(keys.incidentPart(incident, 'timeline'))
    return
  }
  for (const query of client.getQueryCache().findAll({ queryKey: ['incident'] }))
    if (query.queryKey[2] === 'plan') renew(query.queryKey)
}

function renewNotices(client: QueryClient, change: Change, renew: (key: QueryKey) => void): void {
  const incident = typeof change.body === 'object' && change.body !== null && 'incident' in change.body ? change.body.incident : undefined
  if (typeof incident === 'string') renew(keys.incidentPart(incident, 'notices'))
  else
    for (const query of client.getQueryCache().findAll({ queryKey: ['incident'] }))
      if (query.queryKey[2] === 'notices') renew(query.queryKey)
}

export type IncidentPages = InfiniteData<Page<Incident>, string>

/** Puts newer incidents into every list and page that shows them. */
export function putIncidents(client: QueryClient, incidents: Incident[], renew?: (key: QueryKey) => void): void {
  if (incidents.length === 0) return
  for (const incident of incidents) {
    client.setQueryData<Incident>(keys.incident(incident.id), (old) => (old && old.version > incident.version ? old : incident))
  }
  for (const query of client.getQueryCache().findAll({ queryKey: keys.incidentLists })) {
    const status = String(query.queryKey[1])
    const searched = query.queryKey[2] !== ''
    client.setQueryData<IncidentPages>(query.queryKey, (old) => old && putInPages(old, incidents, status, !searched))
    if (searched) renew?.(query.queryKey)
  }
}

export function isOpen(incident: Incident): boolean {
  return incident.status === 'new' || incident.status === 'acknowledged' || incident.status === 'in-progress'
}

function belongs(incident: Incident, status: string): boolean {
  return status !== 'open' || (isOpen(incident) && !incident.merged_into)
}

export function putInPages(old: IncidentPages, incidents: Incident[], status: string, add: boolean): IncidentPages {
  const news = new Map(incidents.map((incident) => [incident.id, incident]))
  const pages = old.pages.map((page) => ({
    ...page,
    items: page.items.flatMap((item) => {
      const newer = news.get(item.id)
      news.delete(item.id)
      if (!newer || newer.version < item.version) return [item]
      return belongs(newer, status) ? [newer] : []
    }),
  }))
  const fresh = add ? [...news.values()].filter((incident) => belongs(incident, status)) : []
  const [first, ...rest] = pages
  if (!first || fresh.length === 0) return { ...old, pages }
  return { ...old, pages: [{ ...first, items: [...fresh, ...first.items] }, ...rest] }
}

const has = (value: unknown, ...names: string[]): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && names.every((name) => name in value)

function isIncident(value: unknown): value is Incident {
  return has(value, 'id', 'version', 'status', 'title', 'severity', 'opened') && Array.isArray(value['assets'])
}

function isAssessment(value: unknown): value is Assessment {
  return has(value, 'incident', 'computed') && Array.isArray(value['impacts']) && Array.isArray(value['services'])
}

function isPlan(value: unknown): value is Plan {
  return has(value, 'incident', 'tasks')
}

function isCareList(value: unknown): value is { items: CareState[] } {
  return has(value, 'items') && Array.isArray(value['items'])
}
