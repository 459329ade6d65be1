import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { audit } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { AuditState } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { ErrorNote } from '@/ui/Notes'
import { useVoice } from '@/ui/Toasts'

/** How the tamper-evident log stands, and what of it belongs elsewhere. */
export function LogState() {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.auditState, queryFn: audit.state, refetchInterval: 10_000 })
  if (query.error && !query.data) return <ErrorNote error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return null
  return (
    <section className="panel audit-log" aria-label={t('audit.state')}>
      <Figures state={query.data} />
      <Findings state={query.data} />
      <Kept state={query.data} />
    </section>
  )
}

function Figures({ state }: { state: AuditState }) {
  const { t, many } = useI18n()
  const relative = useRelative()
  return (
    <div className="audit-figures">
      <Icon name="shield" />
      <b>{many('audit.entries', state.entries)}</b>
      {state.waiting > 0 && <span>{many('audit.waiting', state.waiting)}</span>}
      {state.published && <span className="muted">{t('audit.published', { when: relative(state.published) })}</span>}
      <span className={state.verified && !state.verified.good ? 'audit-wrong' : 'muted'} role="status">
        {!state.verified
          ? t('audit.unverified')
          : t(state.verified.good ? 'audit.good' : 'audit.bad', { when: relative(state.verified.time) })}
      </span>
      <Verify />
    </div>
  )
}

function Verify() {
  const { t } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const ask = useMutation({
    mutationFn: audit.verify,
    onSuccess: () => {
      voice.done(t('audit.verifying'))
      void client.invalidateQueries({ queryKey: keys.auditState })
    },
    onError: voice.failed,
  })
  return (
    <button type="button" className="btn btn-small" disabled={ask.isPending} onClick={() => ask.mutate()}>
      {t('audit.verify')}
    </button>
  )
}

/** What is wrong: said by the program in its own words, which name the entry. */
function Findings({ state }: { state: AuditState }) {
  const { t } = useI18n()
  const findings = state.verified?.findings ?? []
  if (!state.trouble && findings.length === 0) return null
  return (
    <div className="note note-error" role="alert">
      <Icon name="warn" />
      <div className="note-body">
        {state.trouble && (
          <p>
            {t('audit.trouble')} {state.trouble}
          </p>
        )}
        {findings.length > 0 && (
          <ul>
            {findings.map((f, index) => (
              <li key={index}>
                {f.place >= 0 && <b>{t('audit.entry', { place: f.place })} </b>}
                {f.what}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function Kept({ state }: { state: AuditState }) {
  const { t } = useI18n()
  return (
    <details className="audit-keys">
      <summary>{t('audit.keys')}</summary>
      <p className="muted">{t('audit.keysLead')}</p>
      <Copied label={t('audit.key')} text={state.verifier} />
      {state.checkpoint && <Copied label={t('audit.checkpoint')} text={state.checkpoint} />}
    </details>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  const { t } = useI18n()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      setCopied(false) // the text is there to be selected
    }
  }
  return (
    <div className="audit-kept">
      <span>{label}</span>
      <pre>{text}</pre>
      <button type="button" className="btn btn-small" onClick={() => void copy()}>
        <Icon name="copy" size={14} /> {copied ? t('settings.copied') : t('settings.copy')}
        <span className="visually-hidden"> {label}</span>
      </button>
    </div>
  )
}
