import { useState } from 'react'
import { evidence } from '@/api/endpoints'
import { useCan } from '@/api/session'
import type { Storage } from '@/api/types'
import { bytes } from '@/lib/bytes'
import { useI18n } from '@/lib/i18n'
import { Panel } from '@/ui/Panel'
import { Reason } from './Reason'

/** Damaged files, and what to do about them. */
export function Quarantine({ damaged }: { damaged: Storage['usage']['damaged'] }) {
  const { t, number, locale } = useI18n()
  const can = useCan()
  const [discarding, setDiscarding] = useState('')
  return (
    <Panel title={t('storage.quarantine')}>
      {damaged.length === 0 ? <p className="muted">{t('storage.noQuarantine')}</p> : <p>{t('storage.quarantineLead')}</p>}
      <ul className="storage-list">
        {damaged.map((file) => (
          <li key={file.name}>
            <div>
              <span className="storage-name">{file.name}</span>
              <p className="muted small">
                {bytes(locale, file.bytes)} · {t('storage.offsets', { after: number(file.after + 1), through: number(file.through) })}
              </p>
            </div>
            {can('instance') && (
              <button type="button" className="btn btn-small" onClick={() => setDiscarding(file.name)}>
                {t('storage.discard')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {discarding && (
        <Reason
          title={t('storage.discardTitle')} lead={t('storage.discardLead')} submit={t('storage.discard')} done={t('storage.discarded')}
          call={(why) => evidence.discard(discarding, why)} onClose={() => setDiscarding('')}
        />
      )}
    </Panel>
  )
}
