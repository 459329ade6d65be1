import { useI18n } from '@/lib/i18n'

/** Met is a filled disc with a tick, not met an empty ring with a cross: told apart without colour, and taken for no checkbox. */
export function MetMark({ met, size = 16, label }: { met: boolean; size?: number; label?: string }) {
  const described = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    <svg className={met ? 'met-mark met-yes' : 'met-mark met-no'} width={size} height={size} viewBox="0 0 16 16" {...described}>
      <circle cx="8" cy="8" r={met ? 7.5 : 6.5} />
      <path d={met ? 'M4.500 8.300l2.500 2.500 4.500-5.300' : 'M5.500 5.500l5 5M10.500 5.500l-5 5'} />
    </svg>
  )
}

/** The mark with its word. */
export function Met({ met }: { met: boolean }) {
  const { t } = useI18n()
  return (
    <span className="met">
      <MetMark met={met} /> {met ? t('explain.met') : t('explain.notMet')}
    </span>
  )
}
