import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStream, parseChange, type Change, type StreamState } from './stream'

/** A connection as the browser would make it; the test plays the server. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static made: FakeSource[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    FakeSource.made.push(this)
  }
  close() {
    this.readyState = 2
  }
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  lose(forGood: boolean) {
    this.readyState = forGood ? 2 : 0
    this.onerror?.()
  }
  say(kind: string, id: string) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify({ kind, id }) }))
  }
}

const last = () => FakeSource.made.at(-1) as FakeSource

describe('live stream', () => {
  let changes: Change[]
  let states: StreamState[]
  let gaps: number
  let close: () => void

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', FakeSource)
    FakeSource.made = []
    changes = []
    states = []
    gaps = 0
    close = openStream({ onChange: (c) => changes.push(c), onState: (s) => states.push(s), onGap: () => gaps++ }, '/stream')
  })
  afterEach(() => {
    close()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('hands on changes in order', () => {
    last().open()
    last().say('incident', 'in-1')
    last().say('care', 'a-cs-1')
    expect(changes.map((c) => c.id)).toEqual(['in-1', 'a-cs-1'])
    expect(states).toEqual(['connecting', 'live'])
  })

  it('says that it reconnects, and trusts the browser’s own resume', () => {
    last().open()
    last().lose(false)
    expect(states.at(-1)).toBe('reconnecting')
    last().open()
    expect(states.at(-1)).toBe('live')
    expect(FakeSource.made).toHaveLength(1)
    expect(gaps).toBe(0)
  })

  it('opens a new connection when the browser gave up, and tells of the gap', () => {
    last().open()
    last().lose(true)
    vi.advanceTimersByTime(1000)
    expect(FakeSource.made).toHaveLength(2)
    last().open()
    expect(gaps).toBe(1)
    expect(states.at(-1)).toBe('live')
  })

  it('looks at everything again when the server says so', () => {
    last().open()
    last().say('reset', 'demo')
    expect(gaps).toBe(1)
    expect(changes).toEqual([])
  })

  it('waits longer each time, and not for ever', () => {
    for (const wait of [1000, 2000, 4000, 8000, 15_000, 15_000]) {
      const before = FakeSource.made.length
      last().lose(true)
      vi.advanceTimersByTime(wait - 1)
      expect(FakeSource.made).toHaveLength(before)
      vi.advanceTimersByTime(1)
      expect(FakeSource.made).toHaveLength(before + 1)
    }
  })

  it('stays closed once closed', () => {
    last().lose(true)
    close()
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.made).toHaveLength(1)
  })

  it.each(['', 'no json', '[]', '{"kind":1,"id":"x"}', '{"kind":"incident"}'])('ignores %j', (data) => expect(parseChange(data)).toBeUndefined())
})
