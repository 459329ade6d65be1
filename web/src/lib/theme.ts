// Dark or light, per user; "system" follows the desk. public/theme.js reads the
// same key before the first paint.
export type ThemeChoice = 'system' | 'dark' | 'light'

const KEY = 'warder.theme'
const dark = () => globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches ?? true

export function isThemeChoice(value: string | undefined): value is ThemeChoice {
  return value === 'system' || value === 'dark' || value === 'light'
}

export function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(KEY) ?? undefined
  return isThemeChoice(stored) ? stored : 'system'
}

export function applyTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
  const theme = choice === 'system' ? (dark() ? 'dark' : 'light') : choice
  document.documentElement.dataset['theme'] = theme
}

/** Follows the desk's own setting while the choice is "system". */
export function followSystemTheme(): () => void {
  const query = globalThis.matchMedia('(prefers-color-scheme: dark)')
  const follow = () => applyTheme(themeChoice())
  query.addEventListener('change', follow)
  return () => query.removeEventListener('change', follow)
}
