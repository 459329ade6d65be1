// Every page, in both themes and on a phone: nothing that axe objects to,
// nothing that spills over the edge.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ask, axe, base, launch, setPreferences, settle, signedIn } from './browser.mjs'

const first = async (page, path) => (await ask(page, path)).items[0]
const pages = {
  queue: () => '/queue',
  'floor plans': () => '/plans',
  assets: () => '/assets',
  'unknown assets': () => '/assets?tab=unknown',
  events: () => '/events',
  sources: () => '/sources',
  'way of events': () => '/pipeline',
  rules: () => '/rules',
  exercises: () => '/exercises',
  backups: () => '/backups',
  storage: () => '/storage',
  audit: () => '/audit?last=all',
  settings: () => '/settings',
  incident: async (page) => `/incidents/${(await first(page, '/incidents?status=all')).id}`,
  event: async (page) => `/events/${encodeURIComponent((await first(page, '/events?limit=1')).id)}`,
  source: async (page) => `/sources/${encodeURIComponent((await first(page, '/sources')).id)}`,
  asset: async (page) => `/assets/${encodeURIComponent((await first(page, '/assets?kind=room&limit=1')).id)}`,
}

describe('page', { timeout: 400_000 }, () => {
  let browser, page

  before(async () => {
    browser = await launch()
    ;({ page } = await signedIn(browser))
    page.setDefaultTimeout(30_000)
    await setPreferences(page, { theme: 'dark', locale: 'en' })
  })
  after(() => browser?.close())

  for (const [name, path] of Object.entries(pages))
    it(name, async () => {
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.goto(base + (await path(page)))
      await settle(page)
      assert.equal(await page.getByRole('main').count(), 1)
      assert.equal(await page.getByRole('navigation', { name: 'Main' }).count(), 1)
      assert.ok((await page.getByRole('heading', { level: 1 }).count()) >= 1, 'it has a heading')
      const found = { dark: await axe(page) }
      await page.evaluate(() => (document.documentElement.dataset.theme = 'light'))
      found.light = await axe(page)
      assert.deepEqual(found, { dark: [], light: [] })

      await page.setViewportSize({ width: 390, height: 844 })
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= 390, `on a phone it is ${width} px wide`)
    })

  it('incident has buttons for thumbs on a phone', async () => {
    await page.goto(base + (await pages.incident(page)))
    await page.locator('.inc-buttons .btn').first().waitFor()
    for (const button of await page.locator('.inc-buttons .btn').all()) assert.ok((await button.boundingBox()).height >= 56)
  })
})
