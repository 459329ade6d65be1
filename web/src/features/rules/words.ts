// A rule in the words of whoever reads.
import type { Rule, Severity } from '@/api/types'
import { isSeverity } from '@/lib/severity'

/** "rules/a.yml:12", or the file alone where no line is known. */
export function whereOf(rule: Pick<Rule, 'file' | 'line'>): string {
  return rule.file ? (rule.line ? `${rule.file}:${rule.line}` : rule.file) : ''
}

/** Sigma says "informational" where Warder says "info". */
export function severityOf(level: string): Severity {
  return isSeverity(level) ? level : 'info'
}

export function isOverridden(rule: Pick<Rule, 'level' | 'severity'>): boolean {
  return rule.severity !== severityOf(rule.level)
}

/** Two files may claim the same id; where they lie tells them apart. */
export function keyOf(rule: Pick<Rule, 'id' | 'file' | 'line'>): string {
  return `${rule.id} ${whereOf(rule)}`
}

/** Microseconds as people read them. */
export function costWords(us: number, number: (n: number) => string): string {
  if (us < 0.05) return `< ${number(0.1)} µs`
  if (us < 1000) return `${number(Math.round(us * 10) / 10)} µs`
  return `${number(Math.round(us / 100) / 10)} ms`
}
