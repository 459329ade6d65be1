import type { ReactNode } from 'react'
import { useInstance } from '@/api/session'
import { useI18n } from '@/lib/i18n'
import { Brand } from '@/ui/Brand'
import './session.css'

/** The frame of the pages before the console: sign-in, intended use, password. */
export function Gate({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  const { t } = useI18n()
  const { name } = useInstance()
  return (
    <div className="gate">
      <main className={wide ? 'gate-card gate-wide' : 'gate-card'}>
        <div className="gate-brand">
          <Brand size={36} />
          <div>
            <b>{t('app.name')}</b>
            <span className="muted">{name || t('app.tagline')}</span>
          </div>
        </div>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  )
}
