// What the hospital set for the rule, by whom and why; and the two ways to set it.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { RuleDetail, RuleSetting } from '@/api/types'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { titleOf } from '@/lib/rule'
import { FormDialog } from '@/ui/Dialog'
import { SelectField, TextArea } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { useVoice } from '@/ui/Toasts'
import { levels } from './filters'
import { severityOf } from './words'

export function SettingNote({ detail: { setting, rule } }: { detail: RuleDetail }) {
  const { t, word } = useI18n()
  const format = useFormat()
  if (!setting || (!setting.off && !setting.severity)) return null
  const values = { name: setting.who, time: format.full(Date.parse(setting.at)) }
  return (
    <div className="note rule-setting">
      <Icon name={setting.off ? 'minus' : 'info'} />
      <div className="note-body">
        <p>
          {setting.off && <b>{t('rules.offNote')} </b>}
          {setting.severity && <b>{t('rules.severityNote', { level: word('severity', severityOf(setting.severity)), own: word('severity', severityOf(rule.level)) })}</b>}
        </p>
        <p>“{setting.why}”</p>
        <p className="muted small">{t('rules.setBy', values)}</p>
      </div>
    </div>
  )
}

type Props = { detail: RuleDetail; off: boolean; onClose: () => void }

export function SwitchDialog({ detail, off, onClose }: Props) {
  const { t, locale } = useI18n()
  const title = titleOf(detail.rule, locale)
  return (
    <WhyDialog
      rule={detail.rule.id} onClose={onClose} setting={{ off: !off, severity: detail.setting?.severity ?? '' }} danger={!off}
      title={off ? t('rules.onTitle', { rule: title }) : t('rules.offTitle', { rule: title })} lead={off ? t('rules.onLead') : t('rules.offLead')}
      submit={off ? t('rules.switchOn') : t('rules.switchOff')} done={off ? t('rules.isOn') : t('rules.isOff')}
    />
  )
}

export function SeverityDialog({ detail, off, onClose }: Props) {
  const { t, word, locale } = useI18n()
  const [severity, setSeverity] = useState<RuleSetting['severity']>(detail.setting?.severity ?? '')
  const own = word('severity', severityOf(detail.rule.level))
  return (
    <WhyDialog
      rule={detail.rule.id} onClose={onClose} setting={{ off, severity }} title={t('rules.severityTitle', { rule: titleOf(detail.rule, locale) })}
      lead={t('rules.severityLead')} submit={t('form.save')} done={t('rules.severitySet')}
    >
      <SelectField
        label={t('rules.level')} value={severity} onChange={(value) => setSeverity(levels.find((level) => level === value) ?? '')}
        options={[{ value: '', label: t('rules.ownChoice', { level: own }) }, ...levels.map((value) => ({ value, label: word('severity', value) }))]}
      />
    </WhyDialog>
  )
}

type WhyProps = {
  rule: string
  setting: Pick<RuleSetting, 'off' | 'severity'>
  title: string
  lead: string
  submit: string
  done: string
  danger?: boolean
  onClose: () => void
  children?: React.ReactNode
}

/** Nothing is set without a reason: the next shift must know it. */
function WhyDialog({ rule, setting, done, onClose, children, ...rest }: WhyProps) {
  const { t } = useI18n()
  const client = useQueryClient()
  const voice = useVoice()
  const [why, setWhy] = useState('')
  const [checked, setChecked] = useState(false)
  return (
    <FormDialog
      {...rest} onClose={onClose}
      valid={() => {
        setChecked(true)
        return why.trim() !== ''
      }}
      onSubmit={async () => {
        await rules.set(rule, { ...setting, why: why.trim() })
        await client.invalidateQueries({ queryKey: keys.rules })
        voice.done(done)
      }}
    >
      {children}
      <TextArea label={t('form.why')} hint={t('rules.whyHint')} value={why} onChange={setWhy} wrong={checked && !why.trim() ? t('form.required') : undefined} />
    </FormDialog>
  )
}
