import { useId } from 'react'
import type { ExceptionPart } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Select } from '../Field'
import { Icon } from '../Icon'
import { ops } from './exception'

type Props = { parts: ExceptionPart[]; onChange: (parts: ExceptionPart[]) => void; fields: [string, string][]; checked: boolean }

/** The conditions of an exception, all of which must hold. Fields of the event at hand are offered with their values. */
export function ExceptionParts({ parts, onChange, fields, checked }: Props) {
  const { t, word } = useI18n()
  const names = useId()
  const put = (index: number, change: Partial<ExceptionPart>) => onChange(parts.map((part, at) => (at === index ? { ...part, ...change } : part)))
  const pickField = (index: number, field: string) => {
    const value = new Map(fields).get(field)
    put(index, value === undefined ? { field } : { field, value })
  }
  return (
    <fieldset className="exception-parts">
      <legend>{t('exception.when')}</legend>
      {parts.map((part, index) => {
        const n = index + 1
        const lacks = checked && (!part.field.trim() || !part.value.trim())
        return (
          <div key={index} className="exception-part">
            <input
              className="input mono" list={names} aria-label={t('exception.field', { n })} placeholder={t('exception.fieldHint')} maxLength={200} value={part.field}
              aria-invalid={checked && !part.field.trim()} autoComplete="off" spellCheck={false} onChange={(e) => pickField(index, e.target.value)}
            />
            <Select
              aria-label={t('exception.op', { n })} value={part.op} onChange={(value) => put(index, { op: ops.find((op) => op === value) ?? 'is' })}
              options={ops.map((op) => ({ value: op, label: word('exceptionop', op) }))}
            />
            <input
              className="input mono" aria-label={t('exception.value', { n })} placeholder={t('exception.valueHint')} maxLength={1000} value={part.value}
              aria-invalid={checked && !part.value.trim()} autoComplete="off" spellCheck={false} onChange={(e) => put(index, { value: e.target.value })}
            />
            {parts.length > 1 && (
              <button type="button" className="btn btn-quiet btn-icon" aria-label={t('exception.less', { n })} onClick={() => onChange(parts.filter((_, at) => at !== index))}>
                <Icon name="cross" size={14} />
              </button>
            )}
            {lacks && (
              <span className="wrong small">
                <Icon name="warn" size={14} /> {t('exception.incomplete')}
              </span>
            )}
          </div>
        )
      })}
      <datalist id={names}>
        {fields.map(([name, value]) => (
          <option key={name} value={name}>
            {value.slice(0, 80)}
          </option>
        ))}
      </datalist>
      <button type="button" className="btn btn-small" onClick={() => onChange([...parts, { field: '', op: 'is', value: '' }])}>
        <Icon name="plus" size={14} /> {t('exception.more')}
      </button>
    </fieldset>
  )
}
