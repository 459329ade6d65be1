import type { Storage } from '@/api/types'
import { bytes } from '@/lib/bytes'
import { useI18n } from '@/lib/i18n'
import { Panel } from '@/ui/Panel'

/** How much each day brought and still takes. */
export function Days({ days }: { days: Storage['usage']['days'] }) {
  const { t, number, locale } = useI18n()
  const most = Math.max(1, ...days.map((day) => day.bytes))
  return (
    <Panel title={t('storage.perDayTitle')}>
      {days.length === 0 ? (
        <p className="muted">{t('storage.none')}</p>
      ) : (
        <div className="storage-scroll storage-days" tabIndex={0} role="group" aria-label={t('storage.perDayTitle')}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('storage.day')}</th>
                <th scope="col" className="num">{t('storage.events')}</th>
                <th scope="col" className="num">{t('storage.bytes')}</th>
                <th scope="col" className="storage-share"><span className="visually-hidden">{t('storage.share')}</span></th>
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day}>
                  <th scope="row" className="nowrap">{day.day}</th>
                  <td className="num">{number(day.events)}</td>
                  <td className="num">{bytes(locale, day.bytes)}</td>
                  <td aria-hidden="true">
                    <svg className="storage-bar" viewBox="0 0 100 8" preserveAspectRatio="none">
                      <rect width={Math.max(1, (100 * day.bytes) / most)} height="8" rx="1" />
                    </svg>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
