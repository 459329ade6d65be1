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

type Change = { task: Task; state: TaskState; note: string }

// What is ticked shows as ticked in the same moment, and until the server's own
// word is there: also where several ticks are on their way.
function useTasks(plan: Plan) {
  const client = useQueryClient()
  const voice = useVoice()
  const [pending, setPending] = useState<ReadonlyMap<string, Change>>(new Map())
  const mutation = useMutation({
    mutationFn: (change: Change) => plans.task(plan.id, change.task.id, change.state, change.note),
    onSuccess: () => Promise.all([
      client.invalidateQueries({ queryKey: keys.incidentPart(plan.incident, 'plan') }),
      client.invalidateQueries({ queryKey: keys.incidentPart(plan.incident, 'timeline') }),
    ]),
    onError: (error) => voice.failed(error),
    onSettled: (_answer, _error, change) =>
      setPending((before) => (before.get(change.task.id) === change ? new Map([...before].filter(([id]) => id !== change.task.id)) : before)),
  })
  const set = (change: Change) => {
    setPending((before) => new Map(before).set(change.task.id, change))
    return mutation.mutateAsync(change)
  }
  const tasks = plan.tasks.map((task) => ({ ...task, state: pending.get(task.id)?.state ?? task.state }))
  return { tasks, set }
}

const settled = (task: Task) => task.state === 'done' || task.state === 'skipped'

function Checklist({ plan }: { plan: Plan }) {
  const { t } = useI18n()
  const text = useText()
  const [skipping, setSkipping] = useState<Task>()
  const [note, setNote] = useState('')
  const [checked, setChecked] = useState(false)
  const { tasks, set } = useTasks(plan)
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
            onState={(state) => void set({ task, state, note: '' }).catch(() => {})} // a toast tells of it
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
          onSubmit={() => set({ task: skipping, state: 'skipped', note: note.trim() })}
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
