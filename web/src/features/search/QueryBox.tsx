// Where a search is written. What the server cannot read is marked at its place.
import { useEffect, useId, useRef, type FormEvent } from 'react'
import { ApiError } from '@/api/client'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'

type Props = { value: string; onChange: (value: string) => void; onSubmit: (event: FormEvent) => void; error: unknown; asked: string }

export function QueryBox({ value, onChange, onSubmit, error, asked }: Props) {
  const { t } = useI18n()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const place = error instanceof ApiError ? error.place : undefined
  // The server counts characters, the box counts UTF-16 units.
  const chars = Array.from(asked)
  const before = place ? chars.slice(0, place.offset).join('') : ''
  const at = place ? (chars[place.offset] ?? ' ') : ''
  useEffect(() => {
    const box = input.current
    if (!place || !box || box.value !== asked) return
    box.focus()
    box.setSelectionRange(before.length, before.length + at.length)
  }, [error])
  return (
    <form className="search-form" role="search" onSubmit={onSubmit}>
      <div className="searchbox">
        <Icon name="search" />
        <input
          ref={input} type="search" className="input" aria-label={t('search.query')} placeholder={t('search.placeholder')} value={value} spellCheck={false}
          autoCapitalize="off" autoComplete="off" aria-invalid={place !== undefined} aria-describedby={place && id} onChange={(e) => onChange(e.target.value)}
        />
      </div>
      <button type="submit" className="btn btn-primary">
        {t('search.run')}
      </button>
      {place && (
        <div id={id} className="search-wrong" role="alert">
          <code className="mono">
            {before}
            <mark>{at}</mark>
            {chars.slice(place.offset + 1).join('')}
          </code>
          <span>
            <Icon name="warn" size={14} />{' '}
            {place.line > 1 ? t('search.wrongAtLine', { line: place.line, column: place.column, message: place.message }) : t('search.wrongAt', { column: place.column, message: place.message })}
          </span>
        </div>
      )}
    </form>
  )
}
