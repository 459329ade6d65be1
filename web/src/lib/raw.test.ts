import { describe, expect, it } from 'vitest'
import { hexDump, viewRaw } from './raw'

const b64 = (bytes: number[]) => btoa(String.fromCharCode(...bytes))

describe('raw records', () => {
  it('shows text as text', () => {
    expect(viewRaw(btoa('<134>1 hello'))).toEqual({ kind: 'text', content: '<134>1 hello' })
  })

  it('shows what is no text as bytes', () => {
    expect(viewRaw(b64([0x80, 0x01, 0xff])).kind).toBe('hex')
    expect(viewRaw(b64([0, 1, 2, 3, 65, 4, 5, 6])).kind).toBe('hex')
  })

  it('disarms characters that change the direction of writing', () => {
    const bytes = new TextEncoder().encode(`${'plain words '.repeat(4)}\u202eevil`)
    expect(viewRaw(b64([...bytes])).content).not.toContain('\u202e')
  })

  it('dumps sixteen bytes a line', () => {
    expect(hexDump(new Uint8Array([65, 0])).trimEnd()).toMatch(/^000000 {2}41 00 +A\.$/)
    expect(hexDump(new Uint8Array(17)).split('\n')).toHaveLength(2)
  })
})
