import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { ZoneProvider } from '@/lib/format'
import { I18nProvider, type Locale } from '@/lib/i18n'
import { Toasts } from '@/ui/Toasts'

/** Draws a part of the console as it stands in the shell; the result tells where one is. */
export function show(part: () => ReactNode, locale: Locale = 'en', at = '/queue') {
  const root = createRootRoute({ component: part })
  const routes = ['/queue', '/incidents/$id', '/assets/$id', '/events/$id', '/rules', '/rules/try', '/rules/$id'].map((path) => createRoute({ getParentRoute: () => root, path, component: () => null }))
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
  return { client, where: () => router.state.location.pathname }
}
