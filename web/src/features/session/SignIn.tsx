import { useEffect, useState, type FormEvent } from 'react'
import { ApiError } from '@/api/client'
import { session } from '@/api/endpoints'
import { useSession, useSessionChange } from '@/api/session'
import { useI18n } from '@/lib/i18n'
import { TextField } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { ErrorNote, Loading } from '@/ui/Notes'
import { Gate } from './Gate'

type Props = { linkToken: string; expired: boolean; onRedeemed: () => void; onTokenUsed: () => void }

/** Redeems a one-time link by itself, or asks for name and password. */
export function SignIn({ linkToken, expired, onRedeemed, onTokenUsed }: Props) {
  const { t } = useI18n()
  const redeem = useSessionChange(session.redeem)
  const { mutate } = redeem
  useEffect(() => {
    if (!linkToken) return
    onTokenUsed()
    mutate(linkToken, { onSuccess: onRedeemed })
  }, [linkToken, mutate, onRedeemed, onTokenUsed])
  if (linkToken || redeem.isPending)
    return (
      <Gate title={t('signin.redeeming')}>
        <Loading />
      </Gate>
    )
  return (
    <Gate title={t('signin.title')}>
      {redeem.error ? <LinkFailed error={redeem.error} /> : expired && <Hint text={t('signin.expired')} />}
      <PasswordForm />
    </Gate>
  )
}

function LinkFailed({ error }: { error: Error }) {
  const { t } = useI18n()
  const offline = error instanceof ApiError && error.offline
  return offline ? <ErrorNote error={error} /> : <Hint text={t('signin.linkUsed')} />
}

function Hint({ text }: { text: string }) {
  return (
    <div className="note" role="status">
      <Icon name="info" />
      <div className="note-body">{text}</div>
    </div>
  )
}

function PasswordForm() {
  const { t } = useI18n()
  const { data } = useSession()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useSessionChange((p: { name: string; password: string }) => session.signIn(p.name, p.password))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name && password) signIn.mutate({ name, password })
  }
  const refused = signIn.error instanceof ApiError && (signIn.error.status === 401 || signIn.error.status === 403)
  return (
    <>
      {data?.needs_setup && <Hint text={t('signin.needsSetup')} />}
      <form className="gate-form" onSubmit={submit}>
        <TextField label={t('signin.name')} value={name} onChange={setName} autoComplete="username" autoCapitalize="none" required autoFocus />
        <TextField label={t('signin.password')} value={password} onChange={setPassword} type="password" autoComplete="current-password" required />
        {refused && <Hint text={t('signin.wrong')} />}
        {signIn.error && !refused && <ErrorNote error={signIn.error} />}
        <button type="submit" className="btn btn-primary" disabled={signIn.isPending}>
          {t('signin.submit')}
        </button>
      </form>
      <p className="muted small">{t('signin.local')}</p>
    </>
  )
}
