import { useState } from 'react'
import { incidents } from '@/api/endpoints'
import { useAct, useIncidentList } from '@/api/incidents'
import { useText } from '@/api/text'
import type { Incident } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import type { ActProps } from '@/ui/acts/dialogs'
import { FormDialog } from '@/ui/Dialog'
import { SelectField, TextArea, TextField } from '@/ui/Field'
import { useVoice } from '@/ui/Toasts'
import { useJoins } from './AlertsPanel'

export function MergeDialog({ incident, onClose, onDone }: ActProps & { onDone: () => void }) {
  const { t } = useI18n()
  const text = useText()
  const act = useAct()
  const voice = useVoice()
  const { items } = useIncidentList('open', '')
  const [chosen, setChosen] = useState('')
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const others = items.filter((other) => other.id !== incident.id && !other.exercise === !incident.exercise)
  const into = chosen || others[0]?.id || ''
  return (
    <FormDialog
      title={t('merge.title', { number: incident.number })} lead={t('merge.lead')} submit={t('act.merge')} onClose={onClose}
      valid={() => {
        setChecked(true)
        return into !== '' && reason.trim() !== ''
      }}
      onSubmit={async () => {
        await act.mutateAsync(() => incidents.merge(incident.id, into, reason.trim()))
        voice.done(t('act.done.merge'))
        onDone()
      }}
    >
      {others.length === 0 ? (
        <p className="muted">{t('merge.none')}</p>
      ) : (
        <SelectField label={t('merge.into')} value={into} onChange={setChosen} options={others.map((other) => ({ value: other.id, label: `${other.number} · ${text(other.title)}` }))} />
      )}
      <TextArea label={t('form.reason')} value={reason} onChange={setReason} wrong={checked && !reason.trim() ? t('form.required') : undefined} />
    </FormDialog>
  )
}

export function SplitDialog({ incident, onClose }: ActProps) {
  const { t } = useI18n()
  const text = useText()
  const act = useAct()
  const voice = useVoice()
  const { data } = useJoins(incident.id)
  const [chosen, setChosen] = useState<Set<string>>(new Set())
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const joins = data?.items ?? []
  const some = chosen.size > 0 && chosen.size < joins.length
  const toggle = (id: string) =>
    setChosen((old) => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })
  return (
    <FormDialog
      title={t('split.title', { number: incident.number })} lead={t('split.lead')} submit={t('act.split')} onClose={onClose}
      valid={() => {
        setChecked(true)
        return some && reason.trim() !== ''
      }}
      onSubmit={async () => {
        await act.mutateAsync(() => incidents.split(incident.id, [...chosen], reason.trim()))
        voice.done(t('act.done.split'))
      }}
    >
      <fieldset className="split-list">
        <legend>{t('split.choose')}</legend>
        {joins.map(({ alert }) => (
          <label key={alert.id} className="check-line">
            <input type="checkbox" checked={chosen.has(alert.id)} onChange={() => toggle(alert.id)} />
            <span>{text(alert.text)}</span>
          </label>
        ))}
        {checked && !some && <p className="small">{t('split.chooseSome')}</p>}
      </fieldset>
      <TextArea label={t('form.reason')} value={reason} onChange={setReason} wrong={checked && !reason.trim() ? t('form.required') : undefined} />
    </FormDialog>
  )
}

export function OwnerDialog({ incident, onClose }: ActProps) {
  const { t } = useI18n()
  const act = useAct()
  const voice = useVoice()
  const [owner, setOwner] = useState(incident.owner ?? '')
  return (
    <FormDialog
      title={t('owner.title', { number: incident.number })} submit={t('form.save')} onClose={onClose} valid={() => owner.trim() !== ''}
      onSubmit={async () => {
        await act.mutateAsync((): Promise<Incident> => incidents.owner(incident.id, owner.trim()))
        voice.done(t('act.done.owner', { owner: owner.trim() }))
      }}
    >
      <TextField label={t('form.who')} value={owner} onChange={setOwner} maxLength={200} autoFocus />
    </FormDialog>
  )
}
