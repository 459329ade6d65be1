import { useI18n } from '@/lib/i18n'
import { Icon, type IconName } from '@/ui/Icon'

const icons: Record<string, IconName> = { ok: 'check', silent: 'cross', failing: 'warn', waiting: 'clock' }

/** The state by sign and word; only what is wrong is filled. */
export function SourceState({ state }: { state: string }) {
  const { word } = useI18n()
  return (
    <span className={`source-state source-${state}`}>
      <Icon name={icons[state] ?? 'info'} size={14} />
      {word('sources', state)}
    </span>
  )
}
