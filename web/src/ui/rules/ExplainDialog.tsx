import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '@/api/session'
import { useI18n } from '@/lib/i18n'
import { Dialog } from '../Dialog'
import { Icon } from '../Icon'
import { ExceptEvent } from './ExceptEvent'
import { Why } from './Why'
import './explanation.css'

type Props = { rule: { id: string; title: string }; event: string; onClose: () => void }

/** Why a rule meets an event, or does not; from here one makes an exception. */
export function ExplainDialog({ rule, event, onClose }: Props) {
  const { t } = useI18n()
  const can = useCan()
  const [excepting, setExcepting] = useState(false)
  if (excepting) return <ExceptEvent rule={rule} event={event} onClose={onClose} />
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
          <button type="button" className="btn" onClick={() => setExcepting(true)}>
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
