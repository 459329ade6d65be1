import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '@/api/client'

/** Tries again when the network or the server failed, never when the server said no. */
function worthwhile(failures: number, error: Error): boolean {
  if (error instanceof ApiError && !error.offline && error.status < 500) return false
  return failures < 3
}

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 15_000, retry: worthwhile, refetchOnWindowFocus: true } },
})
