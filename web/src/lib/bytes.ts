// Amounts of data in the units that people know, with a digit where it matters.
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
const french: Record<(typeof units)[number], string> = { B: 'o', kB: 'ko', MB: 'Mo', GB: 'Go', TB: 'To', PB: 'Po' }

export function bytes(locale: string, n: number): string {
  let value = Math.max(n, 0)
  let at = 0
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000
    at++
  }
  const unit = units[at] ?? 'B'
  const digits = new Intl.NumberFormat(locale, { maximumFractionDigits: at > 0 && value < 10 ? 1 : 0 })
  return `${digits.format(value)} ${locale === 'fr' ? french[unit] : unit}`
}
