import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { events } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { SavedSearch } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { lastOf, type Search } from '@/lib/range'
import { Dialog } from '@/ui/Dialog'
import { TextField } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer, ErrorNote } from '@/ui/Notes'
import { useVoice } from '@/ui/Toasts'

type Props = { search: Search; onOpen: (search: Search) => void; onClose: () => void }

/** Searches under names: one's own, and those that are shared. */
export function SavedDialog({ search, onOpen, onClose }: Props) {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.savedSearches, queryFn: events.saved })
  return (
    <Dialog title={t('search.saved')} onClose={onClose}>
      <div className="dialog-body">
        <p className="muted">{t('search.savedLead')}</p>
        <Answer query={query}>
          {(list) => (
            <ul className="saved">
              {list.items.length === 0 && <li className="muted">{t('search.savedNone')}</li>}
              {list.items.map((saved) => (
                <One
                  key={saved.id} saved={saved}
                  onOpen={() => {
                    onOpen({ q: saved.query || undefined, last: saved.last || undefined, from: saved.from, to: saved.to })
                    onClose()
                  }}
                />
              ))}
            </ul>
          )}
        </Answer>
        <Keep search={search} />
      </div>
    </Dialog>
  )
}

function One({ saved, onOpen }: { saved: SavedSearch; onOpen: () => void }) {
  const { t } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const whose = !saved.mine ? t('search.savedBy', { name: saved.by }) : saved.shared ? t('search.savedMineShared') : t('search.savedMine')
  const remove = async () => {
    try {
      await events.removeSaved(saved.id)
      await client.invalidateQueries({ queryKey: keys.savedSearches })
    } catch (error) {
      voice.failed(error)
    }
  }
  return (
    <li>
      <button type="button" className="saved-open" onClick={onOpen}>
        <strong>{saved.name}</strong>
        <span className="mono small">{saved.query || t('search.allEvents')}</span>
        <span className="muted small">{whose}</span>
      </button>
      {saved.mine && (
        <button type="button" className="btn btn-quiet btn-icon" aria-label={t('search.saveRemove', { name: saved.name })} onClick={() => void remove()}>
          <Icon name="cross" size={14} />
        </button>
      )}
    </li>
  )
}

function Keep({ search }: { search: Search }) {
  const { t } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const [wrong, setWrong] = useState(false)
  const [error, setError] = useState<unknown>()
  const keep = async (event: FormEvent) => {
    event.preventDefault()
    setError(undefined)
    setWrong(!name.trim())
    if (!name.trim()) return
    try {
      const last = lastOf(search)
      await events.save({ name: name.trim(), query: search.q ?? '', shared, ...(last && { last }), ...(search.from && { from: search.from }), ...(search.to && { to: search.to }) })
      await client.invalidateQueries({ queryKey: keys.savedSearches })
      voice.done(t('search.saveKept'))
      setName('')
    } catch (reason) {
      setError(reason)
    }
  }
  return (
    <form className="saved-keep" onSubmit={(event) => void keep(event)} noValidate>
      <p className="mono small">{search.q || t('search.allEvents')}</p>
      <TextField label={t('search.saveName')} value={name} onChange={setName} maxLength={120} wrong={wrong ? t('search.saveNeedsName') : undefined} />
      <label className="saved-shared">
        <input type="checkbox" checked={shared} onChange={(e) => setShared(e.target.checked)} /> {t('search.saveShared')}
      </label>
      {error !== undefined && <ErrorNote error={error} />}
      <button type="submit" className="btn btn-primary">
        {t('search.save')}
      </button>
    </form>
  )
}
