import { useEffect, useState } from 'react'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { useNarrow } from '@/lib/narrow'
import { fromField, toField } from '@/lib/time'
import { SearchBox } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { useSettled } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { spanOf, spans, type AuditSearch, type Span } from './search'
import { actions } from './words'

type Props = { search: AuditSearch; onChange: (next: AuditSearch) => void }

export function Filters({ search, onChange }: Props) {
  const { t } = useI18n()
  const labels: Record<Span, string> = { '1h': t('search.last1h'), '24h': t('search.last24h'), '7d': t('search.last7d'), all: t('search.all') }
  const { from: _from, to: _to, last: _last, ...rest } = search
  const narrow = useNarrow()
  const all = (
    <div className="audit-filters">
      <Who search={search} onChange={onChange} />
      <Action search={search} onChange={onChange} />
      <Segments<Span | 'custom'>
        label={t('audit.range')} value={spanOf(search) ?? 'custom'} onChange={(last) => onChange({ ...rest, last })}
        options={spans.map((value) => ({ value, label: labels[value] }))}
      />
      <span className="audit-moments">
        <Moment label={t('audit.from')} value={search.from} onChange={(from) => onChange({ ...search, last: undefined, from })} />
        <Moment label={t('audit.to')} value={search.to} onChange={(to) => onChange({ ...search, last: undefined, to })} />
      </span>
      <Chosen search={search} onChange={onChange} />
    </div>
  )
  if (!narrow) return all
  return (
    <details className="audit-fold">
      <summary>{t('audit.filters')}</summary>
      {all}
    </details>
  )
}

function Who({ search, onChange }: Props) {
  const { t } = useI18n()
  const [words, setWords] = useState(search.who ?? '')
  const settled = useSettled(words.trim())
  useEffect(() => {
    if (settled !== (search.who ?? '')) onChange({ ...search, who: settled || undefined })
    // The address follows what is typed.
  }, [settled])
  return <SearchBox label={t('audit.who')} value={words} onChange={setWords} />
}

/** Actions by what they are about; a group is chosen by its name with a dot. */
function Action({ search, onChange }: Props) {
  const { t, word } = useI18n()
  return (
    <select className="input" aria-label={t('audit.action')} value={search.action ?? ''} onChange={(e) => onChange({ ...search, action: e.target.value || undefined })}>
      <option value="">{t('audit.anyAction')}</option>
      {Object.entries(actions).map(([group, names]) => (
        <optgroup key={group} label={word('auditgroup', group)}>
          {names.length > 1 && <option value={`${group}.`}>{t('audit.whole', { group: word('auditgroup', group) })}</option>}
          {names.map((name) => (
            <option key={name} value={`${group}.${name}`}>
              {word('action', `${group}.${name}`)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}

/** A moment in the site's zone. */
function Moment({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const { zone } = useFormat()
  const take = (field: string) => {
    const at = fromField(field, zone)
    onChange(Number.isNaN(at) ? undefined : new Date(at).toISOString())
  }
  return (
    <label className="audit-moment">
      <span>{label}</span>
      <input type="datetime-local" className="input" value={value ? toField(Date.parse(value), zone) : ''} onChange={(e) => take(e.target.value)} />
    </label>
  )
}

/** What was narrowed down to by pressing something in a line. */
function Chosen({ search, onChange }: Props) {
  const { t } = useI18n()
  const chosen = [search.by, search.subject].filter(Boolean).join(' · ')
  if (!chosen) return null
  return (
    <button type="button" className="btn btn-small audit-chosen" onClick={() => onChange({ ...search, by: undefined, subject: undefined })}>
      <span className="ellipsis">{t('audit.filtered', { what: chosen })}</span> <Icon name="cross" size={14} />
      <span className="visually-hidden">{t('audit.all')}</span>
    </button>
  )
}
