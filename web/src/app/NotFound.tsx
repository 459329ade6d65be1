import { Link } from '@tanstack/react-router'
import { useI18n } from '@/lib/i18n'
import { Empty } from '@/ui/Notes'

export function NotFound() {
  const { t } = useI18n()
  return (
    <Empty icon="info" text={t('app.notFound')}>
      <Link className="btn" to="/queue">
        {t('app.backToQueue')}
      </Link>
    </Empty>
  )
}
