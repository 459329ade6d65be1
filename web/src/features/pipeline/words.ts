/** Bytes with the unit that leaves at most three digits before the point. */
export function size(number: (n: number) => string, bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  let value = bytes
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return `${number(value < 10 && at > 0 ? Math.round(value * 10) / 10 : Math.round(value))} ${units[at]}`
}

/** The topic that a part belongs to: "hit.07" is one of "hit". */
export function family(topic: string): string {
  return topic.split('.')[0] ?? topic
}
