// The care services that this incident is predicted to harm, soonest first,
// each with its countdown and the path that explains it.
import { useState } from 'react'
import { usePlans } from '@/api/incidents'
import { useText } from '@/api/text'
import type { Assessment, ServiceImpact } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { In } from '@/ui/Countdown'
import { Icon } from '@/ui/Icon'
import { SeverityMark } from '@/ui/Severity'
import { Why } from './Why'

export function CareAtRisk({ incident, assessment }: { incident: string; assessment: Assessment | undefined }) {
  const { t } = useI18n()
  const [open, setOpen] = useState<string>()
  const services = [...(assessment?.services ?? [])].sort((a, b) => a.time_to_harm_s - b.time_to_harm_s)
  const shown = services.find((service) => service.service === open)
  return (
    <section className="risk" aria-label={t('incident.care')}>
      {assessment && services.length === 0 && <p className="risk-none muted">{t('incident.noCare')}</p>}
      <ul className="risk-list">
        <NextStep incident={incident} />
        {services.map((service) => (
          <li key={service.service}>
            <Card service={service} open={service.service === open} onToggle={() => setOpen(service.service === open ? undefined : service.service)} />
          </li>
        ))}
      </ul>
      {shown && (
        <div className="risk-why" id="risk-why">
          <Why path={shown.path} />
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

function Card({ service, open, onToggle }: { service: ServiceImpact; open: boolean; onToggle: () => void }) {
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
        {word('threat', service.state)}, {t('care.likely', { percent: percent(service.likelihood) })}
      </span>
      <button type="button" className="btn btn-small btn-quiet risk-toggle" aria-expanded={open} aria-controls="risk-why" onClick={onToggle}>
        {t('impact.why')} <Icon name={open ? 'up' : 'down'} size={12} />
      </button>
    </article>
  )
}
