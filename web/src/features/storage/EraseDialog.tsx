import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { evidence } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { TextField } from '@/ui/Field'
import { useVoice } from '@/ui/Toasts'

type Found = { events: number; held: number }

/** Asks whom to erase, shows what that means, and only then does it. */
export function EraseDialog({ onClose }: { onClose: () => void }) {
  const { t, number } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const [person, setPerson] = useState('')
  const [anywhere, setAnywhere] = useState(false)
  const [why, setWhy] = useState('')
  const [checked, setChecked] = useState(false)
  const [found, setFound] = useState<Found>()
  const [looking, setLooking] = useState(false)
  const change = <T,>(set: (value: T) => void) => (value: T) => {
    set(value)
    setFound(undefined) // what was shown was another question's answer
  }
  const look = async () => {
    setChecked(true)
    if (!person.trim()) return
    setLooking(true)
    await evidence.erase(person.trim(), anywhere, '', true).then(setFound, voice.failed)
    setLooking(false)
  }
  return (
    <FormDialog
      title={t('storage.eraseTitle')} lead={t('storage.eraseLead')} submit={t('storage.eraseSubmit')} danger onClose={onClose}
      valid={() => {
        setChecked(true)
        if (!found) void look()
        return found !== undefined && found.events > 0 && person.trim() !== '' && why.trim() !== ''
      }}
      onSubmit={async () => {
        const erased = await evidence.erase(person.trim(), anywhere, why.trim(), false)
        voice.done(t('storage.erased', { n: number(erased.events) }))
        await client.invalidateQueries({ queryKey: keys.storage })
      }}
    >
      <TextField label={t('storage.erasePerson')} value={person} onChange={change(setPerson)} maxLength={500} autoFocus wrong={checked && !person.trim() ? t('form.required') : undefined} />
      <label className="check-line">
        <input type="checkbox" checked={anywhere} onChange={(event) => change(setAnywhere)(event.target.checked)} />
        <span>{t('storage.eraseAnywhere')}</span>
      </label>
      <TextField label={t('storage.eraseWhy')} hint={t('storage.eraseWhyHint')} value={why} onChange={setWhy} maxLength={500} wrong={checked && found && !why.trim() ? t('form.required') : undefined} />
      <div>
        <button type="button" className="btn" disabled={looking} onClick={() => void look()}>
          {t('storage.eraseCheck')}
        </button>
      </div>
      <p role="status" className="storage-found">
        {found && (found.events + found.held === 0 ? t('storage.eraseNone') : t('storage.eraseFound', { n: number(found.events), held: number(found.held) }))}
      </p>
    </FormDialog>
  )
}
