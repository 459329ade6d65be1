// Machine text is data: a code of the server's catalogue and its parameters.
// Parameters that name assets, threats or times are put into words here, so
// that they follow the reader's language and the hospital's names.
import type { Text } from '@/api/types'
import type { I18n } from './i18n'

export type Templates = Record<string, string>

export type Context = {
  i18n: I18n
  templates: Templates
  /** An asset's name by its id, when the id is an asset's and its name is known. */
  assetName: (id: string) => string | undefined
  time: (at: number) => string
}

const threatParams = new Set(['threat', 'from_threat', 'to_threat', 'gives', 'type', 'was_threat'])
const stateParams = new Set(['state', 'status', 'was', 'verdict'])
const plainParams = new Set(['title', 'title_fr', 'why', 'reason', 'note', 'text', 'name', 'rule', 'by', 'who', 'owner', 'count', 'number', 'n', 'error', 'actor', 'source', 'channel'])
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

export function renderText(text: Text, context: Context): string {
  const params = text.params ?? {}
  if (text.code === 'alert.rule') return ruleTitle(params, context)
  const template = context.templates[text.code]
  if (template === undefined) return fallback(text, context)
  return template.replace(/\{([\w.]+)\}/g, (whole, name: string) => {
    const value = params[name]
    if (value === undefined) return whole.slice(1, -1)
    return translated(name, params, context) ?? renderParam(name, value, context)
  })
}

/** A parameter that names its own text ("plan_code" beside "plan"), or brings its translation ("title_fr"). */
function translated(name: string, params: Record<string, string>, { i18n, templates }: Context): string | undefined {
  const code = params[`${name}_code`]
  return (code === undefined ? undefined : templates[code]) ?? params[`${name}_${i18n.locale}`]
}

function ruleTitle(params: Record<string, string>, { i18n }: Context): string {
  const local = params[`title_${i18n.locale}`]
  return local || params['title'] || params['rule'] || 'alert'
}

export function renderParam(name: string, value: string, context: Context): string {
  const { i18n } = context
  if (plainParams.has(name)) return value
  if (threatParams.has(name)) return i18n.word('threat', value).toLocaleLowerCase(i18n.locale)
  if (name === 'severity') return i18n.word('severity', value).toLocaleLowerCase(i18n.locale)
  if (stateParams.has(name)) return stateWord(value, context)
  if (isoTime.test(value)) return context.time(Date.parse(value))
  return context.assetName(value) ?? value
}

function stateWord(value: string, { i18n }: Context): string {
  for (const group of ['status', 'threat', 'care', 'taskstate'] as const) {
    const found = i18n.word(group, value)
    if (found.toLocaleLowerCase(i18n.locale) !== value.replaceAll('-', ' ') || group === 'taskstate')
      return found.toLocaleLowerCase(i18n.locale)
  }
  return value
}

/** Without a template the parameters still tell what they can. */
function fallback(text: Text, context: Context): string {
  const { i18n } = context
  const params = text.params ?? {}
  const title = params[`title_${i18n.locale}`] || params['title']
  if (title) return title
  const words = Object.entries(params).map(([name, value]) => renderParam(name, value, context))
  return words.length > 0 ? `${text.code}: ${words.join(', ')}` : text.code
}

/** The parameters that may name assets. */
export function assetParams(text: Text): string[] {
  return Object.entries(text.params ?? {})
    .filter(([name, value]) => !name.endsWith('_code') && mayBeAsset(name, value))
    .map(([, value]) => value)
}

function mayBeAsset(name: string, value: string): boolean {
  if (plainParams.has(name) || threatParams.has(name) || stateParams.has(name) || name === 'severity') return false
  return /^[A-Za-z][\w.:/-]{1,127}$/.test(value) && !isoTime.test(value)
}
