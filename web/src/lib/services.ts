// A service may be predicted to be degraded first and lost later: people look at
// services, so what belongs to one is shown together, soonest first.
import type { ServiceImpact } from '@/api/types'

export type ServiceGroup = { first: ServiceImpact; later: ServiceImpact[] }

export function groupServices(services: ServiceImpact[]): ServiceGroup[] {
  const groups = new Map<string, ServiceGroup>()
  for (const service of [...services].sort((a, b) => a.time_to_harm_s - b.time_to_harm_s)) {
    const group = groups.get(service.service)
    if (group) group.later.push(service)
    else groups.set(service.service, { first: service, later: [] })
  }
  return [...groups.values()]
}
