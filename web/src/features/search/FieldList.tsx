// The fields that the results have, and the most frequent values of one.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { events, type EventQuery } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { FieldCount } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import type { Search } from '@/lib/range'
import { SearchBox } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { PivotMenu } from './Pivot'

type Props = { search: Search; asked: EventQuery; onField: (field: string | undefined) => void }

export function FieldList({ search, asked, onField }: Props) {
  const { t, number } = useI18n()
  const [words, setWords] = useState('')
  const query = useQuery({
    queryKey: keys.eventFields(asked.q ?? '', asked.from ?? '', asked.to ?? ''),
    queryFn: ({ signal }) => events.fields(asked, signal),
    placeholderData: (old) => old,
  })
  return (
    <Answer query={query}>
      {(data) => {
        const found = data.fields.filter((field) => field.name.toLowerCase().includes(words.trim().toLowerCase()))
        const extra = search.field && !data.fields.some((field) => field.name === search.field) ? [{ name: search.field, events: 0, distinct: 0 }] : []
        return (
          <div className="fields">
            <p className="muted small">{t('search.fieldsLead', { n: number(data.sample) })}</p>
            <SearchBox label={t('search.fieldsFilter')} value={words} onChange={setWords} />
            <Group title={t('search.fieldsOwn')} fields={[...extra, ...found.filter((field) => !field.original)]} sample={data.sample} search={search} asked={asked} onField={onField} />
            <Group title={t('search.fieldsOriginal')} fields={found.filter((field) => field.original)} sample={data.sample} search={search} asked={asked} onField={onField} />
            {found.length === 0 && <p className="muted">{t('search.fieldsNone')}</p>}
          </div>
        )
      }}
    </Answer>
  )
}

function Group({ title, fields, sample, search, asked, onField }: Props & { title: string; fields: FieldCount[]; sample: number }) {
  const { percent } = useI18n()
  if (fields.length === 0) return null
  return (
    <section>
      <h2 className="fields-title">{title}</h2>
      <ul>
        {fields.map((field) => {
          const open = search.field === field.name
          return (
            <li key={field.name}>
              <button type="button" className="fields-one" aria-expanded={open} onClick={() => onField(open ? undefined : field.name)}>
                <Icon name={open ? 'down' : 'right'} size={12} />
                <span className="mono">{field.name}</span>
                <span className="muted small">{sample > 0 && percent(field.events / sample)}</span>
              </button>
              {open && <TopValues field={field.name} search={search} asked={asked} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function TopValues({ field, search, asked }: { field: string; search: Search; asked: EventQuery }) {
  const { t, number } = useI18n()
  const format = useFormat()
  const now = useNow()
  const query = useQuery({
    queryKey: keys.topValues(field, asked.q ?? '', asked.from ?? '', asked.to ?? ''),
    queryFn: ({ signal }) => events.top({ ...asked, field, limit: 10 }, signal),
  })
  return (
    <div className="fields-values">
      <Answer query={query}>
        {(top) => (
          <>
            {top.values.length === 0 && <p className="muted small">{t('search.topNone')}</p>}
            <ol>
              {top.values.map(({ values: [value = ''], count }) => (
                <li key={value}>
                  <span className="fields-value" title={value}>
                    {value || '""'}
                  </span>
                  <span className="fields-count" title={t('search.topCount', { n: number(count), total: number(top.total) })}>
                    {number(count)}
                  </span>
                  <PivotMenu search={search} field={field} value={value} />
                  <span className="fields-bar" aria-hidden="true">
                    <span style={{ width: `${(100 * count) / Math.max(1, top.total)}%` }} />
                  </span>
                </li>
              ))}
            </ol>
            <p className="muted small">
              {t('search.topMore', { n: number(top.distinct) })} · {t('search.topWithout', { n: number(top.without) })}
            </p>
            {top.approximate && <p className="small">{t('search.topApproximate')}</p>}
            {top.cut && <p className="small">{t('search.partial', { time: format.moment(Date.parse(top.cut.back_to), now) })}</p>}
          </>
        )}
      </Answer>
    </div>
  )
}
