// The audit's lines in words: who, to what, and where that leads.
import type { AuditLine } from '@/api/types'
import type { I18n } from '@/lib/i18n'

/** The part of an action before its last dot: what it is about. */
export const groupOf = (action: string): string => action.slice(0, Math.max(0, action.lastIndexOf('.')))

/** Every action that the program writes down, by group; the catalogue has a word for each. */
export const actions: Record<string, string[]> = {
  session: ['open', 'refuse', 'end'],
  user: ['add', 'remove', 'look', 'password', 'preferences', 'intended-use'],
  link: ['make'],
  token: ['make', 'remove'],
  incident: ['look', 'acknowledge', 'status', 'owner', 'comment', 'escalate', 'dispatch', 'verdict', 'shelve', 'unshelve', 'merge', 'split'],
  alert: ['look'],
  notice: ['acknowledge'],
  plan: ['add', 'task'],
  events: ['look'],
  hospital: ['import', 'adopt', 'remove-demo'],
  'unknown-asset': ['adopted', 'ignored'],
  rule: ['set', 'except', 'unexcept'],
  rules: ['reload'],
  exercise: ['started', 'stop', 'ended'],
  source: ['look'],
  'dead-letter': ['look', 'replay', 'mend', 'discard'],
  search: ['save', 'remove'],
  evidence: ['hold', 'release', 'erase', 'erased', 'record', 'retention', 'export', 'discard'],
  backup: ['make', 'download', 'restore', 'undo'],
  audit: ['look', 'export', 'prove', 'verify'],
  demo: ['empty'],
  warder: ['start'],
}

export function whoOf({ t }: I18n, line: Pick<AuditLine, 'by' | 'name'>): string {
  if (line.by === 'nobody') return t('audit.nobody')
  return line.name || line.by
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const detail = (line: AuditLine, name: string): string | undefined => {
  const value = line.detail?.[name]
  return value === undefined || value === '' ? undefined : shown(value)
}

/** What a line is about, as people call it. */
export function subjectOf({ word }: I18n, line: AuditLine): string {
  const group = groupOf(line.action)
  const number = detail(line, 'number')
  if (group === 'incident' && number) return `#${number}`
  if (line.subject === line.by && line.name) return line.name
  return detail(line, 'title') ?? (group === 'unknown-asset' ? detail(line, 'value') : detail(line, 'name')) ?? (line.subject === group || line.subject === '' ? word('auditgroup', group) : line.subject.replace(/:\s*$/, ''))
}

export type Target = { to: '/incidents/$id' | '/rules/$id' | '/sources/$id' | '/assets/$id'; id: string }

/** The page of what a line is about, where there is one. */
export function targetOf(line: AuditLine): Target | undefined {
  const group = groupOf(line.action)
  const incident = group === 'incident' ? line.subject : detail(line, 'incident')
  if (incident) return { to: '/incidents/$id', id: incident }
  if (group === 'rule') return { to: '/rules/$id', id: line.subject }
  if (group === 'source') return { to: '/sources/$id', id: line.subject }
  const asset = detail(line, 'asset')
  return asset ? { to: '/assets/$id', id: asset } : undefined
}

const untold = new Set(['number', 'incident', 'title', 'exception', 'configuration'])

/** The rest of a line, in a row of names and values. */
export function detailOf({ word }: I18n, line: AuditLine): string {
  return Object.entries(line.detail ?? {})
    .filter(([name, value]) => !untold.has(name) && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${word('auditdetail', name)}: ${shown(value)}`)
    .join(' · ')
}
