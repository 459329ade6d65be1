// An exception: which events the rule leaves be, why, and until when.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { Event, ExceptionPart } from '@/api/types'
import { now } from '@/lib/clock'
import { fieldsOf } from '@/lib/event'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { fromField, toField } from '@/lib/time'
import { FormDialog } from '../Dialog'
import { TextArea, TextField } from '../Field'
import { useVoice } from '../Toasts'
import { beginning, complete, spans, wrongEnd, YEAR } from './exception'
import { ExceptionParts } from './ExceptionParts'
import './exception.css'

type Props = { rule: { id: string; title: string }; event?: Event | undefined; onClose: () => void }

export function ExceptionDialog({ rule, event, onClose }: Props) {
  const { t } = useI18n()
  const format = useFormat()
  const voice = useVoice()
  const client = useQueryClient()
  const [fields] = useState(() => (event ? fieldsOf(event) : []))
  const [when, setWhen] = useState<ExceptionPart[]>(() => [beginning(fields)])
  const [why, setWhy] = useState('')
  const [until, setUntil] = useState(() => toField(now() + spans[1].ms, format.zone))
  const [checked, setChecked] = useState(false)
  const at = fromField(until, format.zone)
  const wrong = wrongEnd(at, now())
  const labels = { day: t('exception.day'), week: t('exception.week'), month: t('exception.month') }
  return (
    <FormDialog
      title={t('exception.title', { rule: rule.title })} lead={t('exception.lead')} submit={t('exception.add')} wide onClose={onClose}
      valid={() => {
        setChecked(true)
        return complete(when) && why.trim() !== '' && !wrong
      }}
      onSubmit={async () => {
        const parts = when.map((part) => ({ ...part, field: part.field.trim(), value: part.value.trim() }))
        await rules.addException(rule.id, { when: parts, why: why.trim(), until: new Date(at).toISOString() })
        await client.invalidateQueries({ queryKey: keys.rules })
        voice.done(t('exception.added', { time: format.moment(at, now()) }))
      }}
    >
      <ExceptionParts parts={when} onChange={setWhen} fields={fields} checked={checked} />
      <TextArea label={t('form.why')} hint={t('exception.whyHint')} value={why} onChange={setWhy} wrong={checked && !why.trim() ? t('form.required') : undefined} />
      <TextField
        label={t('form.until')} hint={t('exception.untilHint')} type="datetime-local" required value={until} onChange={setUntil}
        max={toField(now() + YEAR, format.zone)} wrong={checked && wrong ? (wrong === 'far' ? t('exception.tooFar') : t('form.untilPast')) : undefined}
      />
      <div className="quick" role="group" aria-label={t('form.until')}>
        {spans.map(({ id, ms }) => (
          <button key={id} type="button" className="btn btn-small" onClick={() => setUntil(toField(now() + ms, format.zone))}>
            {labels[id]}
          </button>
        ))}
      </div>
    </FormDialog>
  )
}
