// The care services that this incident is predicted to harm, soonest first,
// each with what may well happen, its countdown and the path that explains it.
import { useState } from 'react'
import { usePlans } from '@/api/incidents'
import { useText } from '@/api/text'
import type { Assessment, ServiceImpact } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { groupServices, type ServiceGroup } from '@/lib/services'
import { countdown } from '@/lib/time'
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
        {services.map((group) => (
          <li key={group.first.service}>
            <Card {...group} open={group.first.service === open} onToggle={() => setOpen(group.first.service === open ? undefined : group.first.service)} />
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

type CardProps = ServiceGroup & { open: boolean; onToggle: () => void }

function Card({ first: service, sooner, later, open, onToggle }: CardProps) {
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
        </span>
      </span>
      {[...sooner, ...later].map((other) => (
        <span key={other.state} className="risk-other muted">
          <Other impact={other} sooner={sooner.includes(other)} />
        </span>
      ))}
      <button type="button" className="btn btn-small btn-quiet risk-toggle" aria-expanded={open} aria-controls="risk-why" onClick={onToggle}>
        {t('impact.why')} <Icon name={open ? 'up' : 'down'} size={12} />
      </button>
    </article>
  )
}

/** "Possibly lost already in 18 min (4 %)", "Then lost in 1 h (60 %)". */
function Other({ impact, sooner }: { impact: ServiceImpact; sooner: boolean }) {
  const { t, word, percent } = useI18n()
  const now = useNow()
  const time = countdown(t, (Date.parse(impact.harm_at) - now) / 1000)
  const words = { state: word('threat', impact.state).toLowerCase(), time, percent: percent(impact.likelihood) }
  if (Date.parse(impact.harm_at) <= now) return t('care.possiblyNow', words)
  return sooner ? t('care.possibly', words) : t('care.then', words)
}
