import type { Storage } from '@/api/types'
import { bytes } from '@/lib/bytes'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Panel } from '@/ui/Panel'

/** How much of each kind there is, and for how long it stays. */
export function Kinds({ storage }: { storage: Storage }) {
  const { t, word, number, many, locale } = useI18n()
  const relative = useRelative()
  const days = (n: number | undefined) => (n ? many('storage.days', n) : t('storage.forever'))
  const incident = storage.retention.incident
  return (
    <Panel title={t('storage.kinds')}>
      <div className="storage-scroll" tabIndex={0} role="group" aria-label={t('storage.kinds')}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('storage.kind')}</th>
              <th scope="col">{t('storage.source')}</th>
              <th scope="col" className="num">{t('storage.events')}</th>
              <th scope="col" className="num">{t('storage.bytes')}</th>
              <th scope="col" className="num">{t('storage.raw')}</th>
              <th scope="col">{t('storage.oldest')}</th>
              <th scope="col">{t('storage.kept')}</th>
              <th scope="col">{t('storage.rawKept')}</th>
            </tr>
          </thead>
          <tbody>
            {storage.usage.kinds.map((kind, index) => (
              <tr key={`${kind.category}/${kind.source}/${kind.exercise}`}>
                <th scope="row">
                  {word('category', kind.category)} {kind.exercise && <span className="tag tag-hatch">{t('storage.exercise')}</span>}
                </th>
                <td>{kind.source}</td>
                <td className="num">{number(kind.events)}</td>
                <td className="num">{bytes(locale, kind.bytes)}</td>
                <td className="num">{bytes(locale, kind.raw_bytes)}</td>
                <td className="nowrap">{relative(kind.oldest)}</td>
                <td className="nowrap">{days(storage.keeping[index]?.days)}</td>
                <td className="nowrap">{days(storage.keeping[index]?.raw)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted small storage-where">{incident > 0 ? t('storage.where', { n: number(incident) }) : t('storage.whereEver')}</p>
    </Panel>
  )
}
