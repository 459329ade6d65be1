// Time as the console shows it: the server's clock, ticking once a second for
// whoever counts down. A desk whose own clock is wrong must not count wrongly.
import { useSyncExternalStore } from 'react'

let offset = 0
let current = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** Learns the server's time from an answer's Date header; small differences are the header's rounding. */
export function noteServerTime(header: string | null): void {
  if (!header) return
  const difference = Date.parse(header) - Date.now()
  if (Number.isFinite(difference)) offset = Math.abs(difference) > 2000 ? difference : 0
}

export function now(): number {
  return Date.now() + offset
}

function tick(): void {
  current = now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function snapshot(): number {
  if (timer === undefined) current = now()
  return current
}

/** The current time in milliseconds, renewed each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot)
}
