// The console's own words: a typed catalogue for each language. Machine text is
// no part of it; lib/text.ts renders that from the server's templates.
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { en, type Key } from './en'
import { fr } from './fr'

export type { Key }
export type Locale = 'en' | 'fr'
export const locales: { id: Locale; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'fr', name: 'Français' },
]

const catalogues: Record<Locale, Record<Key, string>> = { en, fr }

type Names<S extends string> = S extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never
type Values<K extends Key> = Names<(typeof en)[K]>
type Args<K extends Key> = [Values<K>] extends [never] ? [] : [values: Record<Values<K>, string | number>]

export type Translate = <K extends Key>(key: K, ...args: Args<K>) => string

/** The stems that have both a ".one" and an ".other" form. */
export type Plural = Key extends infer K ? (K extends `${infer P}.one` ? P : never) : never

/** Groups whose last part is a value that comes from the server. */
export type Group =
  | 'threat' | 'kind' | 'relation' | 'category' | 'status' | 'severity' | 'domain' | 'role' | 'assetrole'
  | 'by' | 'entry' | 'taskstate' | 'care' | 'sources' | 'skewstate' | 'notices' | 'exercises'
  | 'rulekind' | 'rulestate' | 'rulestates' | 'exceptionstate' | 'exceptionop' | 'modifier' | 'format' | 'storage.removed' | 'backuppart'
  | 'topic' | 'worker'
  | 'action' | 'auditgroup' | 'auditdetail'

export function isLocale(value: string | undefined): value is Locale {
  return value === 'en' || value === 'fr'
}

export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const short = language.slice(0, 2).toLowerCase()
    if (isLocale(short)) return short
  }
  return 'en'
}

export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  )
}

export function translator(locale: Locale): Translate {
  const catalogue = catalogues[locale]
  return (key, ...args) => fill(catalogue[key], args[0] ?? {})
}

export type I18n = {
  locale: Locale
  t: Translate
  /** One of a plural pair. */
  many: (stem: Plural, n: number) => string
  /** A value from the server in words; itself, made readable, when there are none. */
  word: (group: Group, value: string) => string
  number: (n: number) => string
  percent: (fraction: number) => string
}

export function i18n(locale: Locale): I18n {
  const catalogue: Record<string, string> = catalogues[locale]
  const plural = new Intl.PluralRules(locale)
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  return {
    locale,
    t: translator(locale),
    many: (stem, n) => fill(catalogue[`${stem}.${plural.select(n) === 'one' ? 'one' : 'other'}`] ?? '', { n: number.format(n) }),
    word: (group, value) => catalogue[`${group}.${value}`] ?? readable(value),
    number: (n) => number.format(n),
    percent: (fraction) => percent.format(fraction),
  }
}

function readable(value: string): string {
  return value.replaceAll('-', ' ').replace(/^./, (c) => c.toUpperCase())
}

const Context = createContext<I18n>(i18n('en'))

export function I18nProvider({ locale, children }: { locale: Locale; children: ReactNode }) {
  const value = useMemo(() => i18n(locale), [locale])
  return <Context value={value}>{children}</Context>
}

export function useI18n(): I18n {
  return useContext(Context)
}
