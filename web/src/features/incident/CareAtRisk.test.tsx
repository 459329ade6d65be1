import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../../test/render'
import type { Assessment, ServiceImpact } from '@/api/types'
import type { Locale } from '@/lib/i18n'
import { CareAtRisk } from './CareAtRisk'

/** A state that a service comes to so many minutes from now, and some seconds. */
function impact(state: string, minutes: number, likelihood: number): ServiceImpact {
  const seconds = minutes * 60 + 30
  return { service: 'a-cs-1', state, time_to_harm_s: seconds, harm_at: new Date(Date.now() + seconds * 1000).toISOString(), likelihood, severity: 'high', path: [] }
}

function card(locale: Locale, ...services: ServiceImpact[]) {
  const assessment: Assessment = { incident: 'in-1', incident_version: 1, model: 'm', computed: '2026-11-22T08:00:00Z', took_ms: 1, barriers: [], impacts: [], not_modelled: [], services }
  show(() => <CareAtRisk incident="in-1" assessment={assessment} />, locale)
  return screen.findByRole('article')
}

describe('care at risk', () => {
  it('leads with what is likely, and calls possible what is not, though it would come sooner', async () => {
    const text = (await card('en', impact('lost', 18, 0.04), impact('degraded', 41, 0.7))).textContent
    expect(text).toMatch(/in 41 min.*Degraded, 70% likely.*Possibly lost already in 18 min \(4%\)/)
  })

  it('tells the loss after the degradation', async () => {
    const text = (await card('en', impact('degraded', 12, 0.8), impact('lost', 41, 0.5))).textContent
    expect(text).toMatch(/in 12 min.*Degraded, 80% likely.*Then lost in 41 min \(50%\)/)
  })

  it('says the same in French', async () => {
    const text = (await card('fr', impact('lost', 18, 0.04), impact('degraded', 41, 0.7))).textContent
    expect(text).toMatch(/dans 41 min.*Dégradé.*Peut-être hors service déjà dans 18 min/)
  })
})
