// Times in the site's zone, for whatever component shows one.
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { useNow } from './clock'
import { useI18n } from './i18n'
import { format, relative, type Format } from './time'

const Zone = createContext('UTC')

export function ZoneProvider({ zone, children }: { zone: string; children: ReactNode }) {
  return <Zone value={zone}>{children}</Zone>
}

export function useFormat(): Format {
  const zone = useContext(Zone)
  const { locale } = useI18n()
  return useMemo(() => format(locale, zone), [locale, zone])
}

/** "in 12 min", renewed as time goes by. */
export function useRelative(): (at: string | number | undefined) => string {
  const now = useNow()
  const { t } = useI18n()
  return (at) => {
    const ms = typeof at === 'string' ? Date.parse(at) : at
    return ms === undefined || Number.isNaN(ms) ? '–' : relative(t, ms, now)
  }
}
