import { useState, type ReactNode } from 'react'
import { incidents } from '@/api/endpoints'
import { useAct } from '@/api/incidents'
import { useCan } from '@/api/session'
import type { Incident } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { useVoice } from '../Toasts'
import { DispatchDialog, EscalateDialog, ShelveDialog } from './dialogs'

type Open = { dialog: 'shelve' | 'dispatch' | 'escalate'; incident: Incident }

export type Acts = {
  acknowledge: (incident: Incident) => void
  shelve: (incident: Incident) => void
  unshelve: (incident: Incident) => void
  dispatch: (incident: Incident) => void
  escalate: (incident: Incident) => void
  busy: boolean
  dialog: ReactNode
}

/** The quick acts of keyboard and buttons; the dialog must be drawn by the caller. */
export function useActs(): Acts {
  const { t } = useI18n()
  const can = useCan()
  const act = useAct()
  const voice = useVoice()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const run = (call: () => Promise<Incident>, done: string) =>
    act.mutate(call, { onSuccess: () => voice.done(done), onError: (error) => voice.failed(error) })
  const show = (dialog: Open['dialog'], allowed: boolean) => (incident: Incident) => {
    if (allowed) setOpen({ dialog, incident })
    else voice.failed(t('error.denied'))
  }
  const dialogs = { shelve: ShelveDialog, dispatch: DispatchDialog, escalate: EscalateDialog }
  const Shown = open && dialogs[open.dialog]
  return {
    acknowledge: (incident) => {
      if (!can('work')) voice.failed(t('error.denied'))
      else if (incident.status === 'new') run(() => incidents.acknowledge(incident.id), t('act.done.acknowledge'))
    },
    shelve: show('shelve', can('lead')),
    unshelve: (incident) => run(() => incidents.unshelve(incident.id), t('act.done.unshelve')),
    dispatch: show('dispatch', can('work')),
    escalate: show('escalate', can('work')),
    busy: act.isPending,
    dialog: Shown && open ? <Shown incident={open.incident} onClose={close} /> : null,
  }
}
