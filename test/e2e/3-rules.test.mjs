// What somebody who tends rules does: finds one, sees why it spoke, sets it,
// excepts what is harmless, and tries a new one before it counts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ask, axe, base, launch, setPreferences, settle, signedIn } from './browser.mjs'

const WHY = 'Works on the door until Friday, guard on site'
const GOOD = `title: Every smoke detector
id: 5c1a1a54-97a8-4d9e-9f43-ba7bd0f4ac9d
status: experimental
description: Finds every event of fire detection, to see how a rule is tried.
logsource:
  product: warder
  category: fire
detection:
  selection:
    event.category: fire
  condition: selection
level: low
`
const BAD = GOOD.replace('condition: selection', 'condition: selection and')
const LINE = '<134>1 2026-11-22T08:00:00Z fp-a fire - - [fire@32473 event="fire.alarm" panel="FP-A" point="1-001"] Detector in alarm'

/** Sees to it that a page is fit for everybody: both themes, and on a phone. */
async function fit(page) {
  const found = {}
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme)
    found[theme] = await axe(page)
  }
  assert.deepEqual(found, { dark: [], light: [] })
  await page.setViewportSize({ width: 390, height: 844 })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  await page.setViewportSize({ width: 1280, height: 800 })
  assert.ok(width <= 390, `on a phone it is ${width} px wide`)
}

describe('rules', { timeout: 400_000 }, () => {
  let browser, page, troubles, incident, alert

  before(async () => {
    browser = await launch()
    ;({ page, troubles } = await signedIn(browser))
    page.setDefaultTimeout(30_000)
    await setPreferences(page, { theme: 'dark', locale: 'en' })
    const { items } = await ask(page, '/incidents?status=all')
    for (const one of items) {
      const joins = await ask(page, `/incidents/${one.id}/alerts`)
      alert = joins.items.find((join) => join.alert.detector === 'sigma')?.alert
      incident = one.id
      if (alert) break
    }
    assert.ok(alert, 'no incident has an alert of a rule')
  })
  after(() => browser?.close())

  const openRule = async () => {
    await page.goto(`${base}/rules/${encodeURIComponent(alert.rule)}`)
    await page.getByRole('heading', { name: 'What it looks for' }).waitFor()
    await settle(page)
  }

  it('are listed, and found by words and by state', async () => {
    await page.goto(`${base}/rules`)
    await page.locator('.vrow').first().waitFor()
    await settle(page)
    const { total } = await ask(page, '/rules?limit=1')
    assert.match(await page.locator('.rules-count').innerText(), new RegExp(`^${total} rules`))
    await fit(page)
    await page.getByRole('searchbox', { name: 'Search rules' }).fill('door')
    await page.waitForURL(/q=door/)
    await page.locator('.vrow').first().waitFor()
    for (const title of await page.locator('.vrow .rule-title').allInnerTexts()) assert.match(title.toLowerCase(), /door/)
    await page.getByRole('button', { name: 'Slow', exact: true }).click()
    await page.getByRole('button', { name: 'Show all rules' }).click()
    await page.locator('.vrow').first().waitFor()
  })

  it('are sorted by what one presses', async () => {
    await page.getByRole('button', { name: 'Rule', exact: true }).click()
    await page.locator('[role=columnheader][aria-sort=ascending]').waitFor()
    await settle(page)
    const { items } = await ask(page, '/rules?sort=title&limit=3')
    const shown = await page.locator('.vrow .rule-title a').allInnerTexts()
    assert.deepEqual(shown.slice(0, 3), items.map((rule) => rule.title))
  })

  it('are walked through and opened by keyboard', async () => {
    await page.goto(`${base}/rules`)
    await page.locator('.vrow').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const title = await page.locator('.vrow[aria-selected=true] .rule-title a').innerText()
    await page.keyboard.press('/')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'rule-search')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
  })

  it('say what they look for, how often they spoke, and stand up to their tests', async () => {
    await openRule()
    assert.match(await page.locator('.rule-yaml pre').innerText(), /detection:/)
    assert.ok((await page.locator('.days-bar').count()) === 14)
    await page.locator('.rule-tests li').first().waitFor()
    assert.equal(await page.locator('.rule-test-result[data-passed=false]').count(), 0)
    await fit(page)
  })

  it('are switched off only with a reason, and say who did', async () => {
    await openRule()
    await page.getByRole('button', { name: 'Switch off' }).click()
    const dialog = page.getByRole('dialog')
    assert.deepEqual(await axe(page), [])
    await dialog.getByRole('button', { name: 'Switch off' }).click()
    await dialog.getByText('Please fill this in.').waitFor()
    await dialog.getByLabel('Why').fill(WHY)
    await dialog.getByRole('button', { name: 'Switch off' }).click()
    await dialog.waitFor({ state: 'detached' })
    const note = page.locator('.rule-setting')
    await note.waitFor()
    assert.match(await note.innerText(), /Works on the door/)
    const { items } = await ask(page, '/rules?status=off')
    assert.ok(items.some((rule) => rule.id === alert.rule))
    await page.getByRole('button', { name: 'Switch on' }).click()
    await dialog.getByLabel('Why').fill('The works are over')
    await dialog.getByRole('button', { name: 'Switch on' }).click()
    await note.waitFor({ state: 'detached' })
  })

  it('get another severity, shown beside their own', async () => {
    await openRule()
    await page.getByRole('button', { name: 'Change severity' }).click()
    const dialog = page.getByRole('dialog')
    const { rule } = await ask(page, `/rules/${encodeURIComponent(alert.rule)}`)
    const other = rule.level === 'low' ? 'high' : 'low'
    await dialog.getByLabel('Severity').selectOption(other)
    await dialog.getByLabel('Why').fill(WHY)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.locator('.rule-own').first().waitFor()
    await page.getByRole('button', { name: 'Change severity' }).click()
    await dialog.getByLabel('Severity').selectOption('')
    await dialog.getByLabel('Why').fill('Back to what it was')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.locator('.rule-own').first().waitFor({ state: 'detached' })
  })

  it('explain why an alert came, in its incident', async () => {
    await page.goto(`${base}/incidents/${incident}`)
    const why = page.getByRole('button', { name: 'Why did this match?' }).first()
    await why.waitFor()
    await why.click()
    await page.locator('.explain').waitFor()
    assert.match(await page.locator('.explain-verdict').innerText(), /meets the rule/)
    assert.ok((await page.locator('.explain-item').count()) > 0)
    await fit(page)
  })

  it('take an exception that is filled in from the event, and show it', async () => {
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Make an exception' }).click()
    const field = await dialog.getByLabel('Field 1').inputValue()
    const value = await dialog.getByLabel('Value 1').inputValue()
    assert.ok(field && value, 'a field of the event stands there')
    assert.deepEqual(await axe(page), [])
    await dialog.getByLabel('Why').fill(WHY)
    await dialog.getByRole('button', { name: '1 day', exact: true }).click()
    const made = page.waitForResponse((answer) => /\/exceptions$/.test(answer.url()) && answer.request().method() === 'POST')
    await dialog.getByRole('button', { name: 'Add an exception' }).click()
    const { rule } = await (await made).json()
    await dialog.waitFor({ state: 'detached' })
    await page.goto(`${base}/rules/${encodeURIComponent(rule)}`)
    const shown = page.locator('.exception[data-state=in-force]')
    await shown.waitFor()
    assert.ok((await shown.innerText()).includes(value))
    assert.match(await shown.innerText(), /Works on the door/)
    await fit(page)
    await shown.getByRole('button', { name: 'Remove' }).click()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await shown.waitFor({ state: 'detached' })
    await page.getByText('1 earlier exception').waitFor()
  })

  it('are tried on kept events, with the reason for each match', async () => {
    await openRule()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.locator('.try-outcome').waitFor()
    assert.match(await page.locator('.try-says').innerText(), /\d+ events? match(es)?\. .*tried/)
    await page.locator('.try-matches summary').first().click()
    await page.locator('.try-match .explain').waitFor()
    await fit(page)
  })

  it('that are pasted are checked by line and tried on pasted events', async () => {
    await page.goto(`${base}/rules`)
    await page.getByRole('link', { name: 'Try a new rule' }).click()
    const text = page.getByLabel('Sigma rule (YAML)')
    await text.fill(BAD)
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('The rule cannot be used as it is:').waitFor()
    assert.match(await page.locator('.try-problems').innerText(), /condition/)
    await fit(page)
    await text.fill(GOOD)
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('The rule can be used:').waitFor()
    await page.getByRole('button', { name: 'Pasted events' }).click()
    await page.getByLabel('Events, one a line').fill(`${LINE}\n${LINE}`)
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('2 events match.').waitFor()
    await page.locator('.try-matches summary').first().click()
    await page.locator('.try-match .explain').waitFor()
    await fit(page)
  })

  it('explain an event that somebody looks at, also one that is not loaded', async () => {
    await page.goto(`${base}/events/${encodeURIComponent(alert.events.at(-1))}`)
    await page.getByRole('button', { name: 'Explain by a rule' }).click()
    const found = page.waitForResponse((answer) => answer.url().includes('q=fire'))
    await page.getByRole('dialog').getByRole('searchbox').fill('fire')
    await found
    assert.deepEqual(await axe(page), [])
    await page.locator('.event-rule').first().click()
    await page.locator('.explain-verdict').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Try a new rule on it' }).click()
    await page.getByLabel('Sigma rule (YAML)').fill(GOOD)
    await page.getByRole('button', { name: 'Does it meet the rule?' }).click()
    await page.locator('.explain-verdict').waitFor()
  })

  it('are read again, and it is said what came of it', async () => {
    await page.goto(`${base}/rules`)
    await page.getByRole('button', { name: 'Reload rules' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/rules are in use/).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
  })

  it('broke no rule of the browser', () => assert.deepEqual(troubles, []))
})
