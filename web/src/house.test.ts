// The rules of the house: who may import whom, and that one place speaks HTTP.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(process.cwd(), 'src')

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return files(path)
    return /\.tsx?$/.test(entry.name) && !/\.test\.|\.d\.ts$/.test(entry.name) ? [path] : []
  })
}

const sources = files(src).map((path) => ({ path: relative(src, path), text: readFileSync(path, 'utf8') }))
const imports = (text: string) => [...text.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map((match) => match[1] ?? match[2] ?? '')

describe('imports', () => {
  it('never lead from one feature to another', () => {
    for (const { path, text } of sources) {
      const feature = /^features\/(\w+)\//.exec(path)?.[1]
      if (!feature) continue
      const others = imports(text).filter((name) => name.startsWith('@/features/') || name.startsWith('@/app') || /^\.\.\//.test(name))
      expect({ path, others }).toEqual({ path, others: [] })
    }
  })

  it('of lib, api and ui never lead to features or app', () => {
    for (const { path, text } of sources.filter((s) => /^(lib|api|ui)\//.test(s.path)))
      expect({ path, up: imports(text).filter((name) => /^@\/(features|app)/.test(name)) }).toEqual({ path, up: [] })
  })
})

describe('source', () => {
  it('speaks HTTP in api/client.ts alone', () => {
    const speakers = sources.filter(({ text }) => /\bfetch\(|XMLHttpRequest/.test(text)).map((s) => s.path)
    expect(speakers).toEqual(['api/client.ts'])
  })

  it('puts no markup into the page as text', () => {
    for (const { path, text } of sources) expect({ path, found: /dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML/.test(text) }).toEqual({ path, found: false })
  })

  it('has no file past 400 lines but catalogues', () => {
    for (const { path, text } of sources.filter((s) => !s.path.startsWith('lib/i18n/'))) expect({ path, long: text.split('\n').length > 400 }).toEqual({ path, long: false })
  })
})
