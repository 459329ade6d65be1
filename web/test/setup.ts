// Only the network is stood in for; and what jsdom lacks of a browser.
import { cleanup } from '@testing-library/react'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { server } from './network'

class NoEventSource extends EventTarget {
  static readonly CLOSED = 2
  readyState = 0
  close(): void {}
}

class NoResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Object.assign(globalThis, {
  EventSource: globalThis.EventSource ?? NoEventSource,
  ResizeObserver: globalThis.ResizeObserver ?? NoResizeObserver,
  matchMedia: globalThis.matchMedia ?? (() => Object.assign(new EventTarget(), { matches: false })),
})

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.setAttribute('open', '')
}
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.removeAttribute('open')
}

// jsdom lays nothing out; lists that draw only what is in view need a view.
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { get: () => 700, configurable: true },
  clientWidth: { get: () => 1000, configurable: true },
})

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => {
  cleanup()
  server.resetHandlers()
  localStorage.clear()
})
afterAll(() => server.close())
