// The frame of every page: care strip above, navigation at the side, the state
// of the live stream below.
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { CareStrip } from '@/features/care/CareStrip'
import { useI18n } from '@/lib/i18n'
import { Brand } from '@/ui/Brand'
import { Boundary } from '@/ui/Notes'
import { Announcer } from './Announcer'
import { Bar } from './Bar'
import { DemoBanner } from './DemoBanner'
import { useLive } from './live'
import { Navigation } from './Navigation'
import './shell.css'

export function Shell() {
  const { t } = useI18n()
  const stream = useLive()
  const main = useRef<HTMLElement>(null)
  useFocusOnNavigation(main)
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <header className="top">
        <span className="brand">
          <Brand size={26} />
          <span className="brand-name">{t('app.name')}</span>
        </span>
        <CareStrip />
      </header>
      <Navigation />
      <div className="centre">
        <DemoBanner />
        <main id="main" className="main" ref={main} tabIndex={-1}>
          <Boundary>
            <Outlet />
          </Boundary>
        </main>
      </div>
      <Bar stream={stream} />
      <Announcer />
    </div>
  )
}

/** After moving to another page, keyboard and screen reader go on in its content. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    main.current?.focus({ preventScroll: true })
  }, [path, main])
}
