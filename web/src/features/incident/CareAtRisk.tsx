// The care services that this incident is predicted to harm, soonest first,
// each with its countdown and the path that explains it.
import { useState } from 'react'
import { usePlans } from '@/api/incidents'
import { useText } from '@/api/text'
import type { Assessment, ServiceImpact } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { groupServices } from '@/lib/services'
import { In } from '@/ui/Countdown'
import { Icon } from '@/ui/Icon'
import { SeverityMark } from '@/ui/Severity'
import { Why } from './Why'

export function CareAtRisk({ incident, assessment }: { incident: string; assessment: Assessment | undefined }) {
  const { t } = useI18n()
  const [open, setOpen] = useState<string>()
  const services = groupServices(assessment?.services ?? [])
  const shown = services.find(({ first }) => first.service === open)
  return (
    <section className="risk" aria-label={t('incident.care')}>
      {assessment && services.length === 0 && <p className="risk-none muted">{t('incident.noCare')}</p>}
      <ul className="risk-list">
        <NextStep incident={incident} />
        {services.map(({ first, later }) => (
          <li key={first.service}>
            <Card service={first} later={later} open={first.service === open} onToggle={() => setOpen(first.service === open ? undefined : first.service)} />
          </li>
        ))}
      </ul>
      {shown && (
        <div className="risk-why" id="risk-why">
          <Why path={shown.first.path} />
        </div>
      )}
    </section>
  )
}

/** The plan's next step, beside what it is about. */
function NextStep({ incident }: { incident: string }) {
  const { t, word } = useI18n()
  const text = useText()
  const { data } = usePlans(incident)
  const next = data?.items.flatMap((plan) => plan.tasks).find((task) => task.state === 'open' || task.state === 'doing')
  if (!next) return null
  return (
    <li>
      <article className="risk-card risk-next">
        <h2>
          {t('plan.next')} · {word('role', next.for)}
        </h2>
        <p>{text(next.text)}</p>
      </article>
    </li>
  )
}

type CardProps = { service: ServiceImpact; later: ServiceImpact[]; open: boolean; onToggle: () => void }

function Card({ service, later, open, onToggle }: CardProps) {
  const { t, word, percent } = useI18n()
  return (
    <article className="risk-card" data-severity={service.severity}>
      <div className="risk-name">
        <AssetName id={service.service} />
      </div>
      <b className="risk-time">
        <In at={service.harm_at} />
      </b>
      <span className="risk-state">
        <SeverityMark severity={service.severity} size={12} label={word('severity', service.severity)} />
        <span>
          {word('threat', service.state)}, {t('care.likely', { percent: percent(service.likelihood) })}
          {later.map((next) => (
            <span key={next.state} className="muted">
              {' '}· {word('threat', next.state)} <In at={next.harm_at} />
            </span>
          ))}
        </span>
      </span>
      <button type="button" className="btn btn-small btn-quiet risk-toggle" aria-expanded={open} aria-controls="risk-why" onClick={onToggle}>
        {t('impact.why')} <Icon name={open ? 'up' : 'down'} size={12} />
      </button>
    </article>
  )
}
