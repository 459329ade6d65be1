import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { Exception } from '@/api/types'
import { useFormat, useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { Icon, type IconName } from '@/ui/Icon'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'

type Props = { rule: { id: string; title: string }; exceptions: Exception[]; onAdd: () => void }

const icons: Record<Exception['state'], IconName> = { 'in-force': 'shield', expired: 'clock', removed: 'cross' }

/** What the rule leaves be, why and until when; what is over stays to be read. */
export function Exceptions({ rule, exceptions, onAdd }: Props) {
  const { t, many } = useI18n()
  const can = useCan()
  const [removing, setRemoving] = useState<Exception>()
  const current = exceptions.filter((one) => one.state === 'in-force')
  const past = exceptions.filter((one) => one.state !== 'in-force')
  const add = can('rules') && (
    <button type="button" className="btn btn-small" onClick={onAdd}>
      <Icon name="plus" size={14} /> {t('exception.add')}
    </button>
  )
  return (
    <Panel title={t('rules.exceptions')} aside={add} flush>
      {current.length === 0 && <p className="panel-body muted">{t('exception.none')}</p>}
      <List exceptions={current} onRemove={can('rules') ? setRemoving : undefined} />
      {past.length > 0 && (
        <details className="exceptions-past">
          <summary>{many('exception.past', past.length)}</summary>
          <List exceptions={past} />
        </details>
      )}
      {removing && <RemoveDialog rule={rule.id} exception={removing} onClose={() => setRemoving(undefined)} />}
    </Panel>
  )
}

function List({ exceptions, onRemove }: { exceptions: Exception[]; onRemove?: ((exception: Exception) => void) | undefined }) {
  const { t } = useI18n()
  return (
    <ul className="exceptions">
      {exceptions.map((one) => (
        <li key={one.id} className="exception" data-state={one.state}>
          <div className="exception-head">
            <State exception={one} />
            {onRemove && (
              <button type="button" className="btn btn-small" onClick={() => onRemove(one)}>
                {t('exception.remove')}
              </button>
            )}
          </div>
          <When exception={one} />
          <p>“{one.why}”</p>
          <Facts exception={one} />
        </li>
      ))}
    </ul>
  )
}

function State({ exception }: { exception: Exception }) {
  const { t, word } = useI18n()
  const relative = useRelative()
  return (
    <span className="exception-state">
      <Icon name={icons[exception.state]} size={14} /> {word('exceptionstate', exception.state)}
      {exception.state === 'in-force' && <span className="muted">{t('exception.ends', { time: relative(exception.until) })}</span>}
    </span>
  )
}

export function When({ exception }: { exception: Pick<Exception, 'when'> }) {
  const { word } = useI18n()
  return (
    <ul className="exception-when">
      {exception.when.map((part, index) => (
        <li key={index}>
          <code className="mono">{part.field}</code> <span className="muted">{word('exceptionop', part.op)}</span> <code className="mono exception-value">{part.value}</code>
        </li>
      ))}
    </ul>
  )
}

function Facts({ exception }: { exception: Exception }) {
  const { t, many } = useI18n()
  const format = useFormat()
  const moment = (at: string) => <time dateTime={at}>{format.full(Date.parse(at))}</time>
  return (
    <p className="muted small exception-facts">
      <span>
        {t('exception.by', { name: exception.who })} {moment(exception.at)}
      </span>
      <span>
        {t('form.until')} {moment(exception.until)}
      </span>
      <span>{many('exception.swallowed', exception.hits)}</span>
    </p>
  )
}

function RemoveDialog({ rule, exception, onClose }: { rule: string; exception: Exception; onClose: () => void }) {
  const { t } = useI18n()
  const client = useQueryClient()
  const voice = useVoice()
  return (
    <FormDialog
      title={t('exception.removeTitle')} lead={t('exception.removeLead')} submit={t('exception.remove')} onClose={onClose}
      onSubmit={async () => {
        await rules.removeException(rule, exception.id)
        await client.invalidateQueries({ queryKey: keys.rules })
        voice.done(t('exception.removed'))
      }}
    >
      <When exception={exception} />
    </FormDialog>
  )
}
