import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { incidents, notices } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import { useText } from '@/api/text'
import type { Notice } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat, useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Icon, type IconName } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'

const icons: Record<string, IconName> = { delivered: 'check', failed: 'warn', waiting: 'clock' }

/** Who was told, whether it arrived, and who took note. */
export function NoticesPanel({ incident }: { incident: string }) {
  const { t } = useI18n()
  const query = useQuery({ queryKey: keys.incidentPart(incident, 'notices'), queryFn: () => incidents.notices(incident) })
  return (
    <Panel title={t('incident.notices')} flush>
      <Answer query={query}>
        {(list) =>
          list.items.length === 0 ? (
            <p className="panel-body muted">{t('notices.empty')}</p>
          ) : (
            <ul className="notices">
              {list.items.map((notice) => (
                <NoticeLine key={notice.id} notice={notice} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function NoticeLine({ notice }: { notice: Notice }) {
  const { t, word } = useI18n()
  const text = useText()
  const format = useFormat()
  const relative = useRelative()
  const now = useNow()
  const can = useCan()
  const client = useQueryClient()
  const voice = useVoice()
  const ack = useMutation({
    mutationFn: () => notices.acknowledge(notice.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.incidentPart(notice.incident, 'notices') }),
    onError: (error) => voice.failed(error),
  })
  const { delivery } = notice
  return (
    <li className="notice">
      <Icon name={icons[delivery.state] ?? 'clock'} />
      <div className="notice-body">
        <b>{notice.channel}</b>
        <span>{text(notice.text)}</span>
        <span className="muted small">
          {word('notices', delivery.state)}
          {delivery.attempts > 1 && ` · ${t('notices.attempts', { n: delivery.attempts })}`}
          {delivery.state === 'waiting' && delivery.next && ` · ${t('notices.next', { time: relative(delivery.next) })}`}
          {delivery.error && ` · ${delivery.error}`}
        </span>
        {notice.ack && <span className="muted small">{t('notices.acked', { name: notice.ack.name, time: format.moment(Date.parse(notice.ack.at), now) })}</span>}
      </div>
      {!notice.ack && can('work') && (
        <button type="button" className="btn btn-small" disabled={ack.isPending} onClick={() => ack.mutate()}>
          {t('notices.ack')}
        </button>
      )}
    </li>
  )
}
