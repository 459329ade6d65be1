import type { Severity } from '@/api/types'

const ranks: Record<Severity, number> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 }

export function rank(severity: Severity): number {
  return ranks[severity]
}

export function isSeverity(value: string): value is Severity {
  return Object.hasOwn(ranks, value)
}
