// A service may be predicted to suffer in more than one way: degraded soon and
// lost later, or most likely degraded and, with little likelihood, lost before.
// People look at services, so what belongs to one is shown together.
import type { ServiceImpact } from '@/api/types'

export type ServiceGroup = {
  /** The soonest of what may well happen to the service. */
  first: ServiceImpact
  /** Much less likely, but before that. */
  sooner: ServiceImpact[]
  /** Worse, and after that. */
  later: ServiceImpact[]
}

/** The services in the order of what leads. */
export function groupServices(services: ServiceImpact[]): ServiceGroup[] {
  const byService = new Map<string, ServiceImpact[]>()
  for (const service of [...services].sort((a, b) => a.time_to_harm_s - b.time_to_harm_s)) {
    const known = byService.get(service.service)
    if (known) known.push(service)
    else byService.set(service.service, [service])
  }
  return [...byService.values()].map(group).sort((a, b) => a.first.time_to_harm_s - b.first.time_to_harm_s)
}

/**
 * Puts the states of one service in order; they come soonest first. One that is
 * less than half as likely as another does not lead, however soon it may come.
 */
function group(states: ServiceImpact[]): ServiceGroup {
  const even = Math.max(...states.map((state) => state.likelihood)) / 2
  const first = states.find((state) => state.likelihood >= even) as ServiceImpact
  const at = states.indexOf(first)
  // A milder state after a graver one tells nothing that one would act on.
  return { first, sooner: states.slice(0, at), later: states.slice(at + 1).filter((state) => grave(state) > grave(first)) }
}

const grave = (service: ServiceImpact) => (service.state === 'lost' ? 1 : 0)
