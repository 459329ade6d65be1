// What a page says when there is nothing, when it waits, and when something failed.
import { Component, useEffect, useState, type ErrorInfo, type ReactNode } from 'react'
import { ApiError } from '@/api/client'
import { useI18n, type I18n } from '@/lib/i18n'
import { Icon, type IconName } from './Icon'

export function Empty({ icon, text, children }: { icon?: IconName; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {icon && <Icon name={icon} size={28} />}
      <p>{text}</p>
      {children}
    </div>
  )
}

/** Shown after a moment, so that quick answers do not flicker. */
export function Loading() {
  const { t } = useI18n()
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden="true" />
      {t('app.loading')}
    </div>
  )
}

/** An error in words that say what to do next. */
export function errorWords({ t, locale }: I18n, error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
  if (error.offline) return t('error.offline')
  if (error.status === 403) return t('error.denied')
  if (error.status === 409 && !error.message) return t('error.conflict')
  if (error.status === 503) return t('error.busy')
  if (error.status >= 500 && error.instance) return t('error.server', { instance: error.instance })
  // What a refusal says is the server's sentence; elsewhere it is introduced.
  return locale === 'en' ? error.message : t('error.refused', { sentence: error.message })
}

export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const i18n = useI18n()
  const details = error instanceof ApiError ? error.details : []
  return (
    <div className="note note-error" role="alert">
      <Icon name="warn" />
      <div className="note-body">
        {errorWords(i18n, error)}
        {details.length > 0 && (
          <ul>
            {details.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      {retry && (
        <button type="button" className="btn btn-small" onClick={retry}>
          {i18n.t('error.retry')}
        </button>
      )}
    </div>
  )
}

type Query<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }

/** The usual three faces of an answer: waiting, failed, there. */
export function Answer<T>({ query, children }: { query: Query<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorNote error={query.error} retry={() => void query.refetch()} />
  return <Loading />
}

type BoundaryProps = { children: ReactNode; fallback: (again: () => void) => ReactNode }

class Catch extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack)
  }
  override render() {
    return this.state.failed ? this.props.fallback(() => this.setState({ failed: false })) : this.props.children
  }
}

/** Keeps a failing part from taking the page with it. */
export function Boundary({ children }: { children: ReactNode }) {
  const { t } = useI18n()
  return (
    <Catch
      fallback={(again) => (
        <div className="note note-error" role="alert">
          <Icon name="warn" />
          <div className="note-body">{t('error.crashed')}</div>
          <button type="button" className="btn btn-small" onClick={again}>
            {t('error.retry')}
          </button>
        </div>
      )}
    >
      {children}
    </Catch>
  )
}

/** A value that follows another after it has been still for a while. */
export function useSettled<T>(value: T, wait = 250): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return settled
}
