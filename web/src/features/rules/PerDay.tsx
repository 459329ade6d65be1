import type { HitsDay } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { daysOf, noon } from './days'

function useDayWords(): (day: string) => string {
  const { locale } = useI18n()
  const words = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return (day) => (Number.isNaN(noon(day)) ? day : words.format(noon(day)))
}

/** The days in a sentence: what the bars show. */
function useDaysText(): (perDay: HitsDay[] | undefined) => string {
  const { t, number } = useI18n()
  const dayWords = useDayWords()
  return (perDay) => {
    const { bars, total, most } = daysOf(perDay)
    if (!most) return t('rules.daysNone', { n: bars.length })
    return t('rules.daysText', { n: bars.length, total: number(total), most: number(most.hits), day: dayWords(most.day) })
  }
}

const HEIGHT = 20

/** One small bar a day; a day without hits is a line on the ground. */
export function Sparkline({ perDay }: { perDay: HitsDay[] | undefined }) {
  const text = useDaysText()(perDay)
  const { bars, total } = daysOf(perDay)
  return (
    <svg className="spark" data-none={total === 0} width={bars.length * 6} height={HEIGHT} role="img" aria-label={text}>
      <title>{text}</title>
      {bars.map((bar, index) => {
        const height = bar.hits === 0 ? 1 : Math.max(3, Math.round(bar.share * HEIGHT))
        return <rect key={bar.day} x={index * 6} y={HEIGHT - height} width={4} height={height} />
      })}
    </svg>
  )
}

/** The same, large, with numbers; a table says it to those who cannot see it. */
export function DaysChart({ perDay, label }: { perDay: HitsDay[] | undefined; label: string }) {
  const { t, number } = useI18n()
  const dayWords = useDayWords()
  const text = useDaysText()(perDay)
  const { bars } = daysOf(perDay)
  return (
    <figure className="days">
      <div className="days-bars" aria-hidden="true">
        {bars.map((bar) => (
          <div key={bar.day} className="days-bar" title={`${dayWords(bar.day)}: ${number(bar.hits)}`}>
            <span className="days-n">{bar.hits > 0 ? number(bar.hits) : ''}</span>
            <i style={{ height: `${Math.max(bar.hits > 0 ? 3 : 1, bar.share * 72)}px` }} data-none={bar.hits === 0} />
            <span className="days-day">{dayWords(bar.day)}</span>
          </div>
        ))}
      </div>
      <figcaption className="muted small">{text}</figcaption>
      <table className="visually-hidden">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('rules.day')}</th>
            <th scope="col">{t('rules.hits')}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.day}>
              <td>{dayWords(bar.day)}</td>
              <td>{number(bar.hits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
