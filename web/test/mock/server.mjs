// A stand-in for the server, for looking at the built console by hand and in
// screenshots: fixtures in memory, the same strict content security policy.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as data from './data.mjs'
import { routes as rules } from './rules.mjs'
import { routes as storage } from './storage.mjs'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))
const port = Number(process.env.PORT ?? 4174)
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const user = { id: 'u1', name: 'admin', role: 'admin', locale: '', theme: 'system', has_password: !process.env.MOCK_FRESH, created: data.at(-9999), intended_use_accepted: !process.env.MOCK_FRESH }
let signedIn = !process.env.MOCK_FRESH
let offset = 1
const streams = new Set()
const emit = (kind, id, body) => {
  const frame = `id: ${++offset}\nevent: ${kind}\ndata: ${JSON.stringify({ kind, id, body })}\n\n`
  for (const stream of streams) stream.write(frame)
}
const session = () => ({
  signed_in: signedIn, needs_setup: !signedIn, ...(signedIn && { user }), csrf: 'mock',
  permissions: signedIn ? ['incidents.work', 'incidents.lead', 'hospital.edit', 'exercises.run', 'rules.edit', 'people.manage', 'instance.manage'] : [],
  instance: { name: 'Centre hospitalier Saint-Roch', version: '0.1.0', demo: true, time_zone: 'Europe/Paris' },
})
const list = (items) => ({ items, total: items.length })
function page(items, query) {
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  const next = from + limit < items.length ? String(from + limit) : undefined
  return { items: items.slice(from, from + limit), next, total: items.length }
}
const has = (q, ...words) => !q || words.some((w) => String(w ?? '').toLowerCase().includes(q.toLowerCase()))
const open = (i) => ['new', 'acknowledged', 'in-progress'].includes(i.status)
const find = (id) => data.incidents.find((i) => i.id === id)
function changed(incident, change) {
  Object.assign(incident, change, { version: incident.version + 1, updated: new Date().toISOString() })
  emit('incident', incident.id, incident)
  return incident
}
const ack = () => ({ by: user.id, name: user.name, at: new Date().toISOString() })

const routes = [
  ...storage,
  ['GET', '/session', session],
  ['POST', '/session', () => ((signedIn = true), session())],
  ['POST', '/session/redeem', () => ((signedIn = true), session())],
  ['DELETE', '/session', () => void (signedIn = false)],
  ['POST', '/session/intended-use', () => ((user.intended_use_accepted = true), session())],
  ['PUT', '/session/preferences', ({ body }) => (Object.assign(user, body), session())],
  ['PUT', '/session/password', session],
  ['GET', '/care', () => list(data.care)],
  ['GET', '/incidents', ({ query }) => page(data.incidents.filter((i) => (query.get('status') !== 'open' || open(i)) && has(query.get('q'), i.type, i.number)), query)],
  ['GET', '/incidents/:id', ({ id }) => find(id)],
  ['GET', '/incidents/:id/alerts', ({ id }) => list(data.joins.filter((j) => j.incident === id))],
  ['GET', '/incidents/:id/timeline', ({ id }) => list(data.timeline.filter((e) => e.incident === id))],
  ['GET', '/incidents/:id/impact', ({ id }) => (id === 'in-1042' ? data.assessment : { ...data.assessment, incident: id, impacts: [], services: [], barriers: [], not_modelled: [], starts: [] })],
  ['GET', '/incidents/:id/plan', ({ id }) => list(data.plans.filter((p) => p.incident === id))],
  ['GET', '/incidents/:id/notices', ({ id }) => list(data.notices.filter((p) => p.incident === id))],
  ['POST', '/incidents/:id/acknowledge', ({ id }) => changed(find(id), { status: 'acknowledged', ack: ack() })],
  ['POST', '/incidents/:id/status', ({ id, body }) => changed(find(id), { status: body.status })],
  ['POST', '/incidents/:id/owner', ({ id, body }) => changed(find(id), { owner: body.owner })],
  ['POST', '/incidents/:id/shelve', ({ id, body }) => changed(find(id), { shelved: { ...ack(), ...body } })],
  ['POST', '/incidents/:id/unshelve', ({ id }) => changed(find(id), { shelved: undefined })],
  ['POST', '/incidents/:id/:act', ({ id }) => changed(find(id), {})],
  ['POST', '/plans/:id/tasks/:task', ({ id, task, body }) => {
    const plan = data.plans.find((p) => p.id === id)
    Object.assign(plan.tasks.find((t) => t.id === task), body, { by: user.name, at: new Date().toISOString() })
    emit('plan', plan.id, plan)
    return plan
  }],
  ['GET', '/playbooks', () => list([{ id: 'fire', title: { en: 'Fire', fr: 'Incendie' }, threats: ['fire'], steps: 5 }])],
  ['POST', '/notices/:id/acknowledge', ({ id }) => Object.assign(data.notices.find((n) => n.id === id), { ack: ack() })],
  ['GET', '/assets', ({ query }) => {
    const ids = query.get('ids')?.split(',')
    const site = query.get('site')
    return page(data.assets.filter((x) => (!ids || ids.includes(x.id)) && has(query.get('q'), x.id, x.name) && (!query.get('kind') || x.kind === query.get('kind')) && (!site || x.id.startsWith(site === 'site-a' ? 'a' : 'b'))), query)
  }],
  ['GET', '/assets/:id', ({ id }) => {
    const asset = data.assets.find((x) => x.id === id)
    if (!asset) return undefined
    const path = []
    for (let x = asset; x?.place; ) path.unshift((x = data.assets.find((y) => y.id === x.place)))
    const near = data.assessment.impacts.flatMap((i) => i.path).concat(data.assessment.services.flatMap((i) => i.path)).filter((s) => s.from === id || s.to === id)
    const seen = new Set()
    const neighbours = near.map((s) => ({ asset: data.assets.find((x) => x.id === (s.from === id ? s.to : s.from)), relation: s.relation, direction: s.from === id ? 'out' : 'in', dependency: { from: s.from, to: s.to, relation: s.relation, likelihood: s.likelihood, autonomy_ns: 18e11 } })).filter((n) => !seen.has(n.asset.id) && seen.add(n.asset.id))
    return { asset, path, neighbours }
  }],
  ['GET', '/hospital', () => ({ ...session().instance, counts: { assets: data.assets.length, dependencies: 900 }, sites: data.assets.filter((x) => x.kind === 'site').map((x) => x.id) })],
  ['GET', '/floor-plans', () => list(data.floorPlans)],
  ['GET', '/floor-plans/:id', () => ({ raw: data.drawing, type: 'image/svg+xml' })],
  ['GET', '/unknown-assets', () => list(data.unknown)],
  ['GET', '/sources', () => list(data.sources)],
  ['GET', '/sources/:id/failures', ({ id }) => list(id === 'firewall' ? data.failures : [])],
  ['GET', '/events', ({ query }) => page(data.events.filter((e) => has(query.get('q'), e.attributes.message, e.category)), query)],
  ['GET', '/events/top', ({ query }) => ({ fields: [query.get('field')], values: [{ values: ['access'], count: 12 }, { values: ['fire'], count: 3 }], total: 15, without: 0, distinct: 2 })],
  ['GET', '/events/fields', () => ({ sample: 15, fields: [{ name: 'category', events: 15, distinct: 2 }, { name: 'EventID', original: true, events: 4, distinct: 3 }] })],
  ['GET', '/saved-searches', () => ({ items: [] })],
  ['GET', '/events/histogram', ({ query }) => {
    const n = Number(query.get('buckets') ?? 60)
    const from = Date.parse(query.get('from') ?? data.at(-1440))
    const to = Date.parse(query.get('to') ?? data.at(0))
    const counts = Array.from({ length: n }, (_, i) => {
      const by = { access: Math.round(20 + 15 * Math.sin(i / 7)), network: Math.round(40 + 30 * Math.cos(i / 5)), camera: (i * 7) % 13, fire: i === n - 3 ? 9 : 0 }
      return { t: new Date(from + ((to - from) * i) / n).toISOString(), total: Object.values(by).reduce((a, b) => a + b, 0), by_category: by }
    })
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket_s: (to - from) / 1000 / n, counts }
  }],
  ['GET', '/events/:id', ({ id }) => data.events.find((e) => e.id === id)],
  ...rules(page, user, emit),
  ['GET', '/exercises/scenarios', () => list(data.scenarios)],
  ['GET', '/exercises', () => list(data.exercises)],
  ['POST', '/exercises', ({ body }) => {
    const run = { id: 'ex-' + (data.exercises.length + 1), ...body, state: 'running', started: new Date().toISOString(), by: user.name, sent: 0, length_s: 900, position_s: 40, refused: 0, title: data.scenarios.find((s) => s.id === body.scenario).title }
    data.exercises.unshift(run)
    setTimeout(() => emit('incident', 'in-2000', { ...data.incidents[0], id: 'in-2000', number: 2000, opened: new Date().toISOString(), exercise: run.id }), 1500)
    return run
  }],
  ['DELETE', '/exercises/:id', ({ id }) => void Object.assign(data.exercises.find((x) => x.id === id), { state: 'stopped' })],
  ['GET', '/backups', () => data.backups],
  ['POST', '/backups', () => ({ ...data.backups, running: { began: new Date().toISOString(), part: 'events', bytes: 73400320 } })],
  ['GET', '/tokens', () => list(data.tokens)],
  ['POST', '/tokens', ({ body }) => (data.tokens.push({ id: 'tok-9', ...body }), { id: 'tok-9', secret: 'wt_5Zc0…mock' })],
  ['DELETE', '/tokens/:id', ({ id }) => void data.tokens.splice(data.tokens.findIndex((t) => t.id === id), 1)],
  ['GET', '/audit/state', () => ({ entries: 41, waiting: 0, origin: 'warder-audit-mock', verifier: 'warder-audit-mock+00000000+AAAA', published: new Date().toISOString() })],
  ['POST', '/audit/verify', () => undefined],
  ['GET', '/audit', ({ query }) => page(data.audit, query)],
  ['GET', '/texts/:locale', ({ locale }) => ({ locale, texts: data.texts[locale] })],
].map(([method, path, handler]) => {
  const names = [...path.matchAll(/:(\w+)/g)].map((m) => m[1])
  return { method, names, pattern: new RegExp('^' + path.replace(/:\w+/g, '([^/]+)') + '$'), handler }
})

async function api(request, response, url) {
  const path = url.pathname.slice('/api/v1'.length)
  if (path === '/stream') return stream(request, response)
  for (const { method, names, pattern, handler } of routes) {
    const match = request.method === method && pattern.exec(path)
    if (!match) continue
    let text = ''
    for await (const chunk of request) text += chunk
    const params = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1])]))
    const answer = await handler({ ...params, query: url.searchParams, body: text ? JSON.parse(text) : {} })
    if (answer === undefined && method === 'GET') break
    if (answer === undefined) return response.writeHead(204).end()
    if (answer.type === 'image/svg+xml') return response.writeHead(200, { 'Content-Type': answer.type }).end(answer.raw)
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  }
  response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ title: 'Not Found', status: 404, detail: `nothing is at ${path}` }))
}

function stream(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  response.write(': hello\n\n')
  streams.add(response)
  request.on('close', () => streams.delete(response))
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://mock')
  if (url.pathname.startsWith('/api/v1/')) return void api(request, response, url)
  const wanted = join(dist, url.pathname)
  const file = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, 'index.html')
  response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': csp })
  createReadStream(file).pipe(response)
}).listen(port, '127.0.0.1', () => console.log(`mock console on http://127.0.0.1:${port}`))
