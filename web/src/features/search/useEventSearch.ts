// A search that says how far back it came, and can be stopped. The server answers
// after a moment with what it found; this asks on until a page is full.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { events, type EventQuery } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Event } from '@/api/types'

const PATIENCE = 2 // seconds
const FULL = 100

export type Progress = { backTo: string; scanned: number }
type Part = { items: Event[]; next: string | undefined; stopped: boolean; backTo: string | undefined; damaged: number }

export function useEventSearch(asked: EventQuery) {
  const stop = useRef<AbortController>(undefined)
  const [progress, setProgress] = useState<Progress>()
  const list = useInfiniteQuery({
    queryKey: keys.events(asked.q ?? '', asked.from ?? '', asked.to ?? ''),
    queryFn: async ({ pageParam, signal }) => {
      stop.current = new AbortController()
      setProgress(undefined)
      return await part(asked, pageParam, signal, stop.current.signal, setProgress)
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  const last = list.data?.pages.at(-1)
  return { list, last, progress: list.isFetching ? progress : undefined, cancel: () => stop.current?.abort() }
}

async function part(asked: EventQuery, cursor: string, gone: AbortSignal, stopped: AbortSignal, tell: (p: Progress) => void): Promise<Part> {
  const items: Event[] = []
  let scanned = 0
  let backTo: string | undefined
  for (let next: string | undefined = cursor; ; ) {
    try {
      const got = await events.list({ ...asked, patience: PATIENCE, ...(next && { cursor: next }) }, AbortSignal.any([gone, stopped]))
      items.push(...got.items)
      scanned += got.scanned
      if (!got.cut || !got.next || got.next === next || items.length >= FULL) return { items, next: got.next, stopped: false, backTo, damaged: got.damaged ?? 0 }
      next = got.next
      backTo = got.cut.back_to
      tell({ backTo, scanned })
    } catch (error) {
      if (!stopped.aborted) throw error
      return { items, next, stopped: true, backTo, damaged: 0 }
    }
  }
}
