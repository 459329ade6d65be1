// The checklist: what to do, for whom; ticked, skipped with a reason, or taken back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { incidents, plans } from '@/api/endpoints'
import { usePlans } from '@/api/incidents'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import { useText } from '@/api/text'
import type { Plan, Task, TaskState } from '@/api/types'
import { now } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { FormDialog } from '@/ui/Dialog'
import { SelectField, TextArea } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'

export function PlanPanel({ incident }: { incident: string }) {
  const { t } = useI18n()
  const can = useCan()
  const [adding, setAdding] = useState(false)
  const query = usePlans(incident)
  const add = can('work') && (
    <button type="button" className="btn btn-small btn-quiet" onClick={() => setAdding(true)}>
      <Icon name="plus" size={14} /> {t('plan.add')}
    </button>
  )
  return (
    <Panel title={t('incident.plan')} aside={add} flush>
      <Answer query={query}>
        {(list) =>
          list.items.length === 0 ? (
            <p className="panel-body muted">{t('plan.none')}</p>
          ) : (
            list.items.map((plan) => <Checklist key={plan.id} plan={plan} />)
          )
        }
      </Answer>
      {adding && <AddPlan incident={incident} onClose={() => setAdding(false)} />}
    </Panel>
  )
}

function useTask(plan: Plan) {
  const client = useQueryClient()
  const voice = useVoice()
  return useMutation({
    mutationFn: (p: { task: Task; state: TaskState; note: string }) => plans.task(plan.id, p.task.id, p.state, p.note),
    onSuccess: () => Promise.all([
      client.invalidateQueries({ queryKey: keys.incidentPart(plan.incident, 'plan') }),
      client.invalidateQueries({ queryKey: keys.incidentPart(plan.incident, 'timeline') }),
    ]),
    onError: (error) => voice.failed(error),
  })
}

const settled = (task: Task) => task.state === 'done' || task.state === 'skipped'

function Checklist({ plan }: { plan: Plan }) {
  const { t } = useI18n()
  const text = useText()
  const [skipping, setSkipping] = useState<Task>()
  const [note, setNote] = useState('')
  const [checked, setChecked] = useState(false)
  const change = useTask(plan)
  // What was just ticked shows as ticked while the server takes note.
  const pending = change.isPending ? change.variables : undefined
  const tasks = plan.tasks.map((task) => (task.id === pending?.task.id ? { ...task, state: pending.state } : task))
  const done = tasks.filter(settled).length
  const next = tasks.find((task) => !settled(task))
  return (
    <section className="checklist" aria-label={text(plan.title)}>
      <div className="checklist-head">
        <h3>{text(plan.title)}</h3>
        <span className="muted small">{done === tasks.length ? t('plan.allDone') : t('plan.progress', { done, total: tasks.length })}</span>
      </div>
      <ol>
        {tasks.map((task) => (
          <TaskLine
            key={task.id} task={task} next={task === next}
            onState={(state) => change.mutate({ task, state, note: '' })}
            onSkip={() => {
              setNote('')
              setChecked(false)
              setSkipping(task)
            }}
          />
        ))}
      </ol>
      {skipping && (
        <FormDialog
          title={t('plan.skipTitle')} lead={text(skipping.text)} submit={t('plan.skip')} onClose={() => setSkipping(undefined)}
          valid={() => {
            setChecked(true)
            return note.trim() !== ''
          }}
          onSubmit={() => change.mutateAsync({ task: skipping, state: 'skipped', note: note.trim() })}
        >
          <TextArea label={t('form.why')} hint={t('plan.skipLead')} value={note} onChange={setNote} autoFocus wrong={checked && !note.trim() ? t('form.required') : undefined} />
        </FormDialog>
      )}
    </section>
  )
}

type LineProps = { task: Task; next: boolean; onState: (state: TaskState) => void; onSkip: () => void }

function TaskLine({ task, next, onState, onSkip }: LineProps) {
  const { t, word } = useI18n()
  const text = useText()
  const can = useCan()
  const format = useFormat()
  const over = settled(task)
  const words = text(task.text)
  return (
    <li className="task" data-state={task.state} data-next={next}>
      <label className="task-tick">
        <input type="checkbox" checked={task.state === 'done'} disabled={!can('work') || task.state === 'skipped'} onChange={(event) => onState(event.target.checked ? 'done' : 'open')} />
        <span className="task-text">
          {words}
          <span className="muted small task-for">
            {t('plan.for', { role: word('role', task.for) })}
            {over && ` · ${word('taskstate', task.state)}`}
            {over && task.by && task.at && ` · ${t('plan.doneBy', { name: task.by, time: format.moment(Date.parse(task.at), now()) })}`}
          </span>
          {task.note && <span className="small task-note">“{task.note}”</span>}
        </span>
      </label>
      {can('work') && !over && (
        <button type="button" className="btn btn-small btn-quiet" onClick={onSkip} aria-label={`${t('plan.skip')}: ${words}`}>
          {t('plan.skip')}
        </button>
      )}
      {can('work') && task.state === 'skipped' && (
        <button type="button" className="btn btn-small btn-quiet" onClick={() => onState('open')}>
          {t('plan.undo')}
        </button>
      )}
    </li>
  )
}

function AddPlan({ incident, onClose }: { incident: string; onClose: () => void }) {
  const { t, locale } = useI18n()
  const client = useQueryClient()
  const { data } = useQuery({ queryKey: keys.playbooks, queryFn: plans.playbooks, staleTime: Infinity })
  const [chosen, setChosen] = useState('')
  const options = (data?.items ?? []).map((book) => ({ value: book.id, label: book.title[locale] ?? book.title['en'] ?? book.id }))
  const playbook = chosen || options[0]?.value || ''
  return (
    <FormDialog
      title={t('plan.addTitle')} submit={t('plan.add')} onClose={onClose} valid={() => playbook !== ''}
      onSubmit={async () => {
        await incidents.addPlan(incident, playbook)
        await client.invalidateQueries({ queryKey: keys.incidentPart(incident, 'plan') })
      }}
    >
      {options.length === 0 ? <p className="muted">{t('plan.noPlaybooks')}</p> : <SelectField label={t('plan.playbook')} value={playbook} onChange={setChosen} options={options} />}
    </FormDialog>
  )
}
