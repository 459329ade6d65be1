// The selected incident in ten seconds: what, where, which care suffers when,
// what to do next, who is on it.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isShelved, useImpact, usePlans } from '@/api/incidents'
import { useCan } from '@/api/session'
import { useText } from '@/api/text'
import type { Incident, ServiceImpact } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { groupServices } from '@/lib/services'
import type { Acts } from '@/ui/acts/useActs'
import { AssetName, PlacePath } from '@/ui/AssetName'
import { In } from '@/ui/Countdown'
import { Domains } from '@/ui/Domains'
import { Icon } from '@/ui/Icon'
import { useSettled } from '@/ui/Notes'
import { SeverityChip } from '@/ui/Severity'

type Props = { incident: Incident; acts: Acts; onOpen: () => void }

export function Preview({ incident, acts, onOpen }: Props) {
  const { t, word, many } = useI18n()
  const text = useText()
  const format = useFormat()
  const now = useNow()
  const settled = useSettled(incident.id, 150)
  const same = settled === incident.id
  return (
    <div className="preview">
      <div className="preview-scroll">
        <div className="preview-chips">
          <SeverityChip severity={incident.severity} />
          <Domains domains={incident.domains} />
          {incident.exercise && <span className="tag tag-hatch">{t('queue.exercise')}</span>}
          <span className="preview-number muted">{t('incident.number', { number: incident.number })}</span>
        </div>
        <h2 className="preview-title">
          <Link to="/incidents/$id" params={{ id: incident.id }}>{text(incident.title)}</Link>
        </h2>
        {incident.place && <p className="preview-place"><PlacePath id={incident.place} site inwards={false} /></p>}
        <Care incident={same ? settled : ''} fallback={incident} />
        <NextStep incident={same ? settled : ''} />
        <dl className="facts preview-facts">
          <Fact name={t('queue.status')}>{word('status', incident.status)}</Fact>
          <Fact name={t('queue.owner')}>{incident.owner || incident.ack?.name || t('queue.noOwner')}</Fact>
          <Fact name={t('incident.opened')}>{format.moment(Date.parse(incident.opened), now)}</Fact>
          <Fact name={t('incident.lastAlert')}>{format.moment(Date.parse(incident.last_alert), now)} · {many('queue.alerts', incident.alerts)}</Fact>
          {incident.shelved && isShelved(incident, now) && (
            <Fact name={t('queue.shelved')}>
              {t('incident.shelvedBy', { name: incident.shelved.name, time: format.moment(Date.parse(incident.shelved.until), now), why: incident.shelved.why })}
            </Fact>
          )}
        </dl>
      </div>
      <Buttons incident={incident} acts={acts} onOpen={onOpen} />
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Care({ incident, fallback }: { incident: string; fallback: Incident }) {
  const { t, many } = useI18n()
  const { data } = useImpact(incident)
  const services = data?.incident === fallback.id ? groupServices(data.services) : []
  const next = fallback.outlook
  if (services.length === 0 && !next?.next) return <p className="preview-none muted">{t('incident.noCare')}</p>
  return (
    <section className="preview-care">
      <h3>{t('incident.care')}</h3>
      <ul>
        {services.length > 0
          ? services.slice(0, 4).map(({ first }) => <CareLine key={first.service} {...first} />)
          : next?.next && <CareLine service={next.next} state={next.next_state ?? 'degraded'} harm_at={next.harm_at ?? ''} likelihood={next.likelihood ?? 0} />}
      </ul>
      {next && next.assets > 0 && <p className="muted small">{many('impact.assets', next.assets)}</p>}
    </section>
  )
}

function CareLine({ service, state, harm_at, likelihood }: Pick<ServiceImpact, 'service' | 'state' | 'harm_at' | 'likelihood'>) {
  const { t, word, percent } = useI18n()
  return (
    <li>
      <span className="preview-care-name"><AssetName id={service} /></span>
      <b className="nowrap">{harm_at ? <In at={harm_at} /> : '–'}</b>
      <span className="muted small">{word('threat', state)}, {t('care.likely', { percent: percent(likelihood) })}</span>
    </li>
  )
}

function NextStep({ incident }: { incident: string }) {
  const { t, word } = useI18n()
  const text = useText()
  const { data } = usePlans(incident)
  const tasks = data?.items.flatMap((plan) => plan.tasks) ?? []
  const next = tasks.find((task) => task.state === 'open' || task.state === 'doing')
  if (!next) return null
  return (
    <section className="preview-next">
      <h3>{t('plan.next')} <span className="muted">· {word('role', next.for)}</span></h3>
      <p>{text(next.text)}</p>
    </section>
  )
}

function Buttons({ incident, acts, onOpen }: Props) {
  const { t } = useI18n()
  const can = useCan()
  const now = useNow()
  const shelved = isShelved(incident, now)
  return (
    <div className="preview-buttons">
      <button type="button" className={incident.status === 'new' ? 'btn' : 'btn btn-primary'} onClick={onOpen}>
        {t('queue.openFull')}
      </button>
      {can('work') && (
        <>
          {incident.status === 'new' && (
            <button type="button" className="btn btn-primary" disabled={acts.busy} onClick={() => acts.acknowledge(incident)}>
              <Icon name="check" /> {t('act.acknowledge')} <span className="kbd" aria-hidden="true">A</span>
            </button>
          )}
          <button type="button" className="btn" onClick={() => acts.dispatch(incident)}>
            {t('act.dispatch')} <span className="kbd" aria-hidden="true">D</span>
          </button>
          <button type="button" className="btn" onClick={() => acts.escalate(incident)}>
            {t('act.escalate')} <span className="kbd" aria-hidden="true">E</span>
          </button>
        </>
      )}
      {can('lead') && (
        <button type="button" className="btn" onClick={() => (shelved ? acts.unshelve(incident) : acts.shelve(incident))}>
          {shelved ? t('act.unshelve') : t('act.shelve')} <span className="kbd" aria-hidden="true">S</span>
        </button>
      )}
    </div>
  )
}
