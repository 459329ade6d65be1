import type { Locale } from './i18n'

/** A rule's title in the language of whoever reads; its file or id where it has none. */
export function titleOf(rule: { id: string; title: string; title_fr?: string; file?: string }, locale: Locale): string {
  return (locale === 'fr' && rule.title_fr) || rule.title || rule.file || rule.id
}
