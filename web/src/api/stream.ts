// The live stream: changes from the server, in order, with resume. The browser
// reconnects by itself and names the last change it saw; when it gives up (the
// server answered with an error), a new connection is opened with growing
// waits, and its first opening tells that changes may have been missed.
import { API } from './client'

export type Change = { kind: string; id: string; body?: unknown }
export type StreamState = 'connecting' | 'live' | 'reconnecting'

export const changeKinds = [
  'incident', 'assessment', 'plan', 'notice', 'care', 'source', 'model', 'unknown-asset', 'rule', 'exercise',
] as const

export type StreamHandlers = {
  onChange: (change: Change) => void
  onState: (state: StreamState) => void
  /** Changes may have been missed: look at everything again. */
  onGap: () => void
}

const FIRST_WAIT = 1000
const LONGEST_WAIT = 15_000

/** Opens the stream; the result closes it. */
export function openStream(handlers: StreamHandlers, url = `${API}/stream`): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let opened = false
  let fresh = true // this EventSource has not been open yet

  const connect = () => {
    fresh = true
    source = new EventSource(url)
    source.onopen = () => {
      if (opened && fresh) handlers.onGap()
      opened = true
      fresh = false
      wait = FIRST_WAIT
      handlers.onState('live')
    }
    source.onerror = () => {
      handlers.onState(opened ? 'reconnecting' : 'connecting')
      if (source?.readyState === EventSource.CLOSED) again()
    }
    for (const kind of changeKinds) source.addEventListener(kind, receive)
    // The server lost sight of this client, or emptied itself of its demo.
    source.addEventListener('reset', () => handlers.onGap())
  }
  const receive = (event: MessageEvent<string>) => {
    const change = parseChange(event.data)
    if (change) handlers.onChange(change)
  }
  const again = () => {
    source?.close()
    timer = setTimeout(connect, wait)
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }

  handlers.onState('connecting')
  connect()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

export function parseChange(data: string): Change | undefined {
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value !== 'object' || value === null || !('kind' in value) || !('id' in value)) return undefined
    if (typeof value.kind !== 'string' || typeof value.id !== 'string') return undefined
    return { kind: value.kind, id: value.id, body: 'body' in value ? value.body : undefined }
  } catch {
    return undefined
  }
}
