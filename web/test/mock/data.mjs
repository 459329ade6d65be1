// An invented afternoon in an invented hospital, for looking at the console
// without a server. Times are relative to the start of the mock.
export const start = Date.now()
export const at = (minutes) => new Date(start + minutes * 60_000).toISOString()
const T = (code, params) => ({ code, params })

const a = (id, kind, name, place, more = {}) => ({ id, kind, name, place, criticality: 3, ...more })
export const assets = [
  a('site-a', 'site', 'Saint-Roch'),
  a('site-b', 'site', 'Les Tilleuls'),
  a('a-b1', 'building', 'Bât. A', 'site-a', { criticality: 5 }),
  a('b-p1', 'building', 'Pavillon 1', 'site-b'),
  a('a-f2', 'floor', 'Level 2', 'a-b1'),
  a('a-f1', 'floor', 'Level 1', 'a-b1'),
  a('a-f0', 'floor', 'Ground floor', 'a-b1'),
  a('a-r-e2014', 'room', 'Plant room E2-014', 'a-f2', {
    criticality: 4, tags: ['plant'], owner: 'Facilities',
    identifiers: [{ kind: 'point', value: 'FP-A/2-014' }],
    protections: [{ against: 'fire', degree: 0.5, by: ['a-door-12'], note: '60-minute door' }],
  }),
  a('a-r-e2015', 'room', 'Theatre plant E2-015', 'a-f2', { criticality: 5 }),
  a('a-r-e2016', 'room', 'Corridor E2', 'a-f2'),
  a('a-ot-1', 'room', 'Theatre 1', 'a-f2', { criticality: 5, tags: ['theatre'] }),
  a('a-ot-2', 'room', 'Theatre 2', 'a-f2', { criticality: 5, tags: ['theatre'] }),
  a('a-r-steri', 'room', 'Sterilisation', 'a-f2'),
  a('a-r-pharm', 'room', 'Pharmacy', 'a-f2', { criticality: 4 }),
  a('a-r-wait', 'room', 'Waiting room', 'a-f0'),
  a('a-door-12', 'door', 'Fire door 12', 'a-r-e2014'),
  a('a-hvac-ot', 'hvac', 'Theatre air handling AHU-2', 'a-r-e2015', { criticality: 5, identifiers: [{ kind: 'bacnet', value: '220014' }] }),
  a('a-ups-ot', 'ups', 'Theatre UPS', 'a-r-e2015', { criticality: 5 }),
  a('a-cam-12', 'camera', 'Camera plant corridor', 'a-r-e2016', { identifiers: [{ kind: 'camera', value: 'cam-a2-corridor' }] }),
  a('a-fp', 'panel', 'Fire panel FP-A', 'a-f0', { identifiers: [{ kind: 'panel', value: 'FP-A' }] }),
  a('a-sw-core', 'network', 'Core switch A', 'a-f0', { hub: true }),
  a('a-srv-sched', 'host', 'srv-schedule', 'a-f0', { identifiers: [{ kind: 'hostname', value: 'srv-schedule' }, { kind: 'ip', value: '10.20.1.10' }] }),
  a('a-app-sched', 'application', 'Appointment scheduling', 'a-srv-sched'),
  a('a-srv-mail', 'host', 'srv-mail', 'a-f0'),
  a('a-frz-1', 'equipment', 'Vaccine freezer 1', 'a-r-pharm', { criticality: 5 }),
  ...[
    ['a-cs-ed', 'Emergency department'], ['a-cs-theatres', 'Theatre block'], ['a-cs-icu', 'Intensive care'], ['a-cs-imaging', 'Imaging'],
    ['a-cs-lab', 'Laboratory'], ['a-cs-pharm', 'Pharmacy'], ['a-cs-samu', 'Emergency-call centre'], ['a-cs-mat', 'Maternity'],
    ['b-cs-geri', 'Geriatrics'], ['b-cs-psy', 'Psychiatry'], ['b-cs-dial', 'Dialysis'],
  ].map(([id, name]) => a(id, 'care-service', name, id.startsWith('a') ? 'site-a' : 'site-b', { criticality: 5, beds: 24 })),
  ...Array.from({ length: 600 }, (_, i) => a(`b-r-${i}`, i % 7 ? 'room' : 'sensor', `${i % 7 ? 'Room' : 'Sensor'} P1-${String(i).padStart(3, '0')}`, 'b-p1')),
]

const affected = (asset, threat, minutes, alert) => ({ asset, threat, since: at(minutes), alert })
const incident = (n, more) => ({
  id: `in-${n}`, number: n, version: 3, type: 'fire', title: T('incident.fire', { place: 'a-r-e2014' }), severity: 'medium', status: 'new', opened: at(-40),
  updated: at(-4), last_alert: at(-4), site: 'site-a', place: 'a-f2', assets: [], alerts: 2, domains: ['physical'], ...more,
})

export const incidents = [
  incident(1042, {
    severity: 'critical', opened: at(-3), last_alert: at(-0.6), place: 'a-r-e2014', alerts: 4, assets: [affected('a-r-e2014', 'fire', -3, 'al-1'), affected('a-r-e2016', 'smoke', -1, 'al-3')],
    outlook: { assets: 8, services: 3, next: 'a-cs-theatres', next_state: 'lost', time_to_harm_s: 1080, harm_at: at(15), likelihood: 0.62 },
  }),
  incident(1041, {
    type: 'theft', title: T('incident.theft', { place: 'a-r-pharm' }), severity: 'high', status: 'acknowledged', opened: at(-26), place: 'a-r-pharm', alerts: 9, domains: ['cyber', 'physical'],
    ack: { by: 'u1', name: 'C. Moreau', at: at(-21) }, owner: 'C. Moreau', assets: [affected('a-frz-1', 'theft', -8, 'al-9')],
    outlook: { assets: 5, services: 1, next: 'a-cs-pharm', next_state: 'degraded', time_to_harm_s: 3600, harm_at: at(52), likelihood: 0.4 },
  }),
  incident(1039, { type: 'scan', title: T('incident.scan', { asset: 'a-srv-sched' }), severity: 'medium', status: 'in-progress', place: 'a-srv-sched', opened: at(-95), alerts: 31, domains: ['cyber'], owner: 'J. Petit' }),
  incident(1038, { type: 'source-silent', title: T('incident.source-silent', { source: 'bms' }), severity: 'medium', opened: at(-120), place: '', alerts: 1, domains: ['health'] }),
  incident(1036, { type: 'held-door', title: T('incident.held-door', { place: 'a-door-12' }), severity: 'low', opened: at(-160), place: 'a-r-e2016', alerts: 1, shelved: { by: 'u1', name: 'C. Moreau', why: 'Works until 17:00, guard on site', at: at(-150), until: at(60) } }),
  incident(1035, { type: 'too-hot', title: T('incident.too-hot', { place: 'a-r-steri' }), severity: 'low', opened: at(-190), place: 'a-r-steri', alerts: 2, exercise: 'ex-1' }),
  incident(1030, { type: 'loitering', title: T('incident.loitering', { place: 'a-r-wait' }), severity: 'info', status: 'closed', opened: at(-900), closed: at(-800), place: 'a-r-wait', alerts: 3 }),
  ...Array.from({ length: Number(process.env.MOCK_MANY ?? 14) }, (_, i) =>
    incident(1000 - i, {
      type: 'badge-misuse', title: T('incident.badge-misuse', { place: `b-r-${i % 600}` }), severity: ['low', 'info', 'low'][i % 3], status: i % 4 ? 'acknowledged' : 'new', opened: at(-200 - i * 13), site: 'site-b', place: `b-r-${i % 600}`,
      ack: i % 4 ? { by: 'u1', name: 'J. Petit', at: at(-150) } : undefined,
    }),
  ),
]

export const care = assets.filter((x) => x.kind === 'care-service').map((x) => ({
  service: x.id, name: x.name, site: x.place, state: 'normal',
  ...({
    'a-cs-theatres': { state: 'threatened', severity: 'critical', harm_at: at(15), likelihood: 0.62, incident: 'in-1042' },
    'a-cs-pharm': { state: 'degraded', severity: 'high', incident: 'in-1041' },
    'a-cs-icu': { state: 'threatened', severity: 'high', harm_at: at(44), likelihood: 0.3, incident: 'in-1042' },
    'b-cs-psy': { state: 'unknown', why: 'not-modelled' },
    ...(process.env.MOCK_LOST ? { 'a-cs-samu': { state: 'lost', severity: 'critical', incident: 'in-1042' } } : {}),
  })[x.id],
}))

const st = (from, from_threat, to, to_threat, relation, likelihood, minutes, code) => ({
  from, from_threat, to, to_threat, rule: code, relation, likelihood, delay_s: minutes * 60,
  why: T(`impact.${code}`, { from, to, from_threat, to_threat }),
})
const s1 = st('a-r-e2014', 'fire', 'a-r-e2015', 'fire', 'leads-to', 0.7, 9, 'fire-to-neighbour')
const s2 = st('a-r-e2015', 'fire', 'a-hvac-ot', 'lost', 'hosts', 0.95, 3, 'fire-destroys')
const s3 = st('a-r-e2015', 'fire', 'a-ups-ot', 'lost', 'hosts', 0.95, 3, 'fire-destroys')
const s4 = st('a-hvac-ot', 'lost', 'a-ot-1', 'too-hot', 'supplies', 0.9, 4, 'air-lost')
const s5 = st('a-hvac-ot', 'lost', 'a-ot-2', 'too-hot', 'supplies', 0.9, 4, 'air-lost')
const s6 = st('a-ot-1', 'too-hot', 'a-cs-theatres', 'lost', 'supplies', 0.9, 2, 'theatre-closed')
const s7 = st('a-r-e2014', 'fire', 'a-r-e2016', 'smoke', 'leads-to', 0.8, 2, 'smoke-spreads')
const s8 = st('a-r-e2016', 'smoke', 'a-r-steri', 'smoke', 'leads-to', 0.4, 12, 'smoke-spreads')
const s9 = st('a-r-steri', 'smoke', 'a-cs-lab', 'degraded', 'supplies', 0.5, 30, 'supplies-lost')
const s10 = st('a-ups-ot', 'lost', 'a-cs-icu', 'degraded', 'supplies', 0.5, 32, 'power-lost')
const imp = (asset, threat, likelihood, minutes, severity, path, more = {}) => ({ asset, threat, likelihood, delay_s: minutes * 60, severity, path, arrives_at: at(minutes - 3), ...more })
export const assessment = {
  incident: 'in-1042', incident_version: 3, model: 'm-17', computed: at(-0.5), took_ms: 12.4,
  starts: incidents[0].assets,
  impacts: [
    imp('a-r-e2014', 'fire', 1, 0, 'critical', []),
    imp('a-r-e2016', 'smoke', 0.8, 2, 'high', [s7], { verdict: 'confirmed' }),
    imp('a-r-e2015', 'fire', 0.7, 9, 'critical', [s1]),
    imp('a-hvac-ot', 'lost', 0.66, 12, 'high', [s1, s2]),
    imp('a-ups-ot', 'lost', 0.66, 12, 'high', [s1, s3]),
    imp('a-r-steri', 'smoke', 0.32, 14, 'medium', [s7, s8]),
    imp('a-ot-1', 'too-hot', 0.6, 16, 'high', [s1, s2, s4]),
    imp('a-ot-2', 'too-hot', 0.6, 16, 'high', [s1, s2, s5]),
  ],
  services: [
    { service: 'a-cs-theatres', state: 'lost', likelihood: 0.62, time_to_harm_s: 1080, harm_at: at(15), severity: 'critical', path: [s1, s2, s4, s6] },
    { service: 'a-cs-icu', state: 'degraded', likelihood: 0.33, time_to_harm_s: 2640, harm_at: at(41), severity: 'high', path: [s1, s3, s10] },
    { service: 'a-cs-lab', state: 'degraded', likelihood: 0.16, time_to_harm_s: 3000, harm_at: at(46), severity: 'medium', path: [s7, s8, s9] },
  ],
  barriers: [{ from: 'a-r-e2014', to: 'a-r-pharm', threat: 'fire', protection: ['a-door-12'], degree: 1 }],
  not_modelled: [T('impact.no-supplier', { asset: 'b-cs-psy' })],
}

const alert = (id, text, threat, severity, minutes, source, more = {}) => ({
  id, rule: 'rule-4', detector: 'sigma', text, threat, severity, time: at(minutes), received: at(minutes), source, events: [`w.1.${id.slice(3)}`],
  assets: [{ id: 'a-r-e2014', role: 'target', by: 'point', value: 'FP-A/2-014' }], ...more,
})
const rule = (title, title_fr) => T('alert.rule', { title, title_fr })
export const joins = [
  { alert: alert('al-1', rule('Fire alarm from a detector', 'Alarme incendie d’un détecteur'), 'fire', 'critical', -3, 'fire-panel'), reason: T('join.first'), at: at(-3) },
  { alert: alert('al-2', rule('Temperature above its limit', 'Température au-dessus du seuil'), 'too-hot', 'medium', -2.2, 'sensors'), reason: T('join.asset', { asset: 'a-r-e2014' }), at: at(-2.2), with: 'al-1' },
  { alert: alert('al-3', rule('Smoke seen by a camera', 'Fumée vue par une caméra'), 'smoke', 'high', -1, 'frigate'), reason: T('join.near', { asset: 'a-r-e2016', with: 'a-r-e2014' }), at: at(-1), with: 'al-1' },
  { alert: alert('al-4', rule('Fire door held open', 'Porte coupe-feu maintenue ouverte'), 'held-door', 'low', -0.6, 'access'), reason: T('join.near', { asset: 'a-door-12', with: 'a-r-e2014' }), at: at(-0.6), with: 'al-1' },
].map((j) => ({ incident: 'in-1042', ...j }))

export const timeline = [
  { kind: 'alert', minutes: -3, text: joins[0].alert.text, severity: 'critical', alert: 'al-1', asset: 'a-r-e2014' },
  { kind: 'plan', minutes: -2.9, text: T('timeline.plan-started', { title: 'Fire in a technical room' }) },
  { kind: 'impact', minutes: -2.9, text: T('timeline.impact', { count: '8', services: '3', service: 'a-cs-theatres' }), severity: 'critical' },
  { kind: 'notice', minutes: -2.8, text: T('timeline.notice', { channel: 'console' }) },
  { kind: 'alert', minutes: -2.2, text: joins[1].alert.text, severity: 'medium', alert: 'al-2', asset: 'a-r-e2014' },
  { kind: 'act', minutes: -1.8, text: T('timeline.dispatched', { who: 'Guard 4' }), by: 'C. Moreau' },
  { kind: 'alert', minutes: -1, text: joins[2].alert.text, severity: 'high', alert: 'al-3', asset: 'a-r-e2016' },
  { kind: 'comment', minutes: -0.8, text: T('timeline.comment', { text: 'Smoke visible at the end of corridor E2. Fire brigade called, 6 minutes.' }), by: 'C. Moreau' },
  { kind: 'alert', minutes: -0.6, text: joins[3].alert.text, severity: 'low', alert: 'al-4', asset: 'a-door-12' },
].map((e, i) => ({ id: `tl-${i}`, incident: 'in-1042', time: at(e.minutes), ...e }))

const task = (id, role, en, more = {}) => ({ id, step: id, text: T('plan.step', { text: en }), for: role, state: 'open', ...more })
export const plans = [
  {
    id: 'pl-1', incident: 'in-1042', playbook: 'fire', title: T('plan.title', { title: 'Fire in a technical room' }), started: at(-2.9), version: 2,
    tasks: [
      task('t1', 'operator', 'Call the fire brigade (18) and say: Bât. A, level 2, plant room E2-014', { state: 'done', by: 'C. Moreau', at: at(-1.5) }),
      task('t2', 'guard', 'Go and look, with an extinguisher; report what you see'),
      task('t3', 'technician', 'Close fire door 12 if it stands open'),
      task('t4', 'nurse', 'Tell the theatre coordinator: air handling may fail within 15 minutes'),
      task('t5', 'lead', 'Decide whether running operations are finished or moved', { state: 'skipped', by: 'C. Moreau', at: at(-1), note: 'No operation is running' }),
    ],
  },
]
export const notices = [
  { id: 'no-1', incident: 'in-1042', channel: 'console', text: T('notice.incident', { number: '1042' }), severity: 'critical', made: at(-2.8), delivery: { state: 'delivered', attempts: 1, at: at(-2.8) }, ack: { by: 'u1', name: 'C. Moreau', at: at(-2) } },
  { id: 'no-2', incident: 'in-1042', channel: 'webhook:duty-phone', text: T('notice.incident', { number: '1042' }), severity: 'critical', made: at(-2.8), delivery: { state: 'waiting', attempts: 3, next: at(0.5), error: 'connection refused' } },
]

export const texts = {
  en: {
    'incident.fire': 'Fire in {place}', 'incident.theft': 'Theft in {place}', 'incident.scan': 'Network scan from {asset}', 'incident.source-silent': 'Source {source} is silent',
    'incident.held-door': '{place} held open', 'incident.too-hot': 'Too hot in {place}', 'incident.loitering': 'Loitering in {place}', 'incident.badge-misuse': 'Badge misuse at {place}', 'incident.flood': 'Water in {place}',
    'join.first': 'It opened the incident', 'join.asset': 'It is about the same asset, {asset}', 'join.near': '{asset} is next to {with}',
    'impact.fire-to-neighbour': 'Fire in {from} spreads to {to}', 'impact.fire-destroys': '{to} stands in {from} and burns with it', 'impact.air-lost': 'Without {from}, {to} gets too hot', 'impact.theatre-closed': 'Without {from}, {to} cannot go on', 'impact.smoke-spreads': 'Smoke goes from {from} to {to}', 'impact.supplies-lost': '{to} rests on {from}', 'impact.power-lost': '{to} is fed by {from}', 'source.silent': 'No record for longer than expected', 'source.unreadable': 'Many records could not be read', 'impact.no-supplier': 'Nothing is modelled that {asset} rests on',
    'timeline.plan-started': 'Plan started: {title}', 'timeline.impact': '{count} assets and {services} care services predicted; first {service}', 'timeline.notice': 'Notice sent to {channel}', 'timeline.dispatched': '{who} sent', 'timeline.comment': '{text}',
    'plan.step': '{text}', 'plan.title': '{title}', 'notice.incident': 'Critical incident {number}',
  },
}
texts.fr = { ...texts.en, 'incident.fire': 'Incendie : {place}', 'incident.theft': 'Vol : {place}', 'join.first': 'Elle a ouvert l’incident', 'join.asset': 'Même actif : {asset}', 'join.near': '{asset} est voisin de {with}' }

export const floorPlans = [
  { id: 'plan-a-2', name: 'Bât. A, level 2', place: 'a-f2' },
  { id: 'plan-b', name: 'Les Tilleuls, Pavillon 1', place: 'b-p1' },
]
const room = (id, x, y, w, h) => `<rect class="room" data-asset="${id}" x="${x}" y="${y}" width="${w}" height="${h}"/>`
const label = (x, y, words) => `<text x="${x}" y="${y}" font-size="11" text-anchor="middle">${words}</text>`
export const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">
<path class="wall" d="M8 8h624v344H8z"/>
${room('a-ot-1', 16, 16, 150, 120)}${label(91, 80, 'Theatre 1')}${room('a-ot-2', 170, 16, 150, 120)}${label(245, 80, 'Theatre 2')}${room('a-r-steri', 324, 16, 140, 120)}${label(394, 80, 'Sterilisation')}${room('a-r-pharm', 468, 16, 156, 120)}${label(546, 80, 'Pharmacy')}
${room('a-r-e2016', 16, 140, 608, 56)}${label(320, 172, 'Corridor E2')}
${room('a-r-e2014', 16, 200, 200, 144)}${label(116, 275, 'Plant room E2-014')}${room('a-r-e2015', 220, 200, 220, 144)}${label(330, 275, 'Theatre plant E2-015')}
<rect class="room" x="444" y="200" width="180" height="144"/>
<rect class="door" data-asset="a-door-12" x="100" y="194" width="28" height="8"/>
<circle class="device" data-asset="a-cam-12" cx="420" cy="152" r="7"/><circle class="device" data-asset="a-hvac-ot" cx="270" cy="320" r="8"/><circle class="device" data-asset="a-ups-ot" cx="400" cy="320" r="8"/></svg>`

export const sources = [
  { id: 'fire-panel', kind: 'syslog', state: 'ok', last: at(-0.2), received: 48210, parse_errors: 0, dropped: 0, refused: 0, rate_per_minute: 2.1, expected_s: 300, skew_ms: 40, skew_state: 'ok' },
  { id: 'frigate', kind: 'mqtt', state: 'ok', last: at(-0.05), received: 912_400, parse_errors: 3, dropped: 0, refused: 0, rate_per_minute: 118.4, expected_s: 60, skew_ms: -4200, skew_state: 'skewed' },
  { id: 'bms', kind: 'syslog', state: 'silent', last: at(-121), received: 20111, parse_errors: 0, dropped: 0, refused: 0, rate_per_minute: 0, expected_s: 600, skew_ms: 0, skew_state: 'ok', detail: T('source.silent', {}) },
  { id: 'firewall', kind: 'http', state: 'failing', last: at(-1), received: 120_000, parse_errors: 812, dropped: 4, refused: 2, rate_per_minute: 310, expected_s: 60, skew_ms: 12, skew_state: 'ok', detail: T('source.unreadable', {}) },
  { id: 'freezers', kind: 'mqtt', state: 'waiting', received: 0, parse_errors: 0, dropped: 0, refused: 0, rate_per_minute: 0, expected_s: 0, skew_ms: 0, skew_state: 'unknown' },
]
const b64 = (v) => Buffer.from(v).toString('base64')
export const failures = [
  { time: at(-1), error: 'eve: no such event type "flwo"', raw: b64('{"event_type":"flwo","src_ip":"10.20.4.7","alert":{"signature":"<script>alert(1)</script>"}}'), peer: '10.20.0.2:51123' },
  { time: at(-2), error: 'syslog: no priority', raw: b64(Buffer.from([0x80, 0x01, 0xff, 0, 12, 77, 65, 80, 0, 1, 2, 3, 200, 201, 9, 8, 7, 6, 5, 4])), peer: '10.20.0.2:51123' },
]
const categories = ['access', 'camera', 'network', 'sensor', 'authentication', 'fire']
export const events = Array.from({ length: 340 }, (_, i) => ({
  id: `w.1.${i}`, time: at(-i * 3.1), received: at(-i * 3.1 + 0.01), source: ['access', 'frigate', 'firewall', 'sensors', 'ad', 'fire-panel'][i % 6], format: 'syslog', category: categories[i % 6],
  action: ['badge.granted', 'object.stationary', '', 'sensor.reading', 'logon.failure', 'fire.alarm'][i % 6], site: 'site-a',
  attributes: { message: ['Door D-A2-014 granted to B1042', 'person stands still for 94 s', 'ET SCAN Nmap Scripting Engine', 'temperature 8.4 Cel', 'logon failed for m.rossi', 'Detector 2-014 in alarm'][i % 6], 'actor.person': 'm.rossi', 'source.ip': '10.20.4.7' },
  original: { event: 'badge.granted', door: 'D-A2-014', nested: { zone: ['pharmacy', 'door'] } },
  assets: [{ id: 'a-r-e2014', role: 'target', by: 'point', value: 'FP-A/2-014' }, { id: 'a-cam-12', role: 'observer', by: 'camera', value: 'cam-a2-corridor' }],
  unknown: i % 5 ? undefined : [{ kind: 'ip', value: '10.99.1.4' }], raw: b64(`<134>1 ${at(-i * 3.1)} acs access - - [access@32473 event="badge.granted" door="D-A2-014" person="m.rossi"]`),
}))
export const scenarios = [
  { id: 's3', title: { en: 'Fire beside theatre equipment', fr: 'Incendie près des équipements de bloc' }, story: 'A small fire in a plant room; the guard does not know that the next room holds what the theatres need.', length_s: 900, records: 42, playable: true, expects: [], noise: false },
  { id: 's1', title: { en: 'Vaccine theft', fr: 'Vol de vaccins' }, story: 'Nine steps from a phishing mail to an empty freezer.', length_s: 5400, records: 310, playable: true, expects: [], noise: false },
]
export const exercises = [{ id: 'ex-1', scenario: 's3', state: 'finished', started: at(-200), ended: at(-180), by: 'admin', speed: 4, sent: 42, refused: 0, length_s: 900, position_s: 900, title: { en: 'Fire beside theatre equipment', fr: 'Incendie près des équipements de bloc' } }]
const backup = (minutes, bytes) => {
  const made = at(minutes)
  const name = `warder-${made.slice(0, 19).replace(/[-:]/g, '')}Z.age`
  return { name, made, verified: made, took: 41.2, bytes, sha256: 'c0ffee', program: '1.4.0', parts: { store: { entries: 40, bytes: 5e6, rows: 48211 }, events: { entries: 212, bytes: bytes - 8e6 } } }
}
export const backups = {
  recipients: ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'], folder: '/var/lib/warder/backups', every: 86400, keep: 7,
  due: at(620), items: [backup(-820, 1841299456), backup(-2260, 1807745024)],
}
export const tokens = [{ id: 'tok-1', name: 'firewall feed', role: 'sender', created: at(-9000), used: at(-1) }]
export const audit = Array.from({ length: 40 }, (_, i) => ({ id: `au-${i}`, place: 40 - i, time: at(-i * 17), by: 'u1', name: ['C. Moreau', 'admin'][i % 2], action: ['incident.acknowledge', 'session.open', 'incident.shelve', 'token.make'][i % 4], subject: `in-${1042 - i}`, detail: { reason: 'Works' } }))
export const unknown = [
  { id: 'un-1', kind: 'ip', value: '10.99.1.4', first_seen: at(-4000), last_seen: at(-2), state: 'open', count: 412, source: 'firewall' },
  { id: 'un-2', kind: 'camera', value: 'cam-new-7', first_seen: at(-300), last_seen: at(-30), state: 'open', count: 12, source: 'frigate' },
]
