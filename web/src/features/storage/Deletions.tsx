import { useState } from 'react'
import { evidence } from '@/api/endpoints'
import { useCan } from '@/api/session'
import type { Storage } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'
import { EraseDialog } from './EraseDialog'

/** Erasures under way, and the records of everything that was removed. */
export function Deletions({ storage }: { storage: Storage }) {
  const { t } = useI18n()
  const can = useCan()
  const [erasing, setErasing] = useState(false)
  const nothing = storage.erasures.length === 0 && storage.deletions.length === 0
  const button = (
    <button type="button" className="btn btn-small" onClick={() => setErasing(true)}>
      {t('storage.erase')}
    </button>
  )
  return (
    <Panel title={t('storage.erasures')} aside={can('instance') ? button : undefined}>
      {nothing && <p className="muted">{t('storage.noErasures')}</p>}
      <ul className="storage-list">
        {storage.erasures.map((erasure) => (
          <UnderWay key={erasure.id} erasure={erasure} />
        ))}
        {storage.deletions.map((deletion) => (
          <Done key={deletion.number} deletion={deletion} />
        ))}
      </ul>
      {erasing && <EraseDialog onClose={() => setErasing(false)} />}
    </Panel>
  )
}

function UnderWay({ erasure }: { erasure: Storage['erasures'][number] }) {
  const { t, many } = useI18n()
  const format = useFormat()
  const now = useNow()
  return (
    <li>
      <div>
        <span className="storage-going">
          <span className="spinner" aria-hidden="true" /> {many('storage.erasing', erasure.events)}
        </span>
        <p className="muted small">{erasure.open > 0 ? many('storage.erasingOpen', erasure.open) : t('storage.erasingRaw')}</p>
        <p className="muted small">
          {erasure.why} · {t('storage.holdBy', { name: erasure.name, time: format.moment(Date.parse(erasure.asked), now) })}
        </p>
      </div>
    </li>
  )
}

function Done({ deletion }: { deletion: Storage['deletions'][number] }) {
  const { t, word, many } = useI18n()
  const format = useFormat()
  const now = useNow()
  const voice = useVoice()
  const facts = [many('storage.removedEvents', deletion.events)]
  if (deletion.kind === 'quarantine') facts.length = 0
  if (deletion.raw) facts.push(many('storage.removedRaw', deletion.raw))
  if (deletion.kept) facts.push(many('storage.removedKept', deletion.kept))
  if (deletion.who) facts.push(t('storage.removedBy', { name: deletion.who }))
  if (deletion.why) facts.push(deletion.why)
  return (
    <li>
      <div>
        <span>
          {word('storage.removed', deletion.kind)} <span className="muted">{format.moment(Date.parse(deletion.at), now)}</span>
        </span>
        <p className="muted small">{facts.join(' · ')}</p>
      </div>
      <button type="button" className="btn btn-small" onClick={() => void evidence.record(deletion.number).catch(voice.failed)}>
        <Icon name="down" size={14} /> {t('storage.record', { number: deletion.number })}
      </button>
    </li>
  )
}
