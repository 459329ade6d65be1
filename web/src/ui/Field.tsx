import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react'
import { useI18n } from '@/lib/i18n'
import { Icon } from './Icon'

type Shell = { label: string; hint?: string | undefined; wrong?: string | undefined; optional?: boolean }
type Ids = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }

function FieldShell({ label, hint, wrong, optional, control }: Shell & { control: (ids: Ids) => ReactNode }) {
  const { t } = useI18n()
  const id = useId()
  const about = hint || wrong ? `${id}-about` : undefined
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {optional && <span className="muted small">({t('form.optional')})</span>}
      </label>
      {control({ id, 'aria-describedby': about, 'aria-invalid': Boolean(wrong) })}
      {about && (
        <span id={about} className={wrong ? 'wrong' : 'hint'}>
          {wrong && <Icon name="warn" size={14} />}
          {wrong || hint}
        </span>
      )}
    </div>
  )
}

type TextProps = Shell & { value: string; onChange: (value: string) => void } & Omit<
    InputHTMLAttributes<HTMLInputElement>,
    'value' | 'onChange'
  >

export function TextField({ label, hint, wrong, optional, value, onChange, ...rest }: TextProps) {
  return (
    <FieldShell
      label={label} hint={hint} wrong={wrong} optional={optional ?? false}
      control={(ids) => <input className="input" {...rest} {...ids} value={value} onChange={(e) => onChange(e.target.value)} />}
    />
  )
}

type AreaProps = Shell & { value: string; onChange: (value: string) => void; maxLength?: number; autoFocus?: boolean }

export function TextArea({ label, hint, wrong, optional, value, onChange, ...rest }: AreaProps) {
  return (
    <FieldShell
      label={label} hint={hint} wrong={wrong} optional={optional ?? false}
      control={(ids) => <textarea className="input" maxLength={2000} {...rest} {...ids} value={value} onChange={(e) => onChange(e.target.value)} />}
    />
  )
}

type SelectProps = Shell & { value: string; onChange: (value: string) => void; options: { value: string; label: string }[] } & Omit<
    SelectHTMLAttributes<HTMLSelectElement>,
    'value' | 'onChange'
  >

export function SelectField({ label, hint, wrong, value, onChange, options, ...rest }: SelectProps) {
  return (
    <FieldShell
      label={label} hint={hint} wrong={wrong}
      control={(ids) => <Select {...rest} {...ids} value={value} onChange={onChange} options={options} />}
    />
  )
}

type BareSelect = { value: string; onChange: (value: string) => void; options: { value: string; label: string }[] } & Omit<
    SelectHTMLAttributes<HTMLSelectElement>,
    'value' | 'onChange'
  >

export function Select({ value, onChange, options, ...rest }: BareSelect) {
  return (
    <select className="input" {...rest} value={value} onChange={(e) => onChange(e.target.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

type SearchProps = { label: string; value: string; onChange: (value: string) => void; id?: string }

export function SearchBox({ label, value, onChange, id }: SearchProps) {
  return (
    <div className="searchbox">
      <Icon name="search" />
      <input
        id={id} type="search" className="input" aria-label={label} placeholder={label} value={value}
        onChange={(e) => onChange(e.target.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Escape') return
          onChange('')
          e.currentTarget.blur()
        }}
      />
    </div>
  )
}
