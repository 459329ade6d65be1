import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { hospital } from '@/api/endpoints'
import { useCan, useInstance } from '@/api/session'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { useVoice } from '@/ui/Toasts'

/** Says that the hospital is invented, and lets an administrator remove it in one action. */
export function DemoBanner() {
  const { t } = useI18n()
  const can = useCan()
  const client = useQueryClient()
  const voice = useVoice()
  const { demo } = useInstance()
  const [asking, setAsking] = useState(false)
  if (!demo) return null
  return (
    <aside className="demo" aria-label={t('demo.label')}>
      <span>{t('demo.banner')}</span>
      {can('instance') && (
        <button type="button" className="bar-link" onClick={() => setAsking(true)}>
          {t('demo.remove')}
        </button>
      )}
      {asking && (
        <FormDialog
          title={t('demo.removeTitle')} lead={t('demo.removeText')} submit={t('demo.remove')} danger onClose={() => setAsking(false)}
          onSubmit={async () => {
            await hospital.removeDemo()
            voice.done(t('demo.removed'))
            await client.invalidateQueries()
          }}
        >
          {null}
        </FormDialog>
      )}
    </aside>
  )
}
