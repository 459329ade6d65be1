// Who is signed in, and what they may do. The server decides; this only
// keeps from offering what it would refuse.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { setCsrf } from './client'
import { session } from './endpoints'
import { keys } from './keys'
import type { SessionState } from './types'

async function load(): Promise<SessionState> {
  return learn(await session.get())
}

function learn(state: SessionState): SessionState {
  setCsrf(state.csrf)
  return state
}

export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: load, staleTime: Infinity, retry: true, retryDelay: 2000 })
}

/** The session's state on pages that only somebody signed in sees. */
export function useInstance(): SessionState['instance'] {
  const { data } = useSession()
  return data?.instance ?? { name: '', version: '', demo: false, time_zone: 'UTC' }
}

/** Runs a call that changes the session, and takes in what it became. */
export function useSessionChange<V>(call: (value: V) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (value: V) => {
      await call(value)
      client.setQueryData(keys.session, await load())
    },
  })
}

export type Ability = 'work' | 'lead' | 'hospital' | 'exercises' | 'rules' | 'people' | 'instance' | 'audit'

const permissions: Record<Ability, string> = {
  work: 'incidents.work',
  lead: 'incidents.lead',
  hospital: 'hospital.edit',
  exercises: 'exercises.run',
  rules: 'rules.edit',
  people: 'people.manage',
  instance: 'instance.manage',
  audit: 'audit.read',
}

export function useCan(): (ability: Ability) => boolean {
  const { data } = useSession()
  return (ability) => data?.permissions.includes(permissions[ability]) ?? false
}
