// What a duty lead does while a fire breaks out beside the theatre plant: from
// the one-time link to the last tick. The steps build on one another. The
// program must play test/scenario/s3-fire-beside-theatre-plant after sign-in.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ask, base, firstSignIn, keepSession, launch, newContext, settle } from './browser.mjs'

const ROOM = 'a-r-e2014'
const STORY = 150_000 // ms that the fire may take to appear

describe('a fire beside the theatre plant', { timeout: 400_000 }, () => {
  let browser, context, page, troubles

  before(async () => {
    browser = await launch()
    ;({ context, troubles } = await newContext(browser))
    page = await context.newPage()
    page.setDefaultTimeout(30_000)
  })
  after(() => browser?.close())

  it('begins with the one-time link, the intended use and a password', async () => {
    await page.goto(process.env.WARDER_LINK ?? base)
    const accept = page.getByRole('checkbox')
    await accept.waitFor()
    assert.doesNotMatch(page.url(), /token/)
    assert.ok(await page.getByRole('button', { name: 'Continue' }).isDisabled(), 'one must accept first')
    assert.match(await page.locator('main').innerText(), /not a medical device/)
    await firstSignIn(page, base)
    await keepSession(context)
    assert.match(page.url(), /\/queue$/)
    await page.getByText('Live', { exact: true }).waitFor()
  })

  it('shows up in the queue by itself, critical, with the care that suffers', async () => {
    const row = page.locator('[data-incident][data-severity=critical]').first()
    await row.waitFor({ timeout: STORY })
    assert.match(await row.innerText(), /E2-014|Fire/)
    await page.locator('.care-threatened').first().waitFor({ timeout: STORY })
    assert.match(await page.locator('.care-threatened').first().innerText(), /Threatened/)
  })

  it('is acknowledged by keyboard', async () => {
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const row = page.locator('[data-incident][aria-selected=true]')
    assert.equal(await row.getAttribute('data-severity'), 'critical')
    await page.keyboard.press('a')
    await page.locator('[data-incident][aria-selected=true][data-status=acknowledged]').waitFor()
  })

  it('opens with Enter and tells which care suffers, when and why', async () => {
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/incidents\//)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const card = page.locator('article.risk-card:not(.risk-next)').first()
    await card.waitFor()
    assert.match(await card.innerText(), /in \d+ |now/)
    await card.getByRole('button', { name: /Why/ }).click()
    assert.ok((await page.locator('#risk-why .why li').count()) > 1, 'the path has links')
    assert.doesNotMatch(await page.locator('#risk-why').innerText(), /impact\.why/, 'each link is in words')
  })

  it('draws the impact and says it again as a list, with one selection', async () => {
    const nodes = page.locator('.gnode[data-asset]')
    await nodes.first().waitFor()
    assert.ok((await nodes.count()) > 3, 'the graph has nodes')
    const chosen = page.locator('.gnode-asset, .gnode-start').last()
    const asset = await chosen.getAttribute('data-asset')
    await chosen.click()
    await page.locator('.detail .why, .detail .why-start').first().waitFor()
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await page.locator(`.impact[data-asset="${asset}"][data-open=true]`).first().waitFor()
    assert.ok((await page.locator('.impact').count()) > 3, 'the list has rows')
  })

  it('marks the room on the floor plan', async () => {
    await page.getByRole('button', { name: 'Floor plan', exact: true }).click()
    await page.locator(`.plan-hit[data-asset="${ROOM}"]`).waitFor()
    assert.ok((await page.locator('.plan-predicted').count()) > 0, 'predictions are marked too')
    await page.getByRole('button', { name: 'Zoom in' }).click()
  })

  it('has a plan whose first step is ticked', async () => {
    const tick = page.locator('.task input[type=checkbox]').first()
    await tick.check()
    await page.locator('.task[data-state=done]').first().waitFor()
    await page.locator('.entry[data-kind=plan]').first().waitFor()
  })

  it('is marked on the page of floor plans, with a list beside it', async () => {
    await page.getByRole('link', { name: 'Floor plans' }).click()
    const shape = page.locator(`.plan-hit[data-asset="${ROOM}"]`)
    await shape.waitFor()
    await shape.focus()
    await page.keyboard.press('Enter')
    await page.locator('.plans-mark[data-on=true]').waitFor()
  })

  it('can be searched for in the events', async () => {
    await page.getByRole('link', { name: 'Events' }).click()
    await page.getByRole('searchbox', { name: 'Query' }).fill('category:fire')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    const hit = page.locator('.vrow a.event-time').first()
    await hit.waitFor()
    await hit.click()
    await page.locator('pre.raw').first().waitFor()
    assert.match(await page.locator('pre.raw').first().innerText(), /fire@32473/)
  })

  it('speaks French, in its own words and in the machine’s', async () => {
    await page.goto(`${base}/settings`)
    await page.getByRole('button', { name: 'Français' }).click()
    await page.getByRole('link', { name: 'File', exact: true }).click()
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr')
    const title = page.locator('[data-incident][data-severity=critical] .q-title').first()
    await title.filter({ hasText: /Incendie|Feu/ }).waitFor()
    await page.goto(`${base}/settings`)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('link', { name: 'Queue' }).waitFor()
  })

  it('is light or dark as one likes, and stays so', async () => {
    for (const [name, theme] of [['Light', 'light'], ['Dark', 'dark']]) {
      const saved = page.waitForResponse((answer) => answer.url().endsWith('/session/preferences') && answer.ok())
      await page.getByRole('button', { name, exact: true }).click()
      await saved
      await page.reload()
      await settle(page)
      assert.equal(await page.locator('html').getAttribute('data-theme'), theme)
    }
  })

  it('said everything in words and broke no rule of the browser', async () => {
    const { items } = await ask(page, '/incidents?status=all')
    assert.ok(items.some((incident) => incident.place === ROOM || incident.assets.some((a) => a.asset === ROOM)))
    assert.deepEqual(troubles, [])
  })
})
