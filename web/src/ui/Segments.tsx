// A few choices side by side, one of them on.
type Props<T extends string> = {
  label: string
  value: T
  onChange: (value: T) => void
  options: { value: T; label: string; count?: number | undefined }[]
}

export function Segments<T extends string>({ label, value, onChange, options }: Props<T>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value} type="button" className="segment" aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
          {option.count !== undefined && <span className="count">{option.count}</span>}
        </button>
      ))}
    </div>
  )
}
