import { useQueries } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { incidents } from '@/api/endpoints'
import { useIncidentList } from '@/api/incidents'
import { keys } from '@/api/keys'
import { useAssets } from '@/api/names'
import type { FloorPlan, Incident } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { SearchBox, Select } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer, Empty, ErrorNote, Loading } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { PlanView } from '@/ui/plan/PlanView'
import { useDescribe, useDrawing, useFloorPlans, useMarks, usePlanOf, type MarkLine } from '@/ui/plan/usePlan'
import { SeverityMark } from '@/ui/Severity'
import './floorplan.css'

const MOST = 30 // incidents whose impact is drawn: the newest of the gravest

export function FloorPlanPage() {
  const { t } = useI18n()
  const plans = useFloorPlans()
  return (
    <Answer query={plans}>
      {(list) => (list.items.length === 0 ? <Empty icon="plan" text={t('plans.empty')} /> : <Plans plans={list.items} />)}
    </Answer>
  )
}

function Plans({ plans }: { plans: FloorPlan[] }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const { plan } = useSearch({ from: '/plans' })
  const lines = useAllMarks()
  const live = useLikelyPlan()
  const shown = plans.find((item) => item.id === (plan ?? live)) ?? plans[0]
  const choose = (id: string) => void navigate({ to: '/plans', search: { plan: id }, replace: true })
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('plans.title')}</h1>
        <div className="plans-choose">
          <Select aria-label={t('plans.choose')} value={shown?.id ?? ''} onChange={choose} options={plans.map((item) => ({ value: item.id, label: item.name }))} />
        </div>
      </div>
      {shown && <OnePlan key={shown.id} plan={shown} lines={lines} />}
    </div>
  )
}

function useAllMarks(): MarkLine[] {
  const { items } = useIncidentList('open', '')
  const shown = useMemo(() => items.filter((incident) => !incident.exercise).slice(0, MOST), [items])
  const results = useQueries({
    queries: shown.map((incident: Incident) => ({
      queryKey: keys.incidentPart(incident.id, 'impact'),
      queryFn: () => incidents.impact(incident.id),
      staleTime: 60_000,
      retry: false,
    })),
    combine: (all) => all.map((result) => result.data),
  })
  return useMarks(shown, results)
}

/** The plan on which the gravest incident is. */
function useLikelyPlan(): string | undefined {
  const { items } = useIncidentList('open', '')
  const worst = items.find((incident) => incident.severity === 'critical' && incident.place) ?? items.find((incident) => incident.place)
  return usePlanOf(worst?.place)
}

function OnePlan({ plan, lines }: { plan: FloorPlan; lines: MarkLine[] }) {
  const { t } = useI18n()
  const [selected, setSelected] = useState<string>()
  const drawing = useDrawing(plan.id)
  const describe = useDescribe()
  const here = useMemo(() => {
    const on = new Set(drawing.data?.assets)
    return lines.filter((line) => on.has(line.asset))
  }, [lines, drawing.data])
  const marks = useMemo(() => new Map(here.map((line) => [line.asset, line.mark])), [here])
  const toggle = (asset: string) => setSelected(asset === selected ? undefined : asset)
  return (
    <div className="plans-body">
      <section className="panel plans-drawing" aria-label={plan.name}>
        {drawing.isPending && <Loading />}
        {drawing.error && <ErrorNote error={new Error(t('plans.bad'))} retry={() => void drawing.refetch()} />}
        {drawing.data && <PlanView drawing={drawing.data} label={plan.name} marks={marks} describe={describe} selected={selected} onSelect={toggle} />}
      </section>
      <div className="plans-side">
        <Panel title={t('plans.marks')} flush>
          {here.length === 0 ? (
            <p className="panel-body muted">{t('plans.noMarks')}</p>
          ) : (
            <ul className="plans-marks">
              {shownFirst(here).map((line) => (
                <MarkRow key={line.asset} line={line} selected={line.asset === selected} onSelect={() => toggle(line.asset)} />
              ))}
            </ul>
          )}
          <Legend />
        </Panel>
        {drawing.data && <Everything assets={drawing.data.assets} selected={selected} onSelect={toggle} />}
      </div>
    </div>
  )
}

/** What is hit, then what is likely, then the rest. */
function shownFirst(lines: MarkLine[]): MarkLine[] {
  const order = { hit: 0, predicted: 1, unlikely: 2 }
  return [...lines].sort((a, b) => order[a.mark.kind] - order[b.mark.kind])
}

function MarkRow({ line, selected, onSelect }: { line: MarkLine; selected: boolean; onSelect: () => void }) {
  const { t } = useI18n()
  return (
    <li className="plans-mark" data-on={selected}>
      <SeverityMark severity={line.mark.severity} size={13} />
      <div className="plans-mark-body">
        <button type="button" className="plain-button" aria-pressed={selected} onClick={onSelect}>
          <AssetName id={line.asset} link={false} />
        </button>
        <span className="muted small">{line.mark.words}</span>
      </div>
      {line.incident && (
        <Link className="btn btn-small btn-quiet" to="/incidents/$id" params={{ id: line.incident }}>
          {t('queue.openFull')}
        </Link>
      )}
    </li>
  )
}

function Legend() {
  const { t } = useI18n()
  return (
    <p className="plan-legend panel-body" aria-label={t('plans.legend')}>
      <span>
        <i className="plan-swatch plan-swatch-hit" aria-hidden="true" /> {t('plans.legendHit')}
      </span>
      <span>
        <i className="plan-swatch plan-swatch-predicted" aria-hidden="true" /> {t('plans.legendPredicted')}
      </span>
    </p>
  )
}

/** The list twin: every asset of the drawing, marked or not. */
function Everything({ assets, selected, onSelect }: { assets: string[]; selected: string | undefined; onSelect: (asset: string) => void }) {
  const { t } = useI18n()
  const { name } = useAssets()
  const [words, setWords] = useState('')
  const q = words.trim().toLowerCase()
  const shown = assets.filter((id) => q === '' || `${id} ${name(id)}`.toLowerCase().includes(q))
  return (
    <Panel title={t('plans.everything')} className="plans-all" flush>
      <div className="plans-all-search">
        <SearchBox label={t('assets.search')} value={words} onChange={setWords} />
      </div>
      <ul className="plans-list" tabIndex={0} aria-label={t('plans.everything')}>
        {shown.map((id) => (
          <li key={id} data-on={id === selected}>
            <button type="button" className="plain-button" aria-pressed={id === selected} onClick={() => onSelect(id)}>
              <AssetName id={id} link={false} />
            </button>
            <Link className="btn btn-small btn-quiet btn-icon" to="/assets/$id" params={{ id }} aria-label={t('plans.openAsset', { name: name(id) })}>
              <Icon name="right" size={14} />
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
