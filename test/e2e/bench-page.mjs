// Measures how long the queue takes until somebody can work with it: from the
// start of the navigation until its first row is there and answers a key.
//   WARDER_URL=... WARDER_LINK=... RUNS=5 node bench-page.mjs
import { cpus, totalmem } from 'node:os'
import { base, firstSignIn, launch, newContext } from './browser.mjs'

const runs = Number(process.env.RUNS ?? '5')
const browser = await launch()
const { context } = await newContext(browser)
const page = await context.newPage()
await firstSignIn(page, process.env.WARDER_LINK ?? base)
const row = page.locator('[data-row], .queue-row, [role=row]').nth(1)
await page.goto(`${base}/queue`)
await row.waitFor({ timeout: 60_000 })

const seconds = []
for (let run = 0; run < runs; run++) {
  await page.goto(`${base}/queue`, { waitUntil: 'commit' })
  await row.waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  seconds.push((await page.evaluate(() => performance.now())) / 1000)
}
seconds.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    bench: 'page',
    machine: { cpus: cpus().length, memory_mb: Math.round(totalmem() / 2 ** 20) },
    runs,
    input: 'the queue of a demo hospital in Chromium, from the start of the navigation until a key is answered',
    results: [{ name: 'page.queue_interactive_seconds', unit: 's', median: seconds[Math.floor(runs / 2)], min: seconds[0], max: seconds.at(-1) }],
  }),
)
await browser.close()
