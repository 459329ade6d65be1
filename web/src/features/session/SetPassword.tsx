import { useState, type FormEvent } from 'react'
import { session } from '@/api/endpoints'
import { useSession, useSessionChange } from '@/api/session'
import { useI18n } from '@/lib/i18n'
import { TextField } from '@/ui/Field'
import { ErrorNote } from '@/ui/Notes'
import { Gate } from './Gate'

const SHORTEST = 12

/** Two fields for a new password, for the first sign-in and for the settings. */
export function PasswordFields({ onDone, extra }: { onDone: () => void; extra?: React.ReactNode }) {
  const { t } = useI18n()
  const { data } = useSession()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [checked, setChecked] = useState(false)
  const change = useSessionChange(session.password)
  const short = first.length < SHORTEST
  const differ = first !== second
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (short || differ) return
    change.mutate(first, {
      onSuccess: () => {
        setFirst('')
        setSecond('')
        setChecked(false)
        onDone()
      },
    })
  }
  return (
    <form className="gate-form" onSubmit={submit}>
      <input type="text" autoComplete="username" value={data?.user?.name ?? ''} readOnly hidden />
      <TextField
        label={t('password.new')} hint={t('password.rule')} type="password" autoComplete="new-password" value={first} onChange={setFirst}
        wrong={checked && short ? t('password.short') : undefined}
      />
      <TextField
        label={t('password.repeat')} type="password" autoComplete="new-password" value={second} onChange={setSecond}
        wrong={checked && !short && differ ? t('password.differ') : undefined}
      />
      {change.error && <ErrorNote error={change.error} />}
      <div className="gate-buttons">
        <button type="submit" className="btn btn-primary" disabled={change.isPending}>
          {t('password.save')}
        </button>
        {extra}
      </div>
    </form>
  )
}

export function SetPassword({ onDone }: { onDone: () => void }) {
  const { t } = useI18n()
  const { data } = useSession()
  return (
    <Gate title={t('password.title')}>
      <p className="muted">{t('password.lead')}</p>
      {data?.user && <p>{t('password.yourName', { name: data.user.name })}</p>}
      <PasswordFields
        onDone={onDone}
        extra={
          <button type="button" className="btn btn-quiet" onClick={onDone}>
            {t('password.later')}
          </button>
        }
      />
    </Gate>
  )
}
