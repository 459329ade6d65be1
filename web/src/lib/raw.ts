// Raw bytes of a record, for people: text where it is text, a hex dump where not.

export type RawView = { kind: 'text' | 'hex'; content: string }

const LIMIT = 64 * 1024
// Controls other than tab, line feed and carriage return; and what changes the direction of writing.
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

export function viewRaw(base64: string): RawView {
  const bytes = decode(base64)
  const cut = bytes.subarray(0, LIMIT)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(cut, { stream: bytes.length > cut.length })
    const strange = text.match(unprintable)?.length ?? 0
    if (strange * 20 <= text.length) return { kind: 'text', content: text.replace(unprintable, '\ufffd') }
  } catch {
    // No UTF-8: shown as bytes.
  }
  return { kind: 'hex', content: hexDump(cut) }
}

function decode(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  } catch {
    return new TextEncoder().encode(base64)
  }
}

export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((b) => b.toString(16).padStart(2, '0')).join(' ')
    const plain = row.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('')
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${plain}`)
  }
  return lines.join('\n')
}
