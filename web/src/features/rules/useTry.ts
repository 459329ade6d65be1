import { useEffect, useRef, useState } from 'react'
import { rules, type WhichEvents, type WhichRule } from '@/api/endpoints'
import type { TryResult } from '@/api/types'
import { now } from '@/lib/clock'

export type Attempt =
  | { state: 'idle' }
  | { state: 'running'; since: number }
  | { state: 'done'; result: TryResult }
  | { state: 'failed'; error: unknown }
  | { state: 'cancelled' }

/** Tries a rule on events; one attempt at a time, which ends when the page does. */
export function useTry() {
  const [attempt, setAttempt] = useState<Attempt>({ state: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const start = async (which: WhichRule & WhichEvents & { explain: boolean }) => {
    running.current?.abort()
    const mine = new AbortController()
    running.current = mine
    setAttempt({ state: 'running', since: now() })
    try {
      const result = await rules.try(which, mine.signal)
      if (running.current === mine) setAttempt({ state: 'done', result })
    } catch (error) {
      if (running.current === mine) setAttempt(mine.signal.aborted ? { state: 'cancelled' } : { state: 'failed', error })
    }
  }
  return { attempt, start, cancel: () => running.current?.abort() }
}
