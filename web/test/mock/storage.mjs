// Storage and evidence of the stand-in server.
const at = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString()
const day = (n) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10)
const kind = (category, source, events, bytes, raw_bytes, hours, exercise) => ({ category, source, events, bytes, raw_bytes, oldest: at(hours), newest: at(0), exercise })
const kinds = [
  kind('network', 'network', 4_210_000, 337_000_000, 1_320_000_000, 2100),
  kind('process', 'systems', 2_900_000, 232_000_000, 2_050_000_000, 2100),
  kind('access', 'systems', 310_000, 24_800_000, 61_000_000, 710),
  kind('camera', 'devices', 88_000, 7_000_000, 54_000_000, 710),
  kind('access', 'systems', 420, 34_000, 80_000, 60, true),
]
const holds = [
  { id: 'h1', incident: 'in-1042', number: 1042, why: 'Prosecutor’s request 88/26', around: true, placed: at(30), by: 'u1', name: 'A. Moreau', events: 37, in_force: true },
  { id: 'h2', incident: 'in-1041', number: 1041, why: 'Insurance', around: false, placed: at(900), by: 'u1', name: 'A. Moreau', released: at(400), released_by: 'admin', released_why: 'settled', events: 4, in_force: false },
]
const storage = () => ({
  usage: {
    bytes: 601_000_000, segments: 148, events: 7_508_420, waiting: 812, kinds,
    days: Array.from({ length: 12 }, (_, n) => ({ day: day(n), events: 620_000 - n * 9000, bytes: 50_000_000 - n * 1_200_000 })),
    damaged: [{ name: '00000000000000081204-00000000000000081991-2f8a0c1b9d7e4f6a5b3c2d1e0f9a8b7c.parquet', bytes: 812_000, after: 81_204, through: 81_991 }],
  },
  keeping: kinds.map((k) => ({ days: k.exercise ? 7 : k.category === 'access' || k.category === 'camera' ? 30 : 90, raw: k.exercise ? 7 : 30 })),
  retention: { default: 90, categories: { access: 30, camera: 30 }, sources: {}, raw: 30, exercise: 7, incident: 365 },
  disk: { free: 412_000_000_000, total: 980_000_000_000, per_day: 47_000_000, days_left: 8766 },
  holds,
  erasures: [{ id: 'e2', asked: at(0.02), name: 'admin', why: 'DPO 2026-114', events: 214, held: 3, segments: 18, open: 6 }],
  deletions: [
    { number: 3, at: at(4), kind: 'retention', events: 41_200, raw: 388_000, kept: 12 },
    { number: 2, at: at(52), kind: 'erasure', events: 96, kept: 0, who: 'admin', why: 'DPO 2026-101' },
    { number: 1, at: at(240), kind: 'quarantine', events: 0, who: 'admin', why: 'restored from the backup of Monday' },
  ],
  key: '5d1f0c9a7e3b2f8465c1d0e9f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8',
})

export const routes = [
  ['GET', '/storage', storage],
  ['GET', '/evidence/holds', ({ query }) => ({ items: holds.filter((h) => h.incident === query.get('incident')) })],
  ['POST', '/evidence/holds', ({ body }) => ({ ...holds[0], ...body, id: 'h3' })],
  ['POST', '/evidence/holds/:id/release', () => undefined],
  ['POST', '/evidence/erasures', ({ body }) => ({ events: 214, held: 3, segments: 18, ...(body.preview ? {} : { id: 'e3' }) })],
  ['POST', '/evidence/quarantine/:name/discard', () => undefined],
]
