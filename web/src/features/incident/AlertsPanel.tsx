import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { incidents } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import { useText } from '@/api/text'
import type { Alert, Join } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { AssetName } from '@/ui/AssetName'
import { Answer } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { ExceptEvent } from '@/ui/rules/ExceptEvent'
import { ExplainDialog } from '@/ui/rules/ExplainDialog'
import { SeverityMark } from '@/ui/Severity'

export function useJoins(incident: string) {
  return useQuery({ queryKey: keys.incidentPart(incident, 'alerts'), queryFn: () => incidents.alerts(incident) })
}

/** The alerts of the incident, and why each is part of it. */
export function AlertsPanel({ incident }: { incident: string }) {
  const { t } = useI18n()
  const query = useJoins(incident)
  return (
    <Panel title={t('incident.alerts')} flush>
      <Answer query={query}>
        {(list) => (
          <ol className="joins">
            {list.items.map((join) => (
              <JoinLine key={join.alert.id} join={join} />
            ))}
          </ol>
        )}
      </Answer>
    </Panel>
  )
}

function JoinLine({ join }: { join: Join }) {
  const { t, word } = useI18n()
  const text = useText()
  const format = useFormat()
  const now = useNow()
  const { alert } = join
  const first = alert.events[0]
  const last = alert.events.at(-1)
  const [open, setOpen] = useState<'why' | 'except'>()
  const rule = { id: ruleOf(alert), title: text(alert.text) }
  return (
    <li className="join">
      <SeverityMark severity={alert.severity} size={13} label={word('severity', alert.severity)} />
      <div className="join-body">
        <div className="join-title">
          <b>{text(alert.text)}</b>
          <span className="muted nowrap">{format.moment(Date.parse(alert.time), now)}</span>
        </div>
        <p>
          <span className="muted">{t('alerts.joined')}: </span>
          {text(join.reason)}
          {join.by && <span className="muted"> · {join.by}</span>}
        </p>
        <p className="muted small join-about">
          <span>{word('threat', alert.threat)}</span>
          <span>{t('alerts.seenBy', { source: alert.source })}</span>
          <Rule alert={alert} onOpen={setOpen} />
          {first && (
            <Link to="/events/$id" params={{ id: first }}>
              {t('alerts.events')}
            </Link>
          )}
        </p>
        {alert.assets && alert.assets.length > 0 && (
          <p className="join-assets small">
            {alert.assets.slice(0, 6).map((ref) => (
              <AssetName key={`${ref.id}/${ref.role}`} id={ref.id} />
            ))}
          </p>
        )}
      </div>
      {open === 'why' && last && <ExplainDialog rule={rule} event={last} onClose={() => setOpen(undefined)} />}
      {open === 'except' && last && <ExceptEvent rule={rule} event={last} onClose={() => setOpen(undefined)} />}
    </li>
  )
}

/** What Warder can give reasons for; another system's alarm is its own to explain. */
const explained = new Set(['sigma', 'correlation'])

/** The rule to tend: alarms of another system are tended as one, under its name. */
function ruleOf(alert: Alert): string {
  return explained.has(alert.detector) ? alert.rule : alert.detector
}

/** What leads from the alert to its rule; Warder's own alarms come from none. */
function Rule({ alert, onOpen }: { alert: Alert; onOpen: (what: 'why' | 'except') => void }) {
  const { t } = useI18n()
  const can = useCan()
  if (alert.detector === 'health') return <span className="ellipsis">{t('alerts.rule', { rule: alert.rule })}</span>
  const seen = alert.events.length > 0
  return (
    <>
      <Link to="/rules/$id" params={{ id: ruleOf(alert) }}>
        {t('alerts.openRule')}
      </Link>
      {seen && explained.has(alert.detector) && (
        <button type="button" className="btn-text" onClick={() => onOpen('why')}>
          {t('alerts.why')}
        </button>
      )}
      {seen && can('rules') && (
        <button type="button" className="btn-text" onClick={() => onOpen('except')}>
          {t('exception.make')}
        </button>
      )}
    </>
  )
}
