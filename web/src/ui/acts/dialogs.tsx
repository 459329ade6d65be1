// The dialogs of what one can do with an incident, for the queue and for the
// incident's own page.
import { useState } from 'react'
import { incidents } from '@/api/endpoints'
import { useAct } from '@/api/incidents'
import type { Incident } from '@/api/types'
import { now } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { fromField, toField } from '@/lib/time'
import { FormDialog } from '../Dialog'
import { TextArea, TextField } from '../Field'
import { useVoice } from '../Toasts'

export type ActProps = { incident: Incident; onClose: () => void }

const HOUR = 3_600_000

export function ShelveDialog({ incident, onClose }: ActProps) {
  const { t } = useI18n()
  const format = useFormat()
  const act = useAct()
  const voice = useVoice()
  const [why, setWhy] = useState('')
  const [until, setUntil] = useState(() => toField(now() + HOUR, format.zone))
  const [checked, setChecked] = useState(false)
  const at = fromField(until, format.zone)
  const past = !(at > now())
  const choices = [
    { label: t('form.in1h'), hours: 1 },
    { label: t('form.in4h'), hours: 4 },
    { label: t('form.shiftEnd'), hours: 8 },
    { label: t('form.tomorrow'), hours: 24 },
  ]
  return (
    <FormDialog
      title={t('shelve.title', { number: incident.number })} lead={t('shelve.lead')} submit={t('act.shelve')} onClose={onClose}
      valid={() => {
        setChecked(true)
        return why.trim() !== '' && !past
      }}
      onSubmit={async () => {
        await act.mutateAsync(() => incidents.shelve(incident.id, why.trim(), new Date(at).toISOString()))
        voice.done(t('act.done.shelve', { time: format.moment(at, now()) }))
      }}
    >
      <TextArea label={t('form.why')} hint={t('form.whyHint')} value={why} onChange={setWhy} autoFocus wrong={checked && !why.trim() ? t('form.required') : undefined} />
      <TextField label={t('form.until')} hint={t('form.untilHint')} type="datetime-local" required value={until} onChange={setUntil} wrong={checked && past ? t('form.untilPast') : undefined} />
      <div className="quick" role="group" aria-label={t('form.until')}>
        {choices.map(({ label, hours }) => (
          <button key={hours} type="button" className="btn btn-small" onClick={() => setUntil(toField(now() + hours * HOUR, format.zone))}>
            {label}
          </button>
        ))}
      </div>
    </FormDialog>
  )
}

export function DispatchDialog({ incident, onClose }: ActProps) {
  const { t, word } = useI18n()
  const act = useAct()
  const voice = useVoice()
  const [who, setWho] = useState('')
  const [note, setNote] = useState('')
  const [checked, setChecked] = useState(false)
  return (
    <FormDialog
      title={t('dispatch.title', { number: incident.number })} lead={t('dispatch.lead')} submit={t('act.dispatch')} onClose={onClose}
      valid={() => {
        setChecked(true)
        return who.trim() !== ''
      }}
      onSubmit={async () => {
        await act.mutateAsync(() => incidents.dispatch(incident.id, who.trim(), note.trim()))
        voice.done(t('act.done.dispatch', { who: who.trim() }))
      }}
    >
      <TextField label={t('form.who')} hint={t('form.whoHint')} value={who} onChange={setWho} maxLength={200} autoFocus wrong={checked && !who.trim() ? t('form.required') : undefined} />
      <div className="quick" role="group" aria-label={t('form.who')}>
        {['guard', 'technician', 'nurse', 'lead'].map((role) => (
          <button key={role} type="button" className="btn btn-small" onClick={() => setWho(word('role', role))}>
            {word('role', role)}
          </button>
        ))}
      </div>
      <TextArea label={t('form.note')} optional value={note} onChange={setNote} />
    </FormDialog>
  )
}

type ReasonProps = ActProps & {
  title: string
  lead?: string
  label: string
  submit: string
  required?: boolean
  call: (words: string) => Promise<Incident>
  done: string
  after?: () => void
}

/** One reason, one act: escalate, resolve, close, reopen, comment. */
export function ReasonDialog({ title, lead, label, submit, required = true, call, done, after, onClose }: ReasonProps) {
  const { t } = useI18n()
  const act = useAct()
  const voice = useVoice()
  const [words, setWords] = useState('')
  const [checked, setChecked] = useState(false)
  return (
    <FormDialog
      title={title} {...(lead && { lead })} submit={submit} onClose={onClose}
      valid={() => {
        setChecked(true)
        return !required || words.trim() !== ''
      }}
      onSubmit={async () => {
        await act.mutateAsync(() => call(words.trim()))
        voice.done(done)
        after?.()
      }}
    >
      <TextArea label={label} optional={!required} value={words} onChange={setWords} autoFocus wrong={checked && required && !words.trim() ? t('form.required') : undefined} />
    </FormDialog>
  )
}

export function EscalateDialog({ incident, onClose }: ActProps) {
  const { t } = useI18n()
  return (
    <ReasonDialog
      incident={incident} onClose={onClose} title={t('escalate.title', { number: incident.number })} lead={t('escalate.lead')}
      label={t('form.reason')} submit={t('act.escalate')} done={t('act.done.escalate')}
      call={(reason) => incidents.escalate(incident.id, reason)}
    />
  )
}
