// Graph, list and floor plan of the predicted impact, with one selection across
// all three.
import { lazy, Suspense, useState } from 'react'
import { incidents } from '@/api/endpoints'
import { useImpact } from '@/api/incidents'
import { useCan } from '@/api/session'
import type { Assessment, Impact, Incident, Verdict } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { ReasonDialog } from '@/ui/acts/dialogs'
import { useAssets } from '@/api/names'
import { Boundary, ErrorNote, Loading } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { Segments } from '@/ui/Segments'
import { FloorView } from './FloorView'
import { Detail, ImpactList } from './ImpactList'

const ImpactGraph = lazy(async () => ({ default: (await import('./ImpactGraph')).ImpactGraph }))

type View = 'graph' | 'list' | 'floor'
type Judging = { impact: Impact; verdict: Exclude<Verdict, ''> }
type Props = { incident: Incident; selected: string | undefined; onSelect: (asset: string | undefined) => void }

export function ImpactPanel({ incident, selected, onSelect }: Props) {
  const { t } = useI18n()
  const can = useCan()
  const { asset } = useAssets()
  const { data, error, refetch } = useImpact(incident.id)
  const [view, setView] = useState<View>(() => (globalThis.matchMedia?.('(max-width: 720px)').matches ? 'list' : 'graph'))
  const [judging, setJudging] = useState<Judging>()
  const judge = can('work') ? (impact: Impact, verdict: Exclude<Verdict, ''>) => setJudging({ impact, verdict }) : undefined
  const choice = (
    <div className="views">
      <Segments<View>
        label={t('incident.views')} value={view} onChange={setView}
        options={[
          { value: 'graph', label: t('impact.graph') },
          { value: 'list', label: t('impact.list') },
          { value: 'floor', label: t('impact.floor') },
        ]}
      />
    </div>
  )
  return (
    <Panel title={t('incident.impact')} aside={choice} className="impact-panel" flush>
      <div className={`impact-view impact-view-${view}`}>
        <Boundary key={view}>
          {view === 'floor' && <FloorView incident={incident} assessment={data} selected={selected} onSelect={onSelect} />}
          {view !== 'floor' && !data && (error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Loading />)}
          {view === 'list' && data && (
            <ImpactList assessment={data} selected={selected} onSelect={onSelect} onVerdict={judge} />
          )}
          {view === 'graph' && data && (
            <Suspense fallback={<Loading />}>
              <ImpactGraph assessment={data} selected={selected} onSelect={onSelect} />
            </Suspense>
          )}
        </Boundary>
      </div>
      {data && view !== 'list' && <Detail assessment={data} selected={selected} onVerdict={judge} />}
      {data && <Computed assessment={data} />}
      {judging && (
        <ReasonDialog
          incident={incident} onClose={() => setJudging(undefined)} lead={t('verdict.lead')} label={t('form.why')} required={judging.verdict === 'refuted'}
          title={t('verdict.title', { verdict: judging.verdict === 'confirmed' ? t('impact.confirm') : t('impact.refute'), asset: asset(judging.impact.asset)?.name ?? judging.impact.asset })}
          submit={judging.verdict === 'confirmed' ? t('impact.confirm') : t('impact.refute')} done={t('act.done.verdict')}
          call={(why) => incidents.verdict(incident.id, judging.impact.asset, judging.impact.threat, judging.verdict, why)}
        />
      )}
    </Panel>
  )
}

function Computed({ assessment }: { assessment: Assessment }) {
  const { t, number } = useI18n()
  const relative = useRelative()
  const model = assessment.model.slice(0, 12)
  return <p className="impact-computed muted small">{t('impact.computed', { time: relative(assessment.computed), ms: number(Math.round(assessment.took_ms * 10) / 10), model })}</p>
}
