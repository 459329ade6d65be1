import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@/ui/tokens.css'
import '@/ui/ui.css'
import { applyTheme, followSystemTheme, themeChoice } from '@/lib/theme'
import { queries } from './queries'
import { router } from './router'

applyTheme(themeChoice())
followSystemTheme()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element "root"')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
