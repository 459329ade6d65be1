// The one place that speaks HTTP. It carries the session's CSRF token, turns
// problem documents into errors that a person can read, tells the shell when
// the session has ended, and keeps the server's clock.
import createClient, { type Middleware } from 'openapi-fetch'
import { noteServerTime } from '@/lib/clock'
import type { paths } from './gen/schema'

export const API = `${globalThis.location.origin}/api/v1`

type Problem = {
  title?: string
  status?: number
  detail?: string
  instance?: string
  errors?: { where?: string; message: string; position?: Place }[]
}

/** A place in a text that was sent; offset is the characters before it. */
export type Place = { line: number; column: number; offset: number }

/** What went wrong, in a sentence, with what the server listed one by one. */
export class ApiError extends Error {
  readonly status: number
  readonly details: string[]
  readonly instance: string | undefined
  /** Where a text is wrong, and why. */
  readonly place: (Place & { message: string }) | undefined

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    const placed = problem.errors?.find((e) => e.position)
    this.place = placed?.position && { ...placed.position, message: placed.message }
    this.details = (problem.errors ?? []).filter((e) => !e.position).map((e) => (e.where ? `${e.where}: ${e.message}` : e.message))
    this.instance = problem.instance
  }

  /** The connection itself failed; nothing was answered. */
  get offline(): boolean {
    return this.status === 0
  }
}

let csrf = ''
let onSignedOut: () => void = () => {}

export function setCsrf(token: string | undefined): void {
  csrf = token ?? ''
}

/** Called whenever an answer says that nobody is signed in any more. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler
}

const guard: Middleware = {
  onRequest({ request }) {
    if (csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    return request
  },
  onResponse({ response, schemaPath }) {
    noteServerTime(response.headers.get('Date'))
    if (response.status === 401 && !schemaPath.startsWith('/session')) onSignedOut()
    return response
  },
}

export const client = createClient<paths>({
  baseUrl: API,
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
})
client.use(guard)

type Answer<T> = { data?: T; error?: unknown; response: Response }

function problemOf(error: unknown): Problem {
  if (typeof error === 'object' && error !== null) return error
  return typeof error === 'string' && error !== '' && error.length < 300 ? { detail: error } : {}
}

/** Unwraps an answer: its body, or an ApiError. */
export async function body<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await settle(answer)
  if (!response.ok) throw new ApiError(response.status, { title: response.statusText, ...problemOf(error) })
  return data as T
}

async function settle<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, { detail: cause instanceof Error ? cause.message : String(cause) })
  }
}

/** Fetches what is no JSON: a floor plan's drawing. */
export async function text(path: string): Promise<string> {
  const response = await fetch(API + path, { credentials: 'same-origin' })
  if (response.status === 401) onSignedOut()
  if (!response.ok) throw new ApiError(response.status, { title: response.statusText })
  return response.text()
}

/** Fetches a file and hands it to the browser to keep, under the name that the server gave it. */
export async function file(path: string, ask?: unknown): Promise<void> {
  const headers: Record<string, string> = csrf ? { 'X-CSRF-Token': csrf } : {}
  const response = await fetch(API + path, {
    credentials: 'same-origin',
    ...(ask !== undefined && { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(ask) }),
  }).catch((cause: unknown) => {
    throw new ApiError(0, { detail: String(cause) })
  })
  if (response.status === 401) onSignedOut()
  if (!response.ok) throw new ApiError(response.status, { title: response.statusText, ...problemOf(await response.json().catch(() => '')) })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'warder'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
