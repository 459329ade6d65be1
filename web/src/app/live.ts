import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { feed } from '@/api/live'
import { openStream, type StreamState } from '@/api/stream'

/** Keeps the cache in step with the server while the console is shown. */
export function useLive(): StreamState {
  const client = useQueryClient()
  const [state, setState] = useState<StreamState>('connecting')
  useEffect(() => {
    const live = feed(client)
    const close = openStream({ onChange: live.push, onGap: live.gap, onState: setState })
    return () => {
      close()
      live.stop()
    }
  }, [client])
  return state
}
