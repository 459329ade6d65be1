// From a value onwards: into the search, out of it, or to the other values of its field.
import { useNavigate } from '@tanstack/react-router'
import { useI18n } from '@/lib/i18n'
import { both, is, without } from '@/lib/query'
import type { Search } from '@/lib/range'
import { Icon } from '@/ui/Icon'
import { Menu, type MenuEntry } from '@/ui/Menu'

/** What a value can do to a search. */
export function usePivots(search: Search): (field: string, value: string) => MenuEntry[] {
  const { t } = useI18n()
  const navigate = useNavigate()
  const go = (next: Search) => void navigate({ to: '/events', search: next })
  return (field, value) => {
    const term = is(field, value)
    const q = search.q ?? ''
    return [
      { label: t('pivot.add'), icon: 'plus', onSelect: () => go({ ...search, q: both(q, term) }) },
      { label: t('pivot.exclude'), icon: 'minus', onSelect: () => go({ ...search, q: without(q, term) }) },
      { label: t('pivot.only'), icon: 'search', onSelect: () => go({ ...search, q: term }) },
      { label: t('pivot.top'), icon: 'list', onSelect: () => go({ ...search, field }) },
    ]
  }
}

export function PivotMenu({ search, field, value }: { search: Search; field: string; value: string }) {
  const { t } = useI18n()
  const pivots = usePivots(search)
  const short = value.length > 60 ? `${value.slice(0, 60)}…` : value
  return (
    <Menu
      header={<span className="mono">{field}</span>} entries={pivots(field, value)}
      trigger={
        <button type="button" className="btn btn-quiet btn-icon btn-small pivot" aria-label={t('pivot.of', { field, value: short })}>
          <Icon name="more" size={16} />
        </button>
      }
    />
  )
}
