import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { hospital } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useAssets } from '@/api/names'
import type { Assessment, Incident, Severity } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n, type I18n } from '@/lib/i18n'
import { rank } from '@/lib/severity'
import { readPlan } from '@/lib/svg'
import { duration, relative } from '@/lib/time'
import type { Mark } from './PlanView'

export function useFloorPlans() {
  return useQuery({ queryKey: keys.floorPlans, queryFn: hospital.floorPlans, staleTime: Infinity })
}

/** A plan's drawing, read and reduced to what may be shown. */
export function useDrawing(id: string | undefined) {
  return useQuery({
    queryKey: keys.drawing(id ?? ''),
    queryFn: async () => readPlan(await hospital.drawing(id ?? '')),
    enabled: id !== undefined,
    staleTime: Infinity,
    retry: false,
  })
}

/** "Plant room E2-014, Room". */
export function useDescribe(): (asset: string) => string {
  const { asset } = useAssets()
  const { t, word } = useI18n()
  return (id) => {
    const found = asset(id)
    return found ? t('plans.shape', { name: found.name, kind: word('kind', found.kind) }) : id
  }
}

export type MarkLine = { asset: string; incident: string; mark: Mark; predictedAt: number | undefined }

/** The marks that incidents and their predicted impacts leave, one for each asset: the gravest, hits before predictions. */
export function useMarks(incidents: Incident[], assessments: (Assessment | undefined)[]): MarkLine[] {
  const i18n = useI18n()
  const minute = Math.floor(useNow() / 20_000) * 20_000
  return useMemo(() => collect(i18n, incidents, assessments, minute), [i18n, incidents, assessments, minute])
}

function collect(i18n: I18n, incidents: Incident[], assessments: (Assessment | undefined)[], now: number): MarkLine[] {
  const lines = new Map<string, MarkLine>()
  const add = (line: MarkLine) => {
    const old = lines.get(line.asset)
    if (!old || stronger(line, old)) lines.set(line.asset, line)
  }
  for (const incident of incidents)
    for (const hit of incident.assets)
      if (hit.verdict !== 'refuted') add({ asset: hit.asset, incident: incident.id, mark: hitMark(i18n, incident.severity, hit.threat), predictedAt: undefined })
  for (const assessment of assessments)
    for (const impact of assessment?.impacts ?? []) {
      if (impact.verdict === 'refuted') continue
      const at = Date.parse(impact.arrives_at ?? '')
      const hit = impact.delay_s <= 0 || impact.verdict === 'confirmed'
      const mark = hit ? hitMark(i18n, impact.severity, impact.threat) : predictedMark(i18n, impact.severity, impact.threat, impact.likelihood, at, now)
      add({ asset: impact.asset, incident: assessment?.incident ?? '', mark, predictedAt: hit ? undefined : at })
    }
  return [...lines.values()].sort((a, b) => (a.predictedAt ?? 0) - (b.predictedAt ?? 0) || rank(b.mark.severity) - rank(a.mark.severity))
}

const strength: Record<Mark['kind'], number> = { hit: 2, predicted: 1, unlikely: 0 }

function stronger(a: MarkLine, b: MarkLine): boolean {
  if (a.mark.kind !== b.mark.kind) return strength[a.mark.kind] > strength[b.mark.kind]
  return rank(a.mark.severity) > rank(b.mark.severity)
}

function hitMark({ t, word }: I18n, severity: Severity, threat: string): Mark {
  return { kind: 'hit', severity, words: t('plans.hit', { severity: word('severity', severity), threat: word('threat', threat) }), short: word('threat', threat) }
}

/** Below this likelihood a prediction is only outlined. */
const UNLIKELY = 0.1

function predictedMark({ t, word, percent }: I18n, severity: Severity, threat: string, likelihood: number, at: number, now: number): Mark {
  const when = Number.isNaN(at) ? '' : at <= now ? t('time.now') : relative(t, at, now)
  const short = Number.isNaN(at) || at <= now ? percent(likelihood) : `${duration(t, (at - now) / 1000)} · ${percent(likelihood)}`
  const kind = likelihood < UNLIKELY ? 'unlikely' : 'predicted'
  return { kind, severity, words: t('plans.predicted', { threat: word('threat', threat), when, percent: percent(likelihood) }), short: kind === 'predicted' ? short : undefined }
}

/** The plan that shows a place: that of its floor, else of its building or site. */
export function usePlanOf(place: string | undefined): string | undefined {
  const { data } = useFloorPlans()
  const { path } = useAssets()
  if (!place || !data) return undefined
  const around = path(place).map((asset) => asset.id).reverse()
  for (const id of [place, ...around]) {
    const plan = data.items.find((item) => item.place === id)
    if (plan) return plan.id
  }
  return undefined
}
