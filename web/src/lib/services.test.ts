import { describe, expect, it } from 'vitest'
import type { ServiceImpact } from '@/api/types'
import { groupServices } from './services'

const impact = (service: string, state: ServiceImpact['state'], minutes: number, likelihood: number): ServiceImpact => ({
  service, state, time_to_harm_s: minutes * 60, harm_at: new Date(minutes * 60_000).toISOString(), likelihood, severity: 'high', path: [],
})

const told = (services: ServiceImpact[]) =>
  groupServices(services).map(({ first, sooner, later }) => [first.service, first.state, sooner.map((s) => s.state), later.map((s) => s.state)])

describe('services at risk', () => {
  it('tells the likely loss after the degradation', () => {
    expect(told([impact('icu', 'lost', 60, 0.5), impact('icu', 'degraded', 20, 0.8)])).toEqual([['icu', 'degraded', [], ['lost']]])
  })

  it('leads with what is likely when something unlikely would come before', () => {
    expect(told([impact('icu', 'lost', 18, 0.04), impact('icu', 'degraded', 41, 0.7)])).toEqual([['icu', 'degraded', ['lost'], []]])
  })

  it('leads with the sooner of two that are about as likely', () => {
    expect(told([impact('icu', 'degraded', 20, 0.8), impact('icu', 'lost', 60, 0.81)])).toEqual([['icu', 'degraded', [], ['lost']]])
    expect(told([impact('icu', 'lost', 18, 0.4), impact('icu', 'degraded', 41, 0.7)])).toEqual([['icu', 'lost', [], []]])
  })

  it('passes over what is milder and later than what is likely anyway', () => {
    expect(told([impact('icu', 'lost', 18, 0.7), impact('icu', 'degraded', 41, 0.7)])).toEqual([['icu', 'lost', [], []]])
  })

  it('orders services by what leads, so that their times rise', () => {
    const order = told([impact('lab', 'degraded', 30, 0.9), impact('icu', 'lost', 18, 0.04), impact('icu', 'degraded', 41, 0.7)]).map(([service]) => service)
    expect(order).toEqual(['lab', 'icu'])
  })
})
