import { Link, useNavigate } from '@tanstack/react-router'
import { session } from '@/api/endpoints'
import { useCan, useSession, useSessionChange, type Ability } from '@/api/session'
import { useI18n, type Key } from '@/lib/i18n'
import { Icon, type IconName } from '@/ui/Icon'
import { Menu } from '@/ui/Menu'

const pages = [
  { to: '/queue', also: '/incidents', label: 'nav.queue', icon: 'queue', phone: true },
  { to: '/plans', label: 'nav.plans', icon: 'plan', phone: true },
  { to: '/assets', label: 'nav.assets', icon: 'asset', phone: false },
  { to: '/events', label: 'nav.events', icon: 'events', phone: true },
  { to: '/sources', label: 'nav.sources', icon: 'source', phone: false },
  { to: '/rules', label: 'nav.rules', icon: 'rule', phone: false },
  { to: '/storage', label: 'nav.storage', icon: 'data', phone: false },
  { to: '/exercises', label: 'nav.exercises', icon: 'exercise', phone: false },
  { to: '/audit', label: 'nav.audit', icon: 'shield', phone: false, needs: 'audit' },
  { to: '/settings', label: 'nav.settings', icon: 'settings', phone: false },
] as const satisfies { to: string; also?: string; label: Key; icon: IconName; phone: boolean; needs?: Ability }[]

/** The pages that somebody may see. */
function usePages() {
  const can = useCan()
  return pages.filter((page) => !('needs' in page) || can(page.needs))
}

export function Navigation() {
  const { t } = useI18n()
  const pages = usePages()
  return (
    <nav className="side" aria-label={t('nav.main')}>
      <ul className="side-list">
        {pages.map((page) => (
          <li key={page.to} className={page.phone ? undefined : 'desk-only'}>
            <Link to={page.to} className="side-link" activeProps={{ className: 'side-link side-on' }}>
              <Icon name={page.icon} size={20} />
              <span>{t(page.label)}</span>
            </Link>
          </li>
        ))}
        <li className="phone-only">
          <MoreMenu />
        </li>
      </ul>
      <Account />
    </nav>
  )
}

function MoreMenu() {
  const { t } = useI18n()
  const pages = usePages()
  const navigate = useNavigate()
  return (
    <Menu
      trigger={
        <button type="button" className="side-link">
          <Icon name="more" size={20} />
          <span>{t('nav.more')}</span>
        </button>
      }
      entries={pages.filter((page) => !page.phone).map((page) => ({ label: t(page.label), icon: page.icon, onSelect: () => void navigate({ to: page.to }) }))}
    />
  )
}

function Account() {
  const { t, word } = useI18n()
  const { data } = useSession()
  const navigate = useNavigate()
  const signOut = useSessionChange(session.signOut)
  const name = data?.user?.name ?? ''
  return (
    <div className="desk-only">
      <Menu
        header={`${name} · ${word('role', data?.user?.role ?? '')}`}
        trigger={
          <button type="button" className="side-link" aria-label={t('account.menu', { name })}>
            <Icon name="user" size={20} />
            <span className="side-name">{name}</span>
          </button>
        }
        entries={[
          { label: t('nav.settings'), icon: 'settings', onSelect: () => void navigate({ to: '/settings' }) },
          { label: t('account.signOut'), icon: 'out', onSelect: () => signOut.mutate(undefined) },
        ]}
      />
    </div>
  )
}
