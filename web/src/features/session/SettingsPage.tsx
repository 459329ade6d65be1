import { Link } from '@tanstack/react-router'
import { session } from '@/api/endpoints'
import { useCan, useSession, useSessionChange } from '@/api/session'
import { locales, useI18n, type Locale } from '@/lib/i18n'
import { applyTheme, isThemeChoice, themeChoice, type ThemeChoice } from '@/lib/theme'
import { Icon } from '@/ui/Icon'
import { Panel } from '@/ui/Panel'
import { Segments } from '@/ui/Segments'
import { useVoice } from '@/ui/Toasts'
import { PasswordFields } from './SetPassword'
import { Tokens } from './Tokens'
import './settings.css'

export function SettingsPage() {
  const { t } = useI18n()
  const can = useCan()
  const voice = useVoice()
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('settings.title')}</h1>
        {can('instance') && (
          <Link to="/backups" className="btn">
            {t('backup.title')}
          </Link>
        )}
      </div>
      <div className="page-body settings">
        <div className="settings-col">
          <You />
          <Panel title={t('settings.password')}>
            <PasswordFields onDone={() => voice.done(t('password.saved'))} />
          </Panel>
          {can('people') && <Tokens />}
        </div>
      </div>
    </div>
  )
}

function You() {
  const { t, word, locale } = useI18n()
  const { data } = useSession()
  const voice = useVoice()
  const save = useSessionChange(session.preferences)
  const signOut = useSessionChange(session.signOut)
  const stored = data?.user?.theme
  const theme = isThemeChoice(stored) ? stored : themeChoice()
  const change = (preferences: { locale?: Locale; theme?: ThemeChoice }) => {
    if (preferences.theme) applyTheme(preferences.theme)
    save.mutate({ locale, theme, ...preferences }, { onError: voice.failed })
  }
  return (
    <Panel title={t('settings.you')}>
      <div className="you">
        <p>
          <b>{data?.user?.name}</b> <span className="muted">{word('role', data?.user?.role ?? '')}</span>
        </p>
        <div className="you-line">
          <span>{t('settings.language')}</span>
          <Segments<Locale> label={t('settings.language')} value={locale} onChange={(next) => change({ locale: next })} options={locales.map(({ id, name }) => ({ value: id, label: name }))} />
        </div>
        <div className="you-line">
          <span>{t('settings.theme')}</span>
          <Segments<ThemeChoice>
            label={t('settings.theme')} value={theme} onChange={(next) => change({ theme: next })}
            options={[
              { value: 'system', label: t('settings.themeSystem') },
              { value: 'dark', label: t('settings.themeDark') },
              { value: 'light', label: t('settings.themeLight') },
            ]}
          />
        </div>
        <button type="button" className="btn you-out" onClick={() => signOut.mutate(undefined)}>
          <Icon name="out" /> {t('account.signOut')}
        </button>
      </div>
    </Panel>
  )
}
