import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '@/api/client'
import { useImpact, useIncident } from '@/api/incidents'
import type { Incident } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Boundary, Empty, ErrorNote, Loading } from '@/ui/Notes'
import { AlertsPanel } from './AlertsPanel'
import { CareAtRisk } from './CareAtRisk'
import { Header } from './Header'
import { ImpactPanel } from './ImpactPanel'
import { NoticesPanel } from './NoticesPanel'
import { PlanPanel } from './PlanPanel'
import { Timeline } from './Timeline'
import './incident.css'

export function IncidentPage() {
  const { t } = useI18n()
  const { id } = useParams({ from: '/incidents/$id' })
  const { data, error, refetch } = useIncident(id)
  if (data) return <Incident key={id} incident={data} />
  if (error instanceof ApiError && error.status === 404)
    return (
      <Empty icon="queue" text={t('incident.notFound')}>
        <Link className="btn" to="/queue">
          {t('app.backToQueue')}
        </Link>
      </Empty>
    )
  return error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Loading />
}

function Incident({ incident }: { incident: Incident }) {
  const [selected, setSelected] = useState<string>()
  const { data } = useImpact(incident.id)
  return (
    <div className="inc">
      <Header incident={incident} />
      <div className="inc-grid">
        <div className="inc-main">
          <CareAtRisk incident={incident.id} assessment={data} />
          <ImpactPanel incident={incident} selected={selected} onSelect={setSelected} />
        </div>
        <div className="inc-plan">
          <Boundary>
            <PlanPanel incident={incident.id} />
            <NoticesPanel incident={incident.id} />
          </Boundary>
        </div>
        <div className="inc-story">
          <Boundary>
            <Timeline incident={incident.id} selected={selected} />
          </Boundary>
        </div>
        <div className="inc-alerts">
          <Boundary>
            <AlertsPanel incident={incident.id} />
          </Boundary>
        </div>
      </div>
    </div>
  )
}
