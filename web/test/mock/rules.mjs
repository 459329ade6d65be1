// Invented rules and what is done with them. MOCK_RULES says how many.
import { at, events } from './data.mjs'

const titles = [
  ['Door forced open', 'Porte forcée'], ['Fire alarm from a detector', 'Alarme incendie d’un détecteur'], ['Person stands still near a restricted door', 'Personne immobile près d’une porte réservée'],
  ['Network scan of a hospital subnet', 'Balayage d’un sous-réseau de l’hôpital'], ['Office program starts a shell', 'Un logiciel bureautique lance un interpréteur'],
]
const yaml = (i) => `title: ${titles[i % 5][0]}
id: rule-${i}
status: stable
description: >-
  Outlook or an office program starts a shell or script host: a lure was opened.
author: Warder
tags:
  - attack.t1566.001
logsource:
  product: windows
  category: process_creation
detection:
  parent:
    ParentImage|endswith: ["\\\\OUTLOOK.EXE", "\\\\WINWORD.EXE", "\\\\EXCEL.EXE"]
  child:
    Image|endswith: ["\\\\powershell.exe", "\\\\cmd.exe", "\\\\mshta.exe"]
  filter:
    User|contains: "svc-"
  condition: parent and child and not filter
falsepositives:
  - Old add-ins that call scripts
level: medium
`
const days = (i) => Array.from({ length: 14 }, (_, d) => ({ day: at(-(13 - d) * 1440).slice(0, 10), hits: i % 4 === 3 ? 0 : Math.round(Math.abs(Math.sin(i + d * 1.7)) * ((i % 5) * 4 + 1)) }))
const severities = ['critical', 'high', 'medium', 'low', 'info']

const rules = Array.from({ length: Number(process.env.MOCK_RULES ?? 64) }, (_, i) => {
  const error = i === 7 || i === 8 ? 'unknown modifier "cidrr" of the field DestinationIp; did you mean "cidr"?' : undefined
  return {
    id: i === 8 ? 'file:warder/cyber/rule-8.yml' : `rule-${i}`, title: titles[i % 5][0] + (i > 4 ? ` (${i})` : ''), title_fr: titles[i % 5][1] + (i > 4 ? ` (${i})` : ''), kind: i % 6 ? 'event' : 'correlation', level: severities[i % 5],
    severity: i === 2 ? 'high' : severities[i % 5], threat: ['forced-door', 'fire', 'loitering', 'scan', 'phishing'][i % 5], file: `rules/cyber/rule-${i}.yml`, line: error ? 14 : 1,
    hits: error ? 0 : (i * 37) % 911, last_hit: i % 3 && !error ? at(-i * 9) : undefined, per_day: error ? [] : days(i), excepted: i === 4 ? 17 : 0, status: error ? 'error' : i === 11 ? 'off' : 'active', error,
    techniques: i % 5 === 4 ? ['T1566.001', 'T1059', 'T1204.002'] : [], exceptions: i === 4 ? 1 : 0, cost: error ? { evaluations: 0, mean_us: 0 } : { evaluations: 18234 + i, mean_us: i === 13 ? 1480 : 0.4 + (i % 9) / 3, share: i === 13 ? 0.31 : 0.004 }, slow: i === 13, ours: i % 2 === 0,
  }
})
const settings = new Map([['rule-2', { off: false, severity: 'high', who: 'C. Moreau', why: 'The pharmacy was robbed twice this year', at: at(-3000) }], ['rule-11', { off: true, severity: '', who: 'J. Petit', why: 'Works in the basement until Friday', at: at(-600) }]])
const exceptions = new Map([['rule-4', [
  { id: 'x1', rule: 'rule-4', when: [{ field: 'host.name', op: 'is', value: 'pc-compta-07' }, { field: 'Image', op: 'endswith', value: '\\cmd.exe' }], why: 'Old accounting add-in; IT replaces it in December (ticket 4411)', until: at(60 * 24 * 9), who: 'C. Moreau', at: at(-2000), hits: 17, state: 'in-force' },
  { id: 'x2', rule: 'rule-4', when: [{ field: 'source.ip', op: 'cidr', value: '10.20.30.0/24' }], why: 'Penetration test of the training room', until: at(-900), who: 'admin', at: at(-9000), hits: 212, state: 'expired' },
  { id: 'x3', rule: 'rule-4', when: [{ field: 'User', op: 'startswith', value: 'HOSP\\svc-backup' }], why: 'Backup job', until: at(5000), who: 'admin', at: at(-7000), hits: 1, state: 'removed' },
]]])
const find = (id) => rules.find((rule) => rule.id === id)

const item = (field, modifiers, values, event, more = {}) => ({ field, modifiers, met: values.some((v) => v[1]), values: values.map(([text, met]) => ({ text, met })), present: event.length > 0, event, ...more })
export function explanation(rule, met) {
  const child = item('Image', ['endswith'], [['\\powershell.exe', met], ['\\cmd.exe', false], ['\\mshta.exe', false]], [met ? 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe' : 'C:\\Program Files\\Browser\\browser.exe'], { read_as: 'process.executable' })
  const parent = item('ParentImage', ['endswith'], [['\\OUTLOOK.EXE', true], ['\\WINWORD.EXE', false], ['\\EXCEL.EXE', false]], ['C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE'])
  const filter = item('User', ['contains'], [['svc-', false]], [])
  const select = (name, one) => ({ name, met: one.met, alternatives: [{ met: one.met, items: [one] }] })
  const leaf = (name, one) => ({ op: 'selection', text: name, met: one.met })
  return {
    rule: rule.id, title: rule.title, matched: met,
    log_source: { wanted: { product: 'windows', category: 'process_creation' }, has: [{ product: 'windows', category: 'process_creation', service: 'sysmon' }, { product: 'windows' }], met: true },
    condition: { op: 'and', text: 'parent and child and not filter', met, of: [leaf('parent', parent), leaf('child', child), { op: 'not', text: 'not filter', met: true, of: [leaf('filter', filter)] }] },
    selections: [select('parent', parent), select('child', child), select('filter', filter)],
  }
}

const sorters = { title: (a, b) => a.title.localeCompare(b.title), hits: (a, b) => b.hits - a.hits, last_hit: (a, b) => String(b.last_hit ?? '').localeCompare(String(a.last_hit ?? '')), cost: (a, b) => (b.cost?.mean_us ?? 0) - (a.cost?.mean_us ?? 0) }
function list(query) {
  const is = (name, value) => !query.get(name) || query.get(name) === value
  const q = query.get('q')?.toLowerCase() ?? ''
  return rules
    .filter((r) => is('status', r.status) && is('kind', r.kind) && is('level', r.severity) && (!query.get('slow') || r.slow) && `${r.title} ${r.id}`.toLowerCase().includes(q))
    .sort(sorters[query.get('sort')] ?? (() => 0))
}

export const routes = (page, user, emit) => {
  const news = (id) => emit('rule', id, {})
  return [
    ['GET', '/rules', ({ query }) => page(list(query), query)],
    ['POST', '/rules/reload', () => ({ loaded: rules.length - 2, failed: 2, added: ['rule-61', 'rule-62'], removed: [], changed: ['rule-3'] })],
    ['POST', '/rules/check', ({ body }) => (/condition:/.test(body.text) ? { rules: [{ id: 'pasted', title: /title: (.*)/.exec(body.text)?.[1] ?? '', kind: 'event' }], problems: [] } : { rules: [], problems: [{ line: 7, error: 'the detection has no condition' }] })],
    ['POST', '/rules/explain', ({ body }) => explanation(find(body.rule) ?? rules[4], body.event_id !== 'w.1.3')],
    ['POST', '/rules/try', ({ body }) => new Promise((resolve) => setTimeout(() => resolve({
      tried: 48211, matched: 63, rules: [{ id: 'rule-4', title: 'Office program starts a shell', hits: 63, per_day: [] }], unreadable: body.events ? 2 : 0, per_day: days(4).slice(-7), took_ms: 1840.4, partial: !body.events,
      matches: events.slice(0, 6).map((event, i) => ({ event, rule: 'rule-4', explanation: i ? explanation(rules[4], true) : undefined })),
    }), Number(process.env.MOCK_TRY_MS ?? 1200)))],
    ['GET', '/rules/:id', ({ id }) => find(id) && {
      rule: find(id), description: 'Outlook or an office program starts a shell or script host: a lure was opened.', author: 'Warder', references: ['https://attack.mitre.org/techniques/T1566/001/'], falsepositives: ['Old add-ins that call scripts'], filters: [],
      tags: ['attack.t1566.001', 'attack.t1059'], log_source: { product: 'windows', category: 'process_creation' }, text: yaml(Number(id.slice(5))), setting: settings.get(id), exceptions: exceptions.get(id) ?? [],
      tests: [{ kind: 'hit', text: 'case: powershell from Outlook\nevents:\n  - {category: process, original: {Image: powershell.exe}}\n', passed: true }, { kind: 'silence', text: 'case: explorer starts it\nevents: []\n', passed: false, detail: 'event 1 met the rule and should not' }],
      counted_by: id === 'rule-4' ? [{ id: 'rule-6', title: 'Office programs start many shells' }] : [], counts: id === 'rule-6' ? [{ id: 'rule-4', title: rules[4].title }] : [],
    }],
    ['PUT', '/rules/:id/setting', ({ id, body }) => {
      settings.set(id, { ...body, who: user.name, at: new Date().toISOString() })
      Object.assign(find(id), { status: body.off ? 'off' : 'active', severity: body.severity || find(id).level })
      news(id)
      return find(id)
    }],
    ['POST', '/rules/:id/exceptions', ({ id, body }) => {
      const made = { id: `x${Date.now()}`, rule: id, ...body, who: user.name, at: new Date().toISOString(), hits: 0, state: 'in-force' }
      exceptions.set(id, [made, ...(exceptions.get(id) ?? [])])
      find(id).exceptions++
      news(id)
      return made
    }],
    ['DELETE', '/rules/:id/exceptions/:exception', ({ id, exception }) => {
      Object.assign(exceptions.get(id).find((x) => x.id === exception), { state: 'removed' })
      find(id).exceptions--
      news(id)
    }],
  ]
}
