import { useMemo } from 'react'
import { useI18n } from '@/lib/i18n'
import { viewRaw } from '@/lib/raw'

/** Bytes as they came: text where they are text, otherwise a hex dump. */
export function RawView({ base64 }: { base64: string }) {
  const { t } = useI18n()
  const view = useMemo(() => viewRaw(base64), [base64])
  return (
    <>
      {view.kind === 'hex' && <p className="muted small">{t('sources.hex')}</p>}
      <pre className={view.kind === 'hex' ? 'raw raw-hex' : 'raw'} tabIndex={0}>
        {view.content}
      </pre>
    </>
  )
}
