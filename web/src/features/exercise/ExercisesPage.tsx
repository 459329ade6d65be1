import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { exercises } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { Exercise, Scenario } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { Select } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { Answer, Empty } from '@/ui/Notes'
import { Panel } from '@/ui/Panel'
import { useVoice } from '@/ui/Toasts'
import './exercise.css'

const speeds = [1, 2, 4, 10, 60, 600]

export function ExercisesPage() {
  const { t } = useI18n()
  const scenarios = useQuery({ queryKey: keys.scenarios, queryFn: exercises.scenarios, staleTime: Infinity })
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('exercises.title')}</h1>
      </div>
      <div className="page-body exercises">
        <p className="muted exercises-lead">{t('exercises.lead')}</p>
        <section aria-label={t('exercises.scenarios')}>
          <Answer query={scenarios}>
            {(list) =>
              list.items.length === 0 ? (
                <Empty icon="exercise" text={t('exercises.empty')} />
              ) : (
                <ul className="scenarios">
                  {list.items.map((scenario) => (
                    <ScenarioCard key={scenario.id} scenario={scenario} />
                  ))}
                </ul>
              )
            }
          </Answer>
        </section>
        <Runs />
      </div>
    </div>
  )
}

function ScenarioCard({ scenario }: { scenario: Scenario }) {
  const i18n = useI18n()
  const { t } = i18n
  const can = useCan()
  const client = useQueryClient()
  const voice = useVoice()
  const [speed, setSpeed] = useState('4')
  const title = scenario.title[i18n.locale]
  const start = useMutation({
    mutationFn: () => exercises.start(scenario.id, Number(speed)),
    onSuccess: () => {
      voice.done(t('exercises.started', { name: title }))
      void client.invalidateQueries({ queryKey: keys.exercises })
    },
    onError: (error) => voice.failed(error),
  })
  return (
    <li className="panel scenario">
      <h2>{title}</h2>
      {scenario.story && <p className="muted scenario-story">{scenario.story}</p>}
      <p className="muted small">{t('exercises.about', { time: duration(t, scenario.length_s), n: scenario.records })}</p>
      {!scenario.playable && scenario.why && <p className="small">{scenario.why}</p>}
      {can('exercises') && scenario.playable && (
        <div className="scenario-start">
          <label>
            <span className="muted small">{t('exercises.speed')}</span>
            <Select value={speed} onChange={setSpeed} options={speeds.map((n) => ({ value: String(n), label: t('exercises.speedOf', { n }) }))} />
          </label>
          <button type="button" className="btn btn-primary" disabled={start.isPending} onClick={() => start.mutate()} aria-label={`${t('exercises.start')}: ${title}`}>
            <Icon name="exercise" size={14} /> {t('exercises.start')}
          </button>
        </div>
      )}
    </li>
  )
}

function Runs() {
  const { t } = useI18n()
  const query = useQuery({
    queryKey: keys.exercises,
    queryFn: exercises.list,
    refetchInterval: (q) => (q.state.data?.items.some((run) => run.state === 'running') ? 2000 : false),
  })
  return (
    <Panel title={t('exercises.runs')} flush>
      <Answer query={query}>
        {(list) =>
          list.items.length === 0 ? (
            <p className="panel-body muted">{t('exercises.noRuns')}</p>
          ) : (
            <ul className="runs">
              {list.items.map((run) => (
                <Run key={run.id} run={run} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function Run({ run }: { run: Exercise }) {
  const i18n = useI18n()
  const { t, word } = i18n
  const relative = useRelative()
  const can = useCan()
  const client = useQueryClient()
  const voice = useVoice()
  const running = run.state === 'running'
  const stop = useMutation({
    mutationFn: () => exercises.stop(run.id),
    onSuccess: () => {
      voice.done(t('exercises.stopped'))
      void client.invalidateQueries({ queryKey: keys.exercises })
    },
    onError: (error) => voice.failed(error),
  })
  return (
    <li className="run">
      <div className="run-body">
        <b>{run.title[i18n.locale]}</b>
        <span className="muted">
          {word('exercises', run.state)} · {relative(run.started)}
          {run.by && ` · ${t('exercises.by', { name: run.by })}`} · {t('exercises.speedOf', { n: run.speed })}
        </span>
        {run.problem && <span>{run.problem}</span>}
        {running ? (
          <span className="run-progress">
            <progress max={run.length_s} value={run.position_s} aria-label={t('exercises.running')} />
            <span className="muted small">{t('exercises.sent', { n: run.sent })}</span>
          </span>
        ) : null}
      </div>
      {running && (
        <>
          <Link className="btn btn-small" to="/queue">
            {t('exercises.watch')}
          </Link>
          {can('exercises') && (
            <button type="button" className="btn btn-small" disabled={stop.isPending} onClick={() => stop.mutate()}>
              {t('exercises.stop')}
            </button>
          )}
        </>
      )}
    </li>
  )
}
