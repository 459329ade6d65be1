// Incidents as the queue, the bar and the incident page see them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { incidents } from './endpoints'
import { keys } from './keys'
import { putIncidents } from './live'
import type { Incident } from './types'

const MOST = 10_000

/** Incidents of a status; open ones are fetched to the last, others as far as asked. */
export function useIncidentList(status: 'open' | 'all', q: string) {
  const query = useInfiniteQuery({
    queryKey: keys.incidentList(status, q),
    queryFn: ({ pageParam }) => incidents.list({ status, ...(q && { q }), ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    staleTime: 60_000,
  })
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  useEffect(() => {
    if (status === 'open' && hasNextPage && !isFetchingNextPage && items.length < MOST) void fetchNextPage({ cancelRefetch: false })
  }, [status, hasNextPage, isFetchingNextPage, fetchNextPage, items.length])
  return { ...query, items }
}

export function isShelved(incident: Incident, now: number): boolean {
  return incident.shelved !== undefined && Date.parse(incident.shelved.until) > now
}

export function useIncident(id: string) {
  return useQuery({ queryKey: keys.incident(id), queryFn: () => incidents.get(id) })
}

export function useImpact(id: string) {
  return useQuery({ queryKey: keys.incidentPart(id, 'impact'), queryFn: () => incidents.impact(id), enabled: id !== '', retry: 1 })
}

export function usePlans(id: string) {
  return useQuery({ queryKey: keys.incidentPart(id, 'plan'), queryFn: () => incidents.plans(id), enabled: id !== '' })
}

/** An act on an incident: what it became goes into every list at once. */
export function useAct() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (call: () => Promise<Incident>) => call(),
    onSuccess: (incident) => {
      putIncidents(client, [incident])
      void client.invalidateQueries({ queryKey: keys.incident(incident.id) })
    },
    onError: () => void client.invalidateQueries({ queryKey: keys.incidentLists }),
  })
}
