// The pages by address. Only the queue comes with the first load; the others,
// and the graph and chart libraries with them, come when they are visited.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { QueuePage } from '@/features/queue/QueuePage'
import { NotFound } from './NotFound'
import { PageFailed } from './PageFailed'
import { Root } from './Root'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: PageFailed })

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const eventSearch = (search: Record<string, unknown>): { q?: string; from?: string; to?: string; last?: string; field?: string } => ({
  q: text(search['q']),
  from: text(search['from']),
  to: text(search['to']),
  last: text(search['last']),
  field: text(search['field']),
})

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/queue', replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in', // one-time links lead here; what remains after signing in is the queue
    beforeLoad: () => {
      throw redirect({ to: '/queue', replace: true })
    },
  }),
  createRoute({ getParentRoute: () => root, path: '/queue', component: QueuePage }),
  createRoute({
    getParentRoute: () => root,
    path: '/incidents/$id',
    component: lazyRouteComponent(() => import('@/features/incident/IncidentPage'), 'IncidentPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/plans',
    validateSearch: (search: Record<string, unknown>): { plan?: string } => ({ plan: text(search['plan']) }),
    component: lazyRouteComponent(() => import('@/features/floorplan/FloorPlanPage'), 'FloorPlanPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/assets',
    validateSearch: (search: Record<string, unknown>): { tab?: string } => ({ tab: text(search['tab']) }),
    component: lazyRouteComponent(() => import('@/features/assets/AssetsPage'), 'AssetsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/assets/$id',
    component: lazyRouteComponent(() => import('@/features/assets/AssetPage'), 'AssetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/events',
    validateSearch: eventSearch,
    component: lazyRouteComponent(() => import('@/features/search/SearchPage'), 'SearchPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/events/$id',
    validateSearch: eventSearch, // the search that one came from
    component: lazyRouteComponent(() => import('@/features/search/EventPage'), 'EventPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sources',
    component: lazyRouteComponent(() => import('@/features/sources/SourcesPage'), 'SourcesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sources/$id',
    component: lazyRouteComponent(() => import('@/features/sources/SourcePage'), 'SourcePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pipeline',
    component: lazyRouteComponent(() => import('@/features/pipeline/PipelinePage'), 'PipelinePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rules',
    validateSearch: (search: Record<string, unknown>): { q?: string; state?: string; kind?: string; level?: string; sort?: string } => ({
      q: text(search['q']),
      state: text(search['state']),
      kind: text(search['kind']),
      level: text(search['level']),
      sort: text(search['sort']),
    }),
    component: lazyRouteComponent(() => import('@/features/rules/RulesPage'), 'RulesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rules/try',
    validateSearch: (search: Record<string, unknown>): { event?: string } => ({ event: text(search['event']) }),
    component: lazyRouteComponent(() => import('@/features/rules/TryPage'), 'TryPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rules/$id',
    component: lazyRouteComponent(() => import('@/features/rules/RulePage'), 'RulePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/storage',
    component: lazyRouteComponent(() => import('@/features/storage/StoragePage'), 'StoragePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exercises',
    component: lazyRouteComponent(() => import('@/features/exercise/ExercisesPage'), 'ExercisesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/backups',
    component: lazyRouteComponent(() => import('@/features/backup/BackupsPage'), 'BackupsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    validateSearch: (search: Record<string, unknown>): { by?: string; who?: string; action?: string; subject?: string; from?: string; to?: string; last?: string } => ({
      by: text(search['by']),
      who: text(search['who']),
      action: text(search['action']),
      subject: text(search['subject']),
      from: text(search['from']),
      to: text(search['to']),
      last: text(search['last']),
    }),
    component: lazyRouteComponent(() => import('@/features/audit/AuditPage'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('@/features/session/SettingsPage'), 'SettingsPage'),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
