// What every browser test needs: the browser, a signed-in page, and axe.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const base = process.env.WARDER_URL ?? 'http://127.0.0.1:8080'
const PASSWORD = 'a calm night on the ward'

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  })
}

/** A context whose pages note what the content security policy refused and what crashed. */
export async function newContext(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options })
  const troubles = []
  context.on('weberror', (error) => troubles.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/i.test(message.text())) troubles.push(message.text())
  })
  return { context, troubles }
}

/** Goes through the first sign-in with the one-time link: intended use, then a password. */
export async function firstSignIn(page, link) {
  await page.goto(link)
  const use = page.getByRole('checkbox')
  const password = page.locator('input[type=password]')
  const nav = page.locator('nav.side')
  await use.or(password.first()).or(nav).first().waitFor()
  if (await use.isVisible()) {
    await use.check()
    await page.locator('button[type=submit]').click()
    await use.waitFor({ state: 'detached' })
  }
  await password.first().or(nav).first().waitFor()
  if (await password.first().isVisible()) {
    await password.first().fill(PASSWORD)
    await password.nth(1).fill(PASSWORD)
    await page.locator('button[type=submit]').click()
  }
  await nav.waitFor()
}

// The link works once; what follows from it is kept for the files that run after.
const kept = join(tmpdir(), `warder-e2e-${createHash('sha256').update(base + process.env.WARDER_LINK).digest('hex').slice(0, 12)}.json`)

export const keepSession = (context) => context.storageState({ path: kept })

/** A context that is signed in: by the session that an earlier file kept, else by the link. */
export async function signedIn(browser, options = {}) {
  const made = await newContext(browser, existsSync(kept) ? { storageState: kept, ...options } : options)
  const page = await made.context.newPage()
  if (existsSync(kept)) await page.goto(base)
  else await firstSignIn(page, process.env.WARDER_LINK ?? base)
  await page.locator('nav.side').waitFor()
  await keepSession(made.context)
  return { ...made, page }
}

/** Asks the API as the signed-in person. */
export const ask = (page, path) => page.evaluate(async (p) => (await fetch('/api/v1' + p)).json(), path)

export async function setPreferences(page, preferences) {
  await page.evaluate(async (body) => {
    const session = await (await fetch('/api/v1/session')).json()
    const answer = await fetch('/api/v1/session/preferences', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf ?? '' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`set preferences: ${answer.status}`)
  }, preferences)
  if (preferences.theme) await page.evaluate((theme) => localStorage.setItem('warder.theme', theme), preferences.theme)
}

/** What axe finds wrong on the page, one line each. */
export async function axe(page) {
  await page.evaluate(axeSource)
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  )
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} (${n.failureSummary?.split('\n')[1]?.trim()})`))
}

/** Waits until nothing on the page is being fetched or drawn any more. */
export async function settle(page) {
  await page.locator('.loading').first().waitFor({ state: 'hidden' })
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(350)
}
