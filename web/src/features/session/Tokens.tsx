import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { people } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Token, TokenRole } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { SelectField, TextField } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer, ErrorNote } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'

const roles: TokenRole[] = ['sender', 'viewer', 'operator', 'lead', 'admin']

export function Tokens() {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.tokens, queryFn: people.tokens })
  const [revoking, setRevoking] = useState<Token>()
  const client = useQueryClient()
  return (
    <Panel title={t('settings.tokens')}>
      <div className="tokens">
        <p className="muted">{t('settings.tokensLead')}</p>
        <Answer query={query}>
          {(list) =>
            list.items.length === 0 ? (
              <p className="muted">{t('settings.noTokens')}</p>
            ) : (
              <ul className="token-list">
                {list.items.map((token) => (
                  <TokenLine key={token.id} token={token} onRevoke={() => setRevoking(token)} />
                ))}
              </ul>
            )
          }
        </Answer>
        <NewToken />
      </div>
      {revoking && (
        <FormDialog
          title={t('settings.revokeTitle', { name: revoking.name })} lead={t('settings.revokeText')} submit={t('settings.revoke')} danger onClose={() => setRevoking(undefined)}
          onSubmit={async () => {
            await people.revokeToken(revoking.id)
            await client.invalidateQueries({ queryKey: keys.tokens })
          }}
        >
          {null}
        </FormDialog>
      )}
    </Panel>
  )
}

function TokenLine({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { t, word } = useI18n()
  const relative = useRelative()
  return (
    <li>
      <span className="token-name">
        <b>{token.name}</b>
        <span className="muted small">
          {word('role', token.role)} · {t('settings.lastUsed')}: {token.used ? relative(token.used) : t('rules.never')}
        </span>
      </span>
      <button type="button" className="btn btn-small" onClick={onRevoke}>
        {t('settings.revoke')}
      </button>
    </li>
  )
}

function NewToken() {
  const { t, word } = useI18n()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<TokenRole>('sender')
  const create = useMutation({
    mutationFn: () => people.createToken(name.trim(), role),
    onSuccess: () => {
      setName('')
      void client.invalidateQueries({ queryKey: keys.tokens })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) create.mutate()
  }
  return (
    <form className="token-new" onSubmit={submit}>
      <TextField label={t('settings.tokenName')} value={name} onChange={setName} maxLength={100} />
      <SelectField label={t('settings.tokenRole')} value={role} onChange={(value) => setRole(roles.find((known) => known === value) ?? 'sender')} options={roles.map((value) => ({ value, label: word('role', value) }))} />
      <button type="submit" className="btn" disabled={create.isPending || !name.trim()}>
        {t('settings.create')}
      </button>
      {create.error && <ErrorNote error={create.error} />}
      {create.data && <Secret secret={create.data.secret ?? ''} />}
    </form>
  )
}

function Secret({ secret }: { secret: string }) {
  const { t } = useI18n()
  const voice = useVoice()
  const copy = async () => {
    await navigator.clipboard.writeText(secret)
    voice.done(t('settings.copied'))
  }
  return (
    <div className="note token-secret" role="status">
      <div className="note-body">
        <p>{t('settings.tokenMade')}</p>
        <code className="mono">{secret}</code>
      </div>
      <button type="button" className="btn btn-small" onClick={() => void copy()}>
        <Icon name="copy" size={14} /> {t('settings.copy')}
      </button>
    </div>
  )
}
