// One story: what machines saw, what was predicted, what people did and said.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { incidents } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useText } from '@/api/text'
import type { TimelineEntry } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Icon, type IconName } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { Segments } from '@/ui/Segments'
import { SeverityMark } from '@/ui/Severity'

type Show = 'all' | 'machine' | 'people'

const icons: Record<string, IconName> = { alert: 'bell', act: 'person', impact: 'graph', plan: 'list', notice: 'comment', comment: 'comment' }

export function Timeline({ incident, selected }: { incident: string; selected: string | undefined }) {
  const { t } = useI18n()
  const [show, setShow] = useState<Show>('all')
  const query = useQuery({ queryKey: keys.incidentPart(incident, 'timeline'), queryFn: () => incidents.timeline(incident) })
  const filter = (
    <Segments<Show>
      label={t('timeline.filter')} value={show} onChange={setShow}
      options={[
        { value: 'all', label: t('timeline.all') },
        { value: 'machine', label: t('timeline.machine') },
        { value: 'people', label: t('timeline.people') },
      ]}
    />
  )
  return (
    <Panel title={t('incident.timeline')} aside={filter} className="timeline-panel" flush>
      <Answer query={query}>
        {(list) => {
          const entries = list.items.filter((entry) => show === 'all' || (show === 'people') === Boolean(entry.by))
          const sorted = [...entries].sort((a, b) => Date.parse(b.time) - Date.parse(a.time))
          if (sorted.length === 0) return <p className="panel-body muted">{t('timeline.empty')}</p>
          return (
            <ol className="timeline" tabIndex={0} aria-label={t('incident.timeline')}>
              {sorted.map((entry) => (
                <Entry key={entry.id} entry={entry} on={selected !== undefined && entry.asset === selected} />
              ))}
            </ol>
          )
        }}
      </Answer>
    </Panel>
  )
}

function Entry({ entry, on }: { entry: TimelineEntry; on: boolean }) {
  const { word } = useI18n()
  const text = useText()
  const format = useFormat()
  const now = useNow()
  return (
    <li className="entry" data-kind={entry.kind} data-on={on} data-people={Boolean(entry.by)}>
      <time className="entry-time muted" dateTime={entry.time} title={format.full(Date.parse(entry.time))}>
        {format.moment(Date.parse(entry.time), now)}
      </time>
      <span className="entry-sign">
        {entry.kind === 'alert' && entry.severity ? <SeverityMark severity={entry.severity} size={13} label={word('severity', entry.severity)} /> : <Icon name={icons[entry.kind] ?? 'info'} size={15} />}
      </span>
      <span className="entry-text">
        {text(entry.text)}
        <span className="muted small entry-by">{entry.by ? entry.by : word('entry', entry.kind)}</span>
      </span>
    </li>
  )
}
