import type { ErrorComponentProps } from '@tanstack/react-router'
import { useI18n } from '@/lib/i18n'
import { Empty } from '@/ui/Notes'

/** A page whose code cannot be loaded: most often the program was upgraded meanwhile. */
export function PageFailed({ error }: ErrorComponentProps) {
  const { t } = useI18n()
  const upgraded = /import|module|fetch/i.test(String(error))
  return (
    <Empty icon="warn" text={upgraded ? t('app.updated') : t('error.crashed')}>
      <button type="button" className="btn btn-primary" onClick={() => globalThis.location.reload()}>
        {t('app.reload')}
      </button>
    </Empty>
  )
}
