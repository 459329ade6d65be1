import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { ZoneProvider } from '@/lib/format'
import { I18nProvider, type Locale } from '@/lib/i18n'
import { Toasts } from '@/ui/Toasts'

/** Draws a part of the console as it stands in the shell, at an address; the result tells where one is. */
export function show(part: () => ReactNode, locale: Locale = 'en', at = '/queue') {
  const paths = ['/queue', '/incidents/$id', '/assets/$id', '/events', '/events/$id', '/rules', '/rules/try', '/rules/$id'] as const
  // A page that reads its own address stands at it and goes when one leaves; other parts stay, whatever the address.
  const own = at === '/queue' ? undefined : paths.find((path) => new RegExp(`^${path.replace(/\$\w+/, '[^/?]+')}(\\?|$)`).test(at))
  const root = createRootRoute(own ? {} : { component: part })
  const routes = paths.map((path) => createRoute({ getParentRoute: () => root, path, component: path === own ? part : () => null }))
  const router = createRouter({ routeTree: root.addChildren(routes), history: createMemoryHistory({ initialEntries: [at] }) })
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <QueryClientProvider client={client}>
      <I18nProvider locale={locale}>
        <ZoneProvider zone="Europe/Paris">
          <Toasts>
            {/* The test's routes are not the console's, so the registered type does not fit. */}
            <RouterProvider router={router as never} />
          </Toasts>
        </ZoneProvider>
      </I18nProvider>
    </QueryClientProvider>,
  )
  return { client, where: () => router.state.location.pathname, href: () => router.state.location.href }
}
