// What, where, how bad, who is on it, and what one can do.
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { incidents } from '@/api/endpoints'
import { isShelved, useAct } from '@/api/incidents'
import { useCan, useSession } from '@/api/session'
import { useText } from '@/api/text'
import type { Incident, Status } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useFormat, useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { useCommands } from '@/lib/keyboard'
import { ReasonDialog } from '@/ui/acts/dialogs'
import { useActs, type Acts } from '@/ui/acts/useActs'
import { PlacePath } from '@/ui/AssetName'
import { Domains } from '@/ui/Domains'
import { Icon } from '@/ui/Icon'
import { Menu, type MenuEntry } from '@/ui/Menu'
import { SeverityChip } from '@/ui/Severity'
import { useVoice } from '@/ui/Toasts'
import { MergeDialog, OwnerDialog, SplitDialog } from './dialogs'
import { ExportDialog, HoldDialog, HoldRemark } from './Evidence'

export function Header({ incident }: { incident: Incident }) {
  const { t, word } = useI18n()
  const text = useText()
  const acts = useActs()
  useCommands({
    acknowledge: () => acts.acknowledge(incident),
    escalate: () => acts.escalate(incident),
    shelve: () => acts.shelve(incident),
    dispatch: () => acts.dispatch(incident),
  })
  return (
    <header className="inc-head">
      <div className="inc-top">
        <Link to="/queue" className="crumb">
          <Icon name="left" size={14} /> {t('app.backToQueue')}
        </Link>
        <span className="muted">{t('incident.number', { number: incident.number })}</span>
      </div>
      <div className="inc-title">
        <SeverityChip severity={incident.severity} />
        <h1>{text(incident.title)}</h1>
        <span className="tag tag-strong" data-status={incident.status}>{word('status', incident.status)}</span>
        <Domains domains={incident.domains} />
      </div>
      <Facts incident={incident} />
      <Remarks incident={incident} />
      <Buttons incident={incident} acts={acts} />
      {acts.dialog}
    </header>
  )
}

function Facts({ incident }: { incident: Incident }) {
  const { t, many } = useI18n()
  const relative = useRelative()
  const format = useFormat()
  const now = useNow()
  return (
    <p className="inc-facts">
      {incident.place && (
        <span className="inc-place">
          <PlacePath id={incident.place} site inwards={false} />
        </span>
      )}
      <span title={format.full(Date.parse(incident.opened))}>
        <span className="muted">{t('incident.opened')}</span> {relative(incident.opened)}
      </span>
      <span>
        <span className="muted">{t('incident.lastAlert')}</span> {relative(incident.last_alert)} · {many('queue.alerts', incident.alerts)}
      </span>
      <span>
        <span className="muted">{t('incident.owner')}</span> {incident.owner || t('queue.noOwner')}
      </span>
      <span className="muted">{incident.ack ? t('incident.acked', { name: incident.ack.name, time: format.moment(Date.parse(incident.ack.at), now) }) : t('incident.notAcked')}</span>
    </p>
  )
}

function Remarks({ incident }: { incident: Incident }) {
  const { t } = useI18n()
  const format = useFormat()
  const now = useNow()
  return (
    <>
      {incident.exercise && <p className="inc-remark tag-hatch">{t('incident.exercise')}</p>}
      {incident.shelved && isShelved(incident, now) && (
        <p className="inc-remark tag-hatch">
          {t('incident.shelvedBy', { name: incident.shelved.name, time: format.moment(Date.parse(incident.shelved.until), now), why: incident.shelved.why })}
        </p>
      )}
      <HoldRemark incident={incident} />
      {incident.merged_into && (
        <p className="inc-remark">
          {t('incident.mergedInto')}{' '}
          <Link to="/incidents/$id" params={{ id: incident.merged_into }}>
            {t('incident.showMerged')}
          </Link>
        </p>
      )}
    </>
  )
}

type Asking = 'export' | 'hold' | 'merge' | 'split' | 'comment' | 'owner' | 'resolved' | 'closed' | 'in-progress'

function Buttons({ incident, acts }: { incident: Incident; acts: Acts }) {
  const { t, word } = useI18n()
  const can = useCan()
  const { data } = useSession()
  const act = useAct()
  const voice = useVoice()
  const navigate = useNavigate()
  const now = useNow()
  const [asking, setAsking] = useState<Asking>()
  const close = () => setAsking(undefined)
  const toQueue = () => void navigate({ to: '/queue' })
  if (!can('work')) return null
  const shelved = isShelved(incident, now)
  const over = incident.status === 'closed' || incident.status === 'resolved'
  const me = data?.user?.name ?? ''
  const start = () =>
    act.mutate(() => incidents.status(incident.id, 'in-progress', ''), {
      onSuccess: () => voice.done(t('act.done.status', { status: word('status', 'in-progress') })),
      onError: voice.failed,
    })
  const own = () =>
    act.mutate(() => incidents.owner(incident.id, me), { onSuccess: () => voice.done(t('act.done.owner', { owner: me })), onError: voice.failed })
  const entries: (MenuEntry | false)[] = [
    incident.owner !== me && { label: t('act.own'), icon: 'person', onSelect: own },
    { label: t('act.owner'), icon: 'user', onSelect: () => setAsking('owner') },
    { label: t('act.comment'), icon: 'comment', onSelect: () => setAsking('comment') },
    can('lead') && { label: shelved ? t('act.unshelve') : t('act.shelve'), icon: 'clock', onSelect: () => (shelved ? acts.unshelve(incident) : acts.shelve(incident)) },
    can('lead') && { label: t('act.merge'), icon: 'link', onSelect: () => setAsking('merge') },
    can('lead') && incident.alerts > 1 && { label: t('act.split'), icon: 'graph', onSelect: () => setAsking('split') },
    can('lead') && { label: t('evidence.export'), icon: 'out', onSelect: () => setAsking('export') },
    can('lead') && { label: t('evidence.hold'), icon: 'shield', onSelect: () => setAsking('hold') },
    !over && { label: t('act.resolve'), icon: 'check', onSelect: () => setAsking('resolved') },
    can('lead') && incident.status !== 'closed' && { label: t('act.close'), icon: 'cross', onSelect: () => setAsking('closed') },
    over && { label: t('act.reopen'), icon: 'clockback', onSelect: () => setAsking('in-progress') },
  ]
  const statusDialog = (status: Exclude<Status, 'new'>, title: string, submit: string) => (
    <ReasonDialog
      incident={incident} onClose={close} title={title} label={t('form.reason')} submit={submit} done={t('act.done.status', { status: word('status', status) })}
      call={(reason) => incidents.status(incident.id, status, reason)} {...(status === 'closed' && { after: toQueue })}
    />
  )
  const { number } = incident
  return (
    <div className="inc-buttons">
      {incident.status === 'new' && (
        <button type="button" className="btn btn-primary" disabled={acts.busy} onClick={() => acts.acknowledge(incident)}>
          <Icon name="check" /> {t('act.acknowledge')} <span className="kbd" aria-hidden="true">A</span>
        </button>
      )}
      {incident.status === 'acknowledged' && (
        <button type="button" className="btn btn-primary" disabled={act.isPending} onClick={start}>
          {t('act.start')}
        </button>
      )}
      {incident.status === 'in-progress' && (
        <button type="button" className="btn btn-primary" onClick={() => setAsking('resolved')}>
          <Icon name="check" /> {t('act.resolve')}
        </button>
      )}
      {!over && (
        <>
          <button type="button" className="btn" onClick={() => acts.dispatch(incident)}>
            {t('act.dispatch')} <span className="kbd" aria-hidden="true">D</span>
          </button>
          <button type="button" className="btn" onClick={() => acts.escalate(incident)}>
            {t('act.escalate')} <span className="kbd" aria-hidden="true">E</span>
          </button>
        </>
      )}
      <Menu
        entries={entries.filter((entry): entry is MenuEntry => entry !== false)}
        trigger={
          <button type="button" className="btn">
            {t('act.more')} <Icon name="down" size={14} />
          </button>
        }
      />
      {asking === 'export' && <ExportDialog incident={incident} onClose={close} />}
      {asking === 'hold' && <HoldDialog incident={incident} onClose={close} />}
      {asking === 'merge' && <MergeDialog incident={incident} onClose={close} onDone={toQueue} />}
      {asking === 'split' && <SplitDialog incident={incident} onClose={close} />}
      {asking === 'owner' && <OwnerDialog incident={incident} onClose={close} />}
      {asking === 'comment' && (
        <ReasonDialog
          incident={incident} onClose={close} title={t('comment.title', { number })} label={t('comment.text')} submit={t('act.comment')} done={t('act.done.comment')}
          call={(words) => incidents.comment(incident.id, words)}
        />
      )}
      {asking === 'resolved' && statusDialog('resolved', t('resolve.title', { number }), t('act.resolve'))}
      {asking === 'closed' && statusDialog('closed', t('close.title', { number }), t('act.close'))}
      {asking === 'in-progress' && statusDialog('in-progress', t('reopen.title', { number }), t('act.reopen'))}
    </div>
  )
}
