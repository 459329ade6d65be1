// Evidence of an incident: a signed bundle, and holds against its removal.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { evidence } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Incident } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import type { ActProps } from '@/ui/acts/dialogs'
import { FormDialog } from '@/ui/Dialog'
import { TextField } from '@/ui/Field'
import { useVoice } from '@/ui/Toasts'

/** Says that the incident's events are on hold, when they are. */
export function HoldRemark({ incident }: { incident: Incident }) {
  const { t } = useI18n()
  const format = useFormat()
  const now = useNow()
  const { data } = useQuery({ queryKey: keys.holds(incident.id), queryFn: () => evidence.holds(incident.id), staleTime: 60_000 })
  return data?.items.filter((hold) => hold.in_force).map((hold) => (
    <p key={hold.id} className="inc-remark">
      {t('evidence.onHold', { time: format.moment(Date.parse(hold.placed), now), name: hold.name, why: hold.why })} <Link to="/storage">{t('nav.storage')}</Link>
    </p>
  ))
}

export function HoldDialog({ incident, onClose }: ActProps) {
  const { t } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const [around, setAround] = useState(false)
  const [checked, setChecked] = useState(false)
  return (
    <FormDialog
      title={t('evidence.holdTitle', { number: incident.number })} lead={t('evidence.holdLead')} submit={t('evidence.hold')} onClose={onClose}
      valid={() => {
        setChecked(true)
        return why.trim() !== ''
      }}
      onSubmit={async () => {
        await evidence.hold(incident.id, why.trim(), around)
        voice.done(t('evidence.held'))
        await client.invalidateQueries({ queryKey: keys.holds(incident.id) })
      }}
    >
      <TextField label={t('evidence.holdWhy')} hint={t('evidence.holdWhyHint')} value={why} onChange={setWhy} maxLength={500} autoFocus wrong={checked && !why.trim() ? t('form.required') : undefined} />
      <label className="check-line">
        <input type="checkbox" checked={around} onChange={(event) => setAround(event.target.checked)} />
        <span>{t('evidence.around')}</span>
      </label>
    </FormDialog>
  )
}

export function ExportDialog({ incident, onClose }: ActProps) {
  const { t } = useI18n()
  const voice = useVoice()
  const [why, setWhy] = useState('')
  return (
    <FormDialog
      title={t('evidence.exportTitle', { number: incident.number })} lead={t('evidence.exportLead')} submit={t('evidence.export')} onClose={onClose}
      onSubmit={async () => {
        await evidence.export(incident.id, why.trim())
        voice.done(t('evidence.exported'))
      }}
    >
      <TextField label={t('evidence.exportWhy')} optional value={why} onChange={setWhy} maxLength={500} autoFocus />
    </FormDialog>
  )
}
