// Takes every screen in both themes at desk, wall and phone width.
//   WARDER_URL=... WARDER_LINK=... SHOTS=folder [ONLY=queue,incident] [WIDTHS=1280] [THEMES=dark] node shots.mjs
import { mkdirSync } from 'node:fs'
import { base, launch, setPreferences, settle, signedIn } from './browser.mjs'

const folder = process.env.SHOTS ?? 'shots'
const only = process.env.ONLY?.split(',')
const widths = (process.env.WIDTHS ?? '1280,1920,390').split(',').map(Number)
const themes = (process.env.THEMES ?? 'dark,light').split(',')
const heights = { 390: 844, 1280: 800, 1920: 1080 }

async function first(page, path, field) {
  return page.evaluate(async ([p, f]) => {
    const answer = await (await fetch('/api/v1' + p)).json()
    return answer.items?.[0]?.[f]
  }, [path, field])
}

const browser = await launch()
const { page, troubles } = await signedIn(browser)
const gravest = await page.evaluate(async () => {
  const { items } = await (await fetch('/api/v1/incidents?status=all&limit=500')).json()
  const rank = ['info', 'low', 'medium', 'high', 'critical']
  return [...items].sort((a, b) => rank.indexOf(b.severity) - rank.indexOf(a.severity) || (b.outlook?.services ?? 0) - (a.outlook?.services ?? 0))[0]
})
const source = await page.evaluate(async () => {
  const { items } = await (await fetch('/api/v1/sources')).json()
  return [...items].sort((a, b) => b.parse_errors - a.parse_errors)[0]?.id
})
const event = await first(page, '/events?limit=1', 'id')
// The rule that found most: it has the most to show.
const rule = await first(page, '/rules?status=active&sort=hits&limit=1', 'id')
const pasted = `title: Office program starts a shell
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: '\\cmd.exe'
`
const paste = (p) => p.locator('.rule-text-area').fill(pasted)
const tryIt = async (p) => {
  await p.locator('.try-form button[type=submit]').click()
  await p.locator('.try-outcome, .note-error').first().waitFor()
  await p.locator('.try-matches summary').first().click({ timeout: 2000 }).catch(() => {}) // nothing may match
  await p.locator('.try-outcome, .note-error').first().scrollIntoViewIfNeeded()
}
const screens = {
  queue: '/queue',
  incident: gravest && `/incidents/${gravest.id}`,
  'incident-list': gravest && [`/incidents/${gravest.id}`, (p) => p.locator('.views .segment').nth(1).click()],
  'incident-plan': gravest && [`/incidents/${gravest.id}`, (p) => p.locator('.views .segment').nth(2).click()],
  'incident-shelve': gravest && [`/queue`, (p) => p.keyboard.press('s')],
  plans: '/plans',
  assets: '/assets',
  'assets-unknown': '/assets?tab=unknown',
  asset: gravest?.assets?.[0] && `/assets/${gravest.assets[0].asset}`,
  events: '/events?last=24h',
  'events-values': '/events?last=all&field=category',
  'events-wrong': '/events?last=all&q=category:access (door OR',
  'events-saved': ['/events?last=24h', (p) => p.locator('.search-acts button').first().click()],
  event: event && `/events/${encodeURIComponent(event)}`,
  sources: '/sources',
  storage: '/storage',
  'storage-erase': ['/storage', (p) => p.locator('.panel-head .btn').first().click()],
  pipeline: '/pipeline',
  source: source && `/sources/${encodeURIComponent(source)}`,
  rules: '/rules',
  'rules-errors': '/rules?state=error',
  'rules-none': '/rules?q=no-such-rule',
  'rules-reload': ['/rules', (p) => p.locator('.page-head button').first().click()],
  rule: rule && `/rules/${rule}`,
  'rule-off': rule && [`/rules/${rule}`, (p) => p.locator('.rule-acts .btn').first().click()],
  'rule-exception': rule && [`/rules/${rule}`, (p) => p.locator('.rule-acts .btn').last().click()],
  'rule-try': rule && [`/rules/${rule}`, tryIt],
  'rules-try': ['/rules/try', async (p) => {
    await paste(p)
    await p.locator('.rule-grid .try-run .btn').first().click()
    await p.locator('.try .note').first().waitFor()
  }],
  'event-explain': event && [`/events/${encodeURIComponent(event)}`, async (p) => {
    await p.locator('.event-acts .btn').first().click()
    await p.locator('.event-rule').first().click()
    await p.locator('.explain').waitFor()
  }],
  'incident-explain': gravest && [`/incidents/${gravest.id}`, async (p) => {
    await p.locator('.join .btn-text').first().click()
    await p.locator('.explain, .note-error').first().waitFor()
  }],
  exercises: '/exercises',
  backups: '/backups',
  audit: '/audit?last=all',
  'audit-keys': ['/audit?last=all&action=incident.', (p) => p.locator('.audit-keys summary').click()],
  'audit-none': '/audit?who=nobody-of-this-name',
  settings: '/settings',
  keys: ['/queue', (p) => p.keyboard.press('?')],
}

mkdirSync(folder, { recursive: true })
for (const theme of themes) {
  await setPreferences(page, { theme, locale: process.env.LOCALE_ID ?? 'en' })
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] ?? 900 })
    for (const [name, screen] of Object.entries(screens)) {
      if (!screen || (only && !only.includes(name))) continue
      const [path, act] = Array.isArray(screen) ? screen : [screen]
      await page.goto(base + path)
      await settle(page)
      await act?.(page)
      if (act) await settle(page)
      await page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png` })
    }
  }
}
await browser.close()
if (troubles.length > 0) {
  console.error([...new Set(troubles)].join('\n'))
  process.exitCode = 1
}
