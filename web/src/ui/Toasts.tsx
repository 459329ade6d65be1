// Short messages after an act, and the voice for screen readers.
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'
import { useI18n } from '@/lib/i18n'
import { Icon } from './Icon'
import { errorWords } from './Notes'

type Toast = { id: number; text: string; kind: 'done' | 'error' }
type Voice = {
  done: (text: string) => void
  failed: (error: unknown) => void
  /** Said to screen readers at once: for new critical incidents. */
  announce: (text: string) => void
}

const Context = createContext<Voice>({ done: () => {}, failed: () => {}, announce: () => {} })

export function useVoice(): Voice {
  return useContext(Context)
}

export function Toasts({ children }: { children: ReactNode }) {
  const i18n = useI18n()
  const [toasts, setToasts] = useState<Toast[]>([])
  const [spoken, setSpoken] = useState('')
  const count = useRef(0)
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const add = useCallback(
    (text: string, kind: Toast['kind']) => {
      const id = ++count.current
      setToasts((all) => [...all.slice(-3), { id, text, kind }])
      setTimeout(() => drop(id), kind === 'error' ? 12_000 : 5000)
    },
    [drop],
  )
  const voice = useMemo<Voice>(
    () => ({ done: (text) => add(text, 'done'), failed: (error) => add(errorWords(i18n, error), 'error'), announce: setSpoken }),
    [add, i18n],
  )
  return (
    <Context value={voice}>
      {children}
      <div className="visually-hidden" aria-live="assertive" role="alert">
        {spoken}
      </div>
      <section className="toasts" aria-label={i18n.t('toast.region')} aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.kind}`}>
            <Icon name={toast.kind === 'done' ? 'check' : 'warn'} />
            <p>{toast.text}</p>
            <button type="button" className="btn btn-quiet btn-small btn-icon" aria-label={i18n.t('toast.dismiss')} onClick={() => drop(toast.id)}>
              <Icon name="cross" size={14} />
            </button>
          </div>
        ))}
      </section>
    </Context>
  )
}
