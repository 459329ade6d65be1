import { useMemo, useState } from 'react'
import type { Assessment, Incident } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Select } from '@/ui/Field'
import { Empty, ErrorNote, Loading } from '@/ui/Notes'
import { PlanView } from '@/ui/plan/PlanView'
import { useDescribe, useDrawing, useFloorPlans, useMarks, usePlanOf } from '@/ui/plan/usePlan'

type Props = { incident: Incident; assessment: Assessment | undefined; selected: string | undefined; onSelect: (asset: string | undefined) => void }

/** The incident on the floor plan of its place; another plan may be chosen. */
export function FloorView({ incident, assessment, selected, onSelect }: Props) {
  const { t } = useI18n()
  const plans = useFloorPlans()
  const fitting = usePlanOf(incident.place)
  const [chosen, setChosen] = useState<string>()
  const id = chosen ?? fitting
  const drawing = useDrawing(id)
  const describe = useDescribe()
  const about = useMemo(() => [incident], [incident])
  const assessments = useMemo(() => [assessment], [assessment])
  const lines = useMarks(about, assessments)
  const marks = useMemo(() => new Map(lines.map((line) => [line.asset, line.mark])), [lines])
  const options = (plans.data?.items ?? []).map((plan) => ({ value: plan.id, label: plan.name }))
  const name = options.find((option) => option.value === id)?.label ?? ''
  return (
    <div className="floor">
      {options.length > 1 && (
        <div className="floor-choose">
          <Select aria-label={t('plans.choose')} value={id ?? ''} onChange={setChosen} options={id ? options : [{ value: '', label: '–' }, ...options]} />
        </div>
      )}
      {!id && !plans.isPending && <Empty icon="plan" text={t('plans.none')} />}
      {id && drawing.isPending && <Loading />}
      {drawing.error && <ErrorNote error={new Error(t('plans.bad'))} />}
      {drawing.data && (
        <PlanView
          key={id} drawing={drawing.data} label={name} marks={marks} describe={describe} selected={selected}
          onSelect={(asset) => onSelect(asset === selected ? undefined : asset)}
        />
      )}
    </div>
  )
}
