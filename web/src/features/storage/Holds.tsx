import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { evidence } from '@/api/endpoints'
import { useCan } from '@/api/session'
import type { Hold } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Panel } from '@/ui/Panel'
import { Reason } from './Reason'

export function Holds({ holds }: { holds: Hold[] }) {
  const { t } = useI18n()
  const [releasing, setReleasing] = useState<Hold>()
  return (
    <Panel title={t('storage.holds')}>
      {holds.length === 0 ? (
        <p className="muted">{t('storage.noHolds')}</p>
      ) : (
        <ul className="storage-list">
          {holds.map((hold) => (
            <HoldLine key={hold.id} hold={hold} onRelease={() => setReleasing(hold)} />
          ))}
        </ul>
      )}
      {releasing && (
        <Reason
          title={t('storage.releaseTitle', { number: releasing.number })} lead={t('storage.releaseLead')} submit={t('storage.release')} done={t('storage.released')}
          call={(why) => evidence.release(releasing.id, why)} onClose={() => setReleasing(undefined)}
        />
      )}
    </Panel>
  )
}

function HoldLine({ hold, onRelease }: { hold: Hold; onRelease: () => void }) {
  const { t, many } = useI18n()
  const can = useCan()
  const format = useFormat()
  const now = useNow()
  const moment = (at: string) => format.moment(Date.parse(at), now)
  const facts = [many('storage.holdEvents', hold.events)]
  if (hold.around) facts.push(t('storage.holdAround'))
  if (hold.until) facts.push(t('storage.holdUntil', { time: moment(hold.until) }))
  return (
    <li data-over={!hold.in_force}>
      <div>
        <Link to="/incidents/$id" params={{ id: hold.incident }}>
          {t('storage.holdFor', { number: hold.number })}
        </Link>{' '}
        {!hold.in_force && <span className="tag">{t('storage.holdEnded')}</span>}
        <p>{hold.why}</p>
        <p className="muted small">
          {t('storage.holdBy', { name: hold.name, time: moment(hold.placed) })} · {facts.join(' · ')}
        </p>
        {hold.released && (
          <p className="muted small">{t('storage.holdReleased', { name: hold.released_by ?? '', time: moment(hold.released), why: hold.released_why ?? '' })}</p>
        )}
      </div>
      {hold.in_force && can('lead') && (
        <button type="button" className="btn btn-small" onClick={onRelease}>
          {t('storage.release')}
        </button>
      )}
    </li>
  )
}
