import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pipeline } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { DeadLetter } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Dialog, FormDialog } from '@/ui/Dialog'
import { TextArea } from '@/ui/Field'
import { Answer, ErrorNote } from '@/ui/Notes'
import { useVoice } from '@/ui/Toasts'
import { family, size } from './words'

type Props = { letter: DeadLetter; onClose: () => void; onDone: () => void }

/** A message that was set aside: what it says, and what can be done with it. */
export function LetterDialog({ letter, onClose, onDone }: Props) {
  const { t, word, number } = useI18n()
  const [discarding, setDiscarding] = useState(false)
  const whole = useQuery({ queryKey: keys.letter(letter.topic, letter.id), queryFn: () => pipeline.letter(letter.topic, letter.id) })
  if (discarding) return <Discard letter={letter} onClose={onClose} onDone={onDone} />
  return (
    <Dialog title={`${word('topic', family(letter.topic))} · ${t('pipeline.letter', { offset: letter.offset })}`} onClose={onClose} wide>
      <Answer query={whole}>
        {(full) => (
          <>
            <div className="dialog-body">
              <p className="muted">{t('pipeline.size', { size: size(number, full.size), worker: word('worker', full.consumer) })}</p>
              <p className="pipeline-reason">{full.reason}</p>
              {full.shown === undefined && (
                <>
                  <p>{t('pipeline.unreadable', { why: full.problem ?? '' })}</p>
                  <pre className="pipeline-text" tabIndex={0}>{full.text}</pre>
                </>
              )}
            </div>
            <Mend full={full} onClose={onClose} onDone={onDone} onDiscard={() => setDiscarding(true)} />
          </>
        )}
      </Answer>
    </Dialog>
  )
}

function Mend({ full, onClose, onDone, onDiscard }: { full: DeadLetter; onClose: () => void; onDone: () => void; onDiscard: () => void }) {
  const { t } = useI18n()
  const voice = useVoice()
  const [before] = useState(() => JSON.stringify(full.shown, null, 2))
  const [text, setText] = useState(before ?? '')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const wrong = full.shown === undefined ? '' : notJSON(text)
  const changed = full.shown !== undefined && text !== before
  const send = async () => {
    setBusy(true)
    try {
      await (changed ? pipeline.mend(full.topic, full.id, JSON.parse(text) as unknown) : pipeline.replay(full.topic, full.id))
      voice.done(t('pipeline.sent'))
      onDone()
      onClose()
    } catch (reason) {
      setError(reason)
      setBusy(false)
    }
  }
  return (
    <>
      {full.shown !== undefined && (
        <div className="dialog-body pipeline-mend">
          <TextArea
            label={t('pipeline.message')} hint={t('pipeline.messageHint')} value={text} onChange={setText} maxLength={1_000_000}
            wrong={wrong ? t('pipeline.wrongJSON', { why: wrong }) : undefined}
          />
        </div>
      )}
      {error !== undefined && <ErrorNote error={error} />}
      <div className="dialog-foot">
        <button type="button" className="btn" onClick={onDiscard}>{t('pipeline.discard')}</button>
        <button type="button" className="btn btn-primary" disabled={busy || wrong !== ''} onClick={() => void send()}>
          {busy && <span className="spinner" aria-hidden="true" />}
          {changed ? t('pipeline.mend') : t('pipeline.replay')}
        </button>
      </div>
    </>
  )
}

function notJSON(text: string): string {
  try {
    JSON.parse(text)
    return ''
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason)
  }
}

function Discard({ letter, onClose, onDone }: Props) {
  const { t } = useI18n()
  const voice = useVoice()
  const [why, setWhy] = useState('')
  return (
    <FormDialog
      title={t('pipeline.discardTitle')} lead={t('pipeline.discardLead')} submit={t('pipeline.discard')} danger onClose={onClose}
      valid={() => why.trim().length >= 3}
      onSubmit={async () => {
        await pipeline.discard(letter.topic, letter.id, why.trim())
        voice.done(t('pipeline.gone'))
        onDone()
      }}
    >
      <TextArea label={t('pipeline.discardWhy')} value={why} onChange={setWhy} maxLength={500} />
    </FormDialog>
  )
}
