import { useI18n } from '@/lib/i18n'

/** A likelihood as a number, with a bar for the eye. */
export function Likelihood({ value }: { value: number }) {
  const { percent } = useI18n()
  return (
    <span className="likely">
      <span className="likely-bar" aria-hidden="true">
        <i style={{ width: `${Math.round(value * 100)}%` }} />
      </span>
      <b>{percent(value)}</b>
    </span>
  )
}
