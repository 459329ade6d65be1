import { useSyncExternalStore } from 'react'

const narrow = () => globalThis.matchMedia?.('(max-width: 720px)')

/** Whether the window is as narrow as a phone's. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = narrow()
      query?.addEventListener('change', changed)
      return () => query?.removeEventListener('change', changed)
    },
    () => narrow()?.matches ?? false,
  )
}
