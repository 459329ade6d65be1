import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { pipeline } from '@/api/endpoints'
import { keys } from '@/api/keys'
import type { DeadLetter } from '@/api/types'
import { useRelative } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { Empty, ErrorNote } from '@/ui/Notes'
import { useVoice } from '@/ui/Toasts'
import { LetterDialog } from './LetterDialog'
import { family } from './words'

/** What was set aside, newest first, over all topics. */
export function Letters({ topics }: { topics: string[] }) {
  const { t, many } = useI18n()
  const voice = useVoice()
  const client = useQueryClient()
  const [open, setOpen] = useState<DeadLetter>()
  const lists = useQueries({ queries: topics.map((name) => ({ queryKey: keys.letters(name), queryFn: () => pipeline.letters(name) })) })
  const renew = () => void client.invalidateQueries({ queryKey: keys.pipeline })
  const all = useMutation({
    mutationFn: async () => {
      let sent = 0
      for (const name of topics) sent += (await pipeline.replayAll(name)).replayed
      return sent
    },
    onSuccess: (sent) => voice.done(many('pipeline.replayed', sent)),
    onError: (error) => voice.failed(error),
    onSettled: renew,
  })
  const letters = lists.flatMap((list) => list.data?.items ?? []).sort((a, b) => b.buried.localeCompare(a.buried))
  const failed = lists.find((list) => list.error)?.error
  if (failed) return <ErrorNote error={failed} />
  if (letters.length === 0) return <Empty icon="check" text={t('pipeline.noLetters')} />
  return (
    <>
      <div className="pipeline-acts">
        <button type="button" className="btn" disabled={all.isPending} onClick={() => all.mutate()}>
          {all.isPending ? <span className="spinner" aria-hidden="true" /> : <Icon name="clockback" />} {t('pipeline.replayAll')}
        </button>
      </div>
      <Table letters={letters} onOpen={setOpen} />
      {open && <LetterDialog letter={open} onClose={() => setOpen(undefined)} onDone={renew} />}
    </>
  )
}

function Table({ letters, onOpen }: { letters: DeadLetter[]; onOpen: (letter: DeadLetter) => void }) {
  const { t, word } = useI18n()
  const relative = useRelative()
  return (
    <div className="pipeline-scroll" tabIndex={0} role="group" aria-label={t('pipeline.letters')}>
      <table className="pipeline-table">
        <thead>
          <tr>
            <th scope="col">{t('pipeline.when')}</th>
            <th scope="col">{t('pipeline.where')}</th>
            <th scope="col">{t('pipeline.reason')}</th>
            <th scope="col"><span className="visually-hidden">{t('pipeline.open')}</span></th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={`${letter.topic}/${letter.id}`}>
              <td>{relative(letter.buried)}</td>
              <td>{word('topic', family(letter.topic))} · {word('worker', letter.consumer)}</td>
              <td className="pipeline-reason">{letter.reason}</td>
              <td className="num">
                <button type="button" className="btn btn-small" onClick={() => onOpen(letter)}>{t('pipeline.open')}</button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
