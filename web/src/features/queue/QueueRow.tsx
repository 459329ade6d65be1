import { memo } from 'react'
import { isShelved } from '@/api/incidents'
import { useAssets } from '@/api/names'
import { useText } from '@/api/text'
import type { Incident } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n } from '@/lib/i18n'
import { age } from '@/lib/time'
import { AssetName, PlacePath } from '@/ui/AssetName'
import { Countdown } from '@/ui/Countdown'
import { SeverityChip } from '@/ui/Severity'

type Props = {
  incident: Incident
  index: number
  top: number
  height: number
  selected: boolean
  fresh: boolean
  narrow: boolean
  onSelect: (id: string) => void
  onOpen: (incident: Incident) => void
}

export const QueueRow = memo(function QueueRow({ incident, index, top, height, selected, fresh, narrow, onSelect, onOpen }: Props) {
  const text = useText()
  const shelved = isShelved(incident, useNow())
  const pulse = fresh && incident.severity === 'critical' && incident.status === 'new'
  return (
    <div
      id={`incident-${incident.id}`} role="row" aria-rowindex={index + 2} aria-selected={selected} className="queue-row" data-incident={incident.id} data-severity={incident.severity}
      data-status={incident.status} data-shelved={shelved} data-pulse={pulse} style={{ height, transform: `translateY(${top}px)` }}
      onClick={() => (narrow ? onOpen(incident) : onSelect(incident.id))} onDoubleClick={() => onOpen(incident)}
    >
      <span role="gridcell" className="q-severity">
        <SeverityChip severity={incident.severity} />
      </span>
      <span role="gridcell" className="q-number num">{incident.number}</span>
      <span role="gridcell" className="q-what">
        <span className="ellipsis q-title">{text(incident.title)}</span>
        <Marks incident={incident} />
      </span>
      <span role="gridcell" className="q-where ellipsis">{incident.place && <Where incident={incident} place={incident.place} />}</span>
      <span role="gridcell" className="q-care">
        <CareNext incident={incident} />
      </span>
      <span role="gridcell" className="q-status ellipsis">
        <StatusWords incident={incident} />
      </span>
      <span role="gridcell" className="q-age num">
        <Age since={incident.opened} />
      </span>
    </div>
  )
})

function Where({ incident, place }: { incident: Incident; place: string }) {
  const { name } = useAssets()
  const told = Object.values(incident.title.params ?? {}).some((value) => value === place || value === name(place))
  return <PlacePath id={place} around={told} last={2} />
}

function Marks({ incident }: { incident: Incident }) {
  const { t, word } = useI18n()
  return (
    <>
      {incident.exercise && <span className="tag tag-hatch q-tag">{t('queue.exercise')}</span>}
      <span className="q-domains muted small">{incident.domains.map((domain) => word('domain', domain)).join(' + ')}</span>
    </>
  )
}

function CareNext({ incident }: { incident: Incident }) {
  const { outlook } = incident
  if (!outlook?.next) return <span className="muted">–</span>
  return (
    <>
      <AssetName id={outlook.next} link={false} icon={false} />
      {outlook.harm_at && (
        <b className="q-time">
          <Countdown at={outlook.harm_at} />
        </b>
      )}
    </>
  )
}

function StatusWords({ incident }: { incident: Incident }) {
  const { word } = useI18n()
  const who = incident.owner || incident.ack?.name
  return (
    <>
      <span className="q-status-word">{word('status', incident.status)}</span>
      {who && <span className="muted"> · {who}</span>}
    </>
  )
}

function Age({ since }: { since: string }) {
  const { t } = useI18n()
  return <time dateTime={since}>{age(t, Date.parse(since), useNow())}</time>
}
