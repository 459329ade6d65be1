import { useState } from 'react'
import { useIncidentList } from '@/api/incidents'
import { useInstance } from '@/api/session'
import type { StreamState } from '@/api/stream'
import { UseStatement } from '@/features/session/IntendedUse'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Dialog } from '@/ui/Dialog'

export function Bar({ stream }: { stream: StreamState }) {
  const { t } = useI18n()
  const { version } = useInstance()
  const [use, setUse] = useState(false)
  return (
    <footer className="bar" aria-label={t('bar.label')}>
      <StreamSign state={stream} />
      <Load />
      <span className="bar-space" />
      <span className="bar-version muted">{t('bar.version', { version })}</span>
      <button type="button" className="bar-link" onClick={() => setUse(true)}>
        {t('bar.intendedUse')}
      </button>
      <SiteTime />
      {use && (
        <Dialog title={t('use.title')} onClose={() => setUse(false)}>
          <div className="dialog-body">
            <UseStatement />
          </div>
        </Dialog>
      )}
    </footer>
  )
}

function StreamSign({ state }: { state: StreamState }) {
  const { t } = useI18n()
  const words = { live: t('bar.live'), connecting: t('bar.connecting'), reconnecting: t('bar.reconnecting') }
  return (
    <span className={`stream stream-${state}`} role="status">
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {state === 'live' ? <circle cx="6" cy="6" r="4" /> : <path d="M6 1 11.500 11H.5z" />}
      </svg>
      {words[state]}
    </span>
  )
}

function Load() {
  const { t } = useI18n()
  const { items } = useIncidentList('open', '')
  const fresh = items.filter((incident) => incident.status === 'new').length
  return (
    <span className="bar-load">
      <span>{t('bar.open', { n: items.length })}</span>
      {fresh > 0 && <b>{t('bar.unacknowledged', { n: fresh })}</b>}
    </span>
  )
}

function SiteTime() {
  const { t } = useI18n()
  const now = useNow()
  const format = useFormat()
  return (
    <span className="bar-time" title={`${t('bar.siteTime')}: ${format.zone}`}>
      <span className="visually-hidden">{t('bar.siteTime')} </span>
      <time>{format.clockSeconds(now)}</time>
    </span>
  )
}
