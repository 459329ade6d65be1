import { describe, expect, it } from 'vitest'
import { bytes } from './bytes'

describe('bytes', () => {
  it.each([
    [0, '0 B', '0 o'],
    [999, '999 B', '999 o'],
    [1500, '1.5 kB', '1,5 ko'],
    [999_600, '1 MB', '1 Mo'],
    [42_000_000_000, '42 GB', '42 Go'],
    [-5, '0 B', '0 o'],
  ])('of %d', (n, en, fr) => {
    expect([bytes('en', n), bytes('fr', n)]).toEqual([en, fr])
  })
})
