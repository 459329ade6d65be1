import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { events } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import { useI18n } from '@/lib/i18n'
import { Dialog } from '../Dialog'
import { Icon } from '../Icon'
import { ExceptionDialog } from './ExceptionDialog'
import { Why } from './Why'
import './explanation.css'

type Props = { rule: { id: string; title: string }; event: string; onClose: () => void }

/** Why a rule meets an event, or does not; from here one makes an exception. */
export function ExplainDialog({ rule, event, onClose }: Props) {
  const { t } = useI18n()
  const can = useCan()
  const [excepting, setExcepting] = useState(false)
  const kept = useQuery({ queryKey: keys.event(event), queryFn: () => events.get(event), staleTime: Infinity })
  if (excepting) return <ExceptionDialog rule={rule} event={kept.data} onClose={onClose} />
  return (
    <Dialog title={t('explain.title', { rule: rule.title })} wide onClose={onClose}>
      <div className="dialog-body">
        <Why rule={rule.id} event={event} />
      </div>
      <div className="dialog-foot explain-foot">
        <Link className="btn" to="/rules/$id" params={{ id: rule.id }}>
          {t('explain.openRule')}
        </Link>
        <Link className="btn" to="/events/$id" params={{ id: event }}>
          {t('explain.openEvent')}
        </Link>
        {can('rules') && (
          <button type="button" className="btn" disabled={kept.isPending} onClick={() => setExcepting(true)}>
            <Icon name="minus" size={14} /> {t('exception.make')}
          </button>
        )}
        <button type="button" className="btn btn-primary" onClick={onClose}>
          {t('form.close')}
        </button>
      </div>
    </Dialog>
  )
}
