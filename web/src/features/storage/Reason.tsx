import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/api/keys'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { TextArea } from '@/ui/Field'
import { useVoice } from '@/ui/Toasts'

type Props = { title: string; lead: string; submit: string; done: string; call: (why: string) => Promise<unknown>; onClose: () => void }

/** Asks why before something is done that cannot be undone. */
export function Reason({ title, lead, submit, done, call, onClose }: Props) {
  const { t } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const [checked, setChecked] = useState(false)
  return (
    <FormDialog
      title={title} lead={lead} submit={submit} danger onClose={onClose}
      valid={() => {
        setChecked(true)
        return why.trim() !== ''
      }}
      onSubmit={async () => {
        await call(why.trim())
        voice.done(done)
        await client.invalidateQueries({ queryKey: keys.storage })
      }}
    >
      <TextArea label={t('form.why')} value={why} onChange={setWhy} maxLength={500} autoFocus wrong={checked && !why.trim() ? t('form.required') : undefined} />
    </FormDialog>
  )
}
