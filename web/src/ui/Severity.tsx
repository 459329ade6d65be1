import type { Severity } from '@/api/types'
import { useI18n } from '@/lib/i18n'

function Shape({ severity }: { severity: Severity }) {
  switch (severity) {
    case 'critical':
      return <rect x="2" y="2" width="12" height="12" rx="1" />
    case 'high':
      return <path d="M8 1.500 15 14H1z" />
    case 'medium':
      return <path d="M8 1l7 7-7 7-7-7z" strokeWidth="1.400" />
    case 'low':
      return <circle cx="8" cy="8" r="6.500" />
    case 'info':
      return <circle cx="8" cy="8" r="5.300" strokeWidth="2.600" />
  }
}

/** The severity's shape and fill; a word must stand beside it, or in label. */
export function SeverityMark({ severity, size = 14, label }: { severity: Severity; size?: number; label?: string }) {
  const described = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    <svg className={`mark mark-${severity}`} width={size} height={size} viewBox="0 0 16 16" {...described}>
      <Shape severity={severity} />
    </svg>
  )
}

/** Fill, shape and word. */
export function SeverityChip({ severity }: { severity: Severity }) {
  const { word } = useI18n()
  return (
    <span className={`sev sev-${severity}`}>
      <svg width="11" height="11" viewBox="0 0 16 16" aria-hidden="true">
        <Shape severity={severity} />
      </svg>
      {word('severity', severity)}
    </span>
  )
}
