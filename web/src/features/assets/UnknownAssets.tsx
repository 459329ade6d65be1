import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { hospital } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { Page, UnknownAsset } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { SelectField, TextField } from '@/ui/Field'
import { Answer, Empty } from '@/ui/Notes'
import { useVoice } from '@/ui/Toasts'
import { kinds } from './kinds'

/** Identifiers that records name and no asset carries: adopt them or let them be. */
export function UnknownAssets({ query }: { query: UseQueryResult<Page<UnknownAsset>> }) {
  const { t } = useI18n()
  const [adopting, setAdopting] = useState<UnknownAsset>()
  return (
    <div className="page-body">
      <Answer query={query}>
        {(list) =>
          list.items.length === 0 ? (
            <Empty icon="check" text={t('unknown.empty')} />
          ) : (
            <>
              <p className="muted unknown-lead">{t('unknown.lead')}</p>
              <div className="panel unknown-table">
                <table className="plain">
                  <thead>
                    <tr>
                      <th scope="col">{t('unknown.identifier')}</th>
                      <th scope="col">{t('sources.source')}</th>
                      <th scope="col" className="num">{t('unknown.count')}</th>
                      <th scope="col">{t('unknown.first')}</th>
                      <th scope="col">{t('unknown.last')}</th>
                      <th scope="col"><span className="visually-hidden">{t('act.more')}</span></th>
                    </tr>
                  </thead>
                  <tbody>
                    {list.items.map((item) => (
                      <Row key={item.id} item={item} onAdopt={() => setAdopting(item)} />
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )
        }
      </Answer>
      {adopting && <AdoptDialog item={adopting} onClose={() => setAdopting(undefined)} />}
    </div>
  )
}

function Row({ item, onAdopt }: { item: UnknownAsset; onAdopt: () => void }) {
  const { t, word, number } = useI18n()
  const relative = useRelative()
  const can = useCan()
  const client = useQueryClient()
  const voice = useVoice()
  const ignore = useMutation({
    mutationFn: () => hospital.ignore(item.id),
    onSuccess: () => {
      voice.done(t('unknown.ignored'))
      void client.invalidateQueries({ queryKey: keys.unknownAssets })
    },
    onError: (error) => voice.failed(error),
  })
  return (
    <tr>
      <td>
        <b>{item.value}</b> <span className="muted">{word('by', item.kind)}</span>
      </td>
      <td>{item.source || '–'}</td>
      <td className="num nowrap">{t('unknown.times', { n: number(item.count) })}</td>
      <td className="nowrap">{relative(item.first_seen)}</td>
      <td className="nowrap">{relative(item.last_seen)}</td>
      <td className="unknown-acts">
        {can('hospital') && (
          <>
            <button type="button" className="btn btn-small" onClick={onAdopt}>
              {t('unknown.adopt')}
            </button>
            <button type="button" className="btn btn-small btn-quiet" disabled={ignore.isPending} onClick={() => ignore.mutate()}>
              {t('unknown.ignore')}
            </button>
          </>
        )}
      </td>
    </tr>
  )
}

const likely: Record<string, string> = { camera: 'camera', reader: 'reader', door: 'door', sensor: 'sensor', panel: 'panel', point: 'room', bacnet: 'hvac', service: 'application', 'ae-title': 'medical-device' }

function AdoptDialog({ item, onClose }: { item: UnknownAsset; onClose: () => void }) {
  const { t, word } = useI18n()
  const client = useQueryClient()
  const voice = useVoice()
  const [kind, setKind] = useState(likely[item.kind] ?? 'host')
  const [name, setName] = useState(item.value)
  const [place, setPlace] = useState('')
  const [checked, setChecked] = useState(false)
  return (
    <FormDialog
      title={t('unknown.adoptTitle', { value: item.value })} submit={t('unknown.adopt')} onClose={onClose}
      valid={() => {
        setChecked(true)
        return name.trim() !== '' && place.trim() !== ''
      }}
      onSubmit={async () => {
        await hospital.adopt(item.id, kind, name.trim(), place.trim())
        voice.done(t('unknown.adopted'))
        await client.invalidateQueries({ queryKey: keys.unknownAssets })
        await client.invalidateQueries({ queryKey: keys.assetLists })
      }}
    >
      <SelectField label={t('assets.kind')} value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: word('kind', value) }))} />
      <TextField label={t('assets.name')} value={name} onChange={setName} wrong={checked && !name.trim() ? t('form.required') : undefined} />
      <TextField label={t('unknown.place')} value={place} onChange={setPlace} wrong={checked && !place.trim() ? t('form.required') : undefined} />
    </FormDialog>
  )
}
