import { useState, type FormEvent } from 'react'
import { session } from '@/api/endpoints'
import { useSessionChange } from '@/api/session'
import { useI18n, type Key } from '@/lib/i18n'
import { ErrorNote } from '@/ui/Notes'
import { Gate } from './Gate'

const statements = ['use.notDevice', 'use.notOnly', 'use.noCommand', 'use.noBlock', 'use.predictions'] satisfies Key[]

/** What Warder is not, in words; the bottom bar shows it again at any time. */
export function UseStatement() {
  const { t } = useI18n()
  return (
    <ul className="use-list">
      {statements.map((key) => (
        <li key={key}>{t(key)}</li>
      ))}
    </ul>
  )
}

export function IntendedUse() {
  const { t } = useI18n()
  const [read, setRead] = useState(false)
  const accept = useSessionChange(session.acceptUse)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (read) accept.mutate(undefined)
  }
  return (
    <Gate title={t('use.title')} wide>
      <p className="muted">{t('use.lead')}</p>
      <UseStatement />
      <form className="gate-form" onSubmit={submit}>
        <label className="check-line">
          <input type="checkbox" checked={read} onChange={(event) => setRead(event.target.checked)} />
          {t('use.accept')}
        </label>
        {accept.error && <ErrorNote error={accept.error} />}
        <button type="submit" className="btn btn-primary" disabled={!read || accept.isPending}>
          {t('use.continue')}
        </button>
      </form>
    </Gate>
  )
}
