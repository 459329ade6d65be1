// Tries a rule before it counts: on kept events of a time range, or on lines
// that were pasted. Nothing is raised by it.
import { useState, type FormEvent } from 'react'
import type { RecordFormat, WhichEvents, WhichRule } from '@/api/endpoints'
import { now, useNow } from '@/lib/clock'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { bounds, type Last } from '@/lib/range'
import { duration, fromField, toField } from '@/lib/time'
import { SelectField, TextArea, TextField } from '@/ui/Field'
import { Icon } from '@/ui/Icon'
import { ErrorNote } from '@/ui/Notes'
import { Segments } from '@/ui/Segments'
import { TryOutcome } from './TryOutcome'
import { useTry } from './useTry'
import './try.css'

type From = 'stored' | 'pasted'
type Range = Last | 'custom'
type Props = { which: WhichRule; rule?: { id: string; title: string }; ready?: boolean }

const ranges: Range[] = ['1h', '24h', '7d', 'custom']
const formats: RecordFormat[] = ['', 'ndjson', 'syslog', 'suricata', 'frigate']
const LINES = 4_000_000 // characters: what one may paste

export function TryPanel({ which, rule, ready = true }: Props) {
  const { t } = useI18n()
  const { attempt, start, cancel } = useTry()
  const form = useEvents()
  const [tried, setTried] = useState<{ which: WhichRule; from: From }>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const events = form.events()
    if (!events || !ready) return
    setTried({ which, from: form.from })
    // Kept events are explained when one asks; pasted ones nobody could look up later.
    void start({ ...which, ...events, explain: form.from === 'pasted' })
  }
  const running = attempt.state === 'running'
  return (
    <div className="try">
      <p className="muted">{t('try.lead')}</p>
      <form className="try-form" onSubmit={submit}>
        <Segments<From>
          label={t('try.events')} value={form.from} onChange={form.setFrom}
          options={[
            { value: 'stored', label: t('try.stored') },
            { value: 'pasted', label: t('try.pasted') },
          ]}
        />
        {form.fields}
        <div className="try-run">
          <button type="submit" className="btn btn-primary" disabled={running || !ready}>
            <Icon name="exercise" /> {t('try.run')}
          </button>
          {running && <Running since={attempt.since} onCancel={cancel} />}
        </div>
      </form>
      <div aria-live="polite">
        {attempt.state === 'cancelled' && <p className="muted">{t('try.cancelled')}</p>}
        {attempt.state === 'failed' && <ErrorNote error={attempt.error} />}
        {attempt.state === 'done' && tried && <TryOutcome result={attempt.result} which={tried.which} stored={tried.from === 'stored'} rule={rule} />}
      </div>
    </div>
  )
}

function Running({ since, onCancel }: { since: number; onCancel: () => void }) {
  const { t } = useI18n()
  const seconds = Math.max(0, (useNow() - since) / 1000)
  return (
    <>
      <button type="button" className="btn" onClick={onCancel}>
        {t('form.cancel')}
      </button>
      <span className="try-running" role="status">
        <progress aria-label={t('try.running')} /> {t('try.running')}
      </span>
      <span className="muted num">{duration(t, seconds)}</span>
    </>
  )
}

/** The fields that say which events, and what they say; nothing while something is missing. */
function useEvents() {
  const { t, word } = useI18n()
  const format = useFormat()
  const [from, setFrom] = useState<From>('stored')
  const [range, setRange] = useState<Range>('24h')
  const [start, setStart] = useState(() => toField(now() - 86_400_000, format.zone))
  const [end, setEnd] = useState(() => toField(now(), format.zone))
  const [q, setQ] = useState('')
  const [lines, setLines] = useState('')
  const [as, setAs] = useState<RecordFormat>('')
  const [checked, setChecked] = useState(false)
  const a = fromField(start, format.zone)
  const b = fromField(end, format.zone)
  const backwards = range === 'custom' && !(a < b)
  const labels = { '15m': t('search.last15m'), '1h': t('search.last1h'), '24h': t('search.last24h'), '7d': t('search.last7d'), all: t('search.all'), custom: t('try.custom') }
  const events = (): WhichEvents | undefined => {
    setChecked(true)
    if (from === 'pasted') {
      const list = lines.split('\n').filter((line) => line.trim() !== '')
      return list.length === 0 ? undefined : { events: list, format: as }
    }
    if (backwards) return undefined
    const span = range === 'custom' ? { from: new Date(a).toISOString(), to: new Date(b).toISOString() } : bounds({ last: range }, now())
    return { ...span, ...(q.trim() && { q: q.trim() }) }
  }
  const stored = (
    <>
      <Segments<Range> label={t('search.range')} value={range} onChange={setRange} options={ranges.map((value) => ({ value, label: labels[value] }))} />
      {range === 'custom' && (
        <div className="try-range">
          <TextField label={t('try.from')} type="datetime-local" value={start} onChange={setStart} wrong={checked && backwards ? t('try.backwards') : undefined} />
          <TextField label={t('try.to')} type="datetime-local" value={end} onChange={setEnd} />
        </div>
      )}
      <TextField label={t('try.query')} hint={t('try.queryHint')} optional className="input mono" value={q} onChange={setQ} spellCheck={false} />
    </>
  )
  const pasted = (
    <>
      <div className="try-lines">
        <TextArea label={t('try.lines')} hint={t('try.linesHint')} maxLength={LINES} value={lines} onChange={setLines} wrong={checked && !lines.trim() ? t('form.required') : undefined} />
      </div>
      <SelectField label={t('event.format')} value={as} onChange={(value) => setAs(formats.find((known) => known === value) ?? '')} options={formats.map((value) => ({ value, label: value ? word('format', value) : t('try.recognise') }))} />
    </>
  )
  return { from, setFrom, events, fields: from === 'stored' ? stored : pasted }
}
