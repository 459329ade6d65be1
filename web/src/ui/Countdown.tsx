import { useNow } from '@/lib/clock'
import { useI18n } from '@/lib/i18n'
import { countdown } from '@/lib/time'

/** Time left until a moment, running; "now" once it has come. */
export function Countdown({ at }: { at: string }) {
  const { t } = useI18n()
  const now = useNow()
  return <time dateTime={at}>{countdown(t, (Date.parse(at) - now) / 1000)}</time>
}

/** "in 12 min", running. */
export function In({ at }: { at: string }) {
  const { t } = useI18n()
  const now = useNow()
  const seconds = (Date.parse(at) - now) / 1000
  const time = countdown(t, seconds)
  return <time dateTime={at}>{seconds <= 0 ? time : t('time.in', { time })}</time>
}
