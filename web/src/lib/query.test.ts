import { describe, expect, it } from 'vitest'
import { both, is, without } from './query'

describe('queries', () => {
  it('name a value whatever it holds', () => {
    expect(is('host.name', 'pc 7')).toBe('host.name:"pc 7"')
    expect(is('Logon Type', 'C:\\a "b"')).toBe('"Logon Type":"C:\\\\a \\"b\\""')
  })

  it('are joined so that neither changes its meaning', () => {
    expect(both('  ', 'a:"b"')).toBe('a:"b"')
    expect(both('x', 'a:"b"')).toBe('x a:"b"')
    expect(without('x OR y', 'a:"b"')).toBe('(x OR y) -a:"b"')
  })
})
