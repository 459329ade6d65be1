import { useText } from '@/api/text'
import type { Step } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'

/** The path to an asset in words: each link, how long it takes and how likely it is. */
export function Why({ path }: { path: Step[] }) {
  const { t, percent } = useI18n()
  const text = useText()
  if (path.length === 0) return <p className="why-start muted">{t('impact.start')}</p>
  return (
    <ol className="why">
      {path.map((step, index) => (
        <li key={`${index}-${step.from}-${step.to}`}>
          <span>{text(step.why)}</span>
          <span className="muted small nowrap">
            {step.delay_s > 0 ? t('impact.stepIn', { time: duration(t, step.delay_s) }) : t('impact.stepNow')} · {percent(step.likelihood)}
          </span>
        </li>
      ))}
    </ol>
  )
}
