// Decides what somebody sees: sign-in, the intended use, a first password, or
// the console; and gives everything its language, zone and voice.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { whenSignedOut } from '@/api/client'
import { keys } from '@/api/keys'
import { useSession } from '@/api/session'
import { IntendedUse } from '@/features/session/IntendedUse'
import { SetPassword } from '@/features/session/SetPassword'
import { SignIn } from '@/features/session/SignIn'
import { ZoneProvider } from '@/lib/format'
import { I18nProvider, isLocale, preferredLocale, type Locale } from '@/lib/i18n'
import { applyTheme, isThemeChoice } from '@/lib/theme'
import { Loading } from '@/ui/Notes'
import { Toasts } from '@/ui/Toasts'
import { Shell } from './Shell'
import { takeLinkToken } from './token'

const firstToken = takeLinkToken()

function useLocale(chosen: string | undefined): Locale {
  const locale = isLocale(chosen) ? chosen : preferredLocale(navigator.languages ?? ['en'])
  useEffect(() => {
    document.documentElement.lang = locale
  }, [locale])
  return locale
}

export function Root() {
  const { data } = useSession()
  const locale = useLocale(data?.user?.locale)
  const theme = data?.user?.theme
  useEffect(() => {
    if (isThemeChoice(theme)) applyTheme(theme)
  }, [theme])
  return (
    <I18nProvider locale={locale}>
      <ZoneProvider zone={data?.instance.time_zone || 'UTC'}>
        <Toasts>
          <Gates />
        </Toasts>
      </ZoneProvider>
    </I18nProvider>
  )
}

function Gates() {
  const client = useQueryClient()
  const { data } = useSession()
  const [token, setToken] = useState(firstToken)
  const [byLink, setByLink] = useState(false)
  const [expired, setExpired] = useState(false)
  const tokenUsed = useCallback(() => setToken(''), [])
  const redeemed = useCallback(() => setByLink(true), [])
  useEffect(() => {
    whenSignedOut(() => {
      setExpired(true)
      void client.invalidateQueries({ queryKey: keys.session })
    })
  }, [client])
  if (!data) return <Loading />
  if (!data.signed_in || !data.user || token)
    return <SignIn linkToken={token} expired={expired} onRedeemed={redeemed} onTokenUsed={tokenUsed} />
  if (!data.user.intended_use_accepted) return <IntendedUse />
  if (byLink && !data.user.has_password) return <SetPassword onDone={() => setByLink(false)} />
  return <Shell />
}
