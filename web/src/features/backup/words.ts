// Sizes as people read them.
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function size(bytes: number, number: (n: number) => string): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${number(unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10)} ${units[unit]}`
}
