// The names of assets, asked for in batches as they come into view and kept
// until the hospital model changes.
import { useCallback, useSyncExternalStore } from 'react'
import { hospital } from './endpoints'
import type { Asset } from './types'

const BATCH = 100
const WAIT = 12 // ms in which wishes gather

let known = new Map<string, Asset | null>() // null: no asset has this id
let wanted = new Set<string>()
let version = 0
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function changed(): void {
  version++
  for (const listener of listeners) listener()
}

async function fetchWanted(): Promise<void> {
  timer = undefined
  const ids = [...wanted].slice(0, BATCH)
  for (const id of ids) wanted.delete(id)
  if (wanted.size > 0) timer = setTimeout(() => void fetchWanted(), 0)
  try {
    const found = new Map((await hospital.named(ids)).map((asset) => [asset.id, asset]))
    for (const id of ids) known.set(id, found.get(id) ?? null)
    changed()
  } catch {
    // Asked again when next in view; until then ids stand for names.
    setTimeout(() => changed(), 5000)
  }
}

function look(id: string): Asset | undefined {
  const asset = known.get(id)
  if (asset === undefined && id) {
    wanted.add(id)
    timer ??= setTimeout(() => void fetchWanted(), WAIT)
  }
  return asset ?? undefined
}

/** Takes in assets that came with another answer. */
export function learnAssets(assets: Asset[]): void {
  let news = false
  for (const asset of assets) {
    if (known.get(asset.id)) continue
    known.set(asset.id, asset)
    news = true
  }
  if (news) queueMicrotask(changed)
}

/** Forgets all names: the hospital model changed. */
export function forgetAssets(): void {
  known = new Map()
  wanted = new Set()
  changed()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export type Lookup = {
  asset: (id: string) => Asset | undefined
  /** The asset's name, or its id while that is unknown. */
  name: (id: string) => string
  /** From the asset's surroundings inwards: building, floor, room. */
  path: (id: string) => Asset[]
}

/** Looks assets up by id; the component is drawn again when answers arrive. */
export function useAssets(): Lookup {
  const seen = useSyncExternalStore(subscribe, () => version)
  const path = useCallback(
    (id: string) => {
      const steps: Asset[] = []
      for (let at = look(id); at && steps.length < 12; at = at.place ? look(at.place) : undefined) steps.unshift(at)
      return steps
    },
    // A new function per version lets memoised callers notice.
    [seen],
  )
  return { asset: look, name: (id) => look(id)?.name ?? id, path }
}
