import { useMutation, useQueryClient } from '@tanstack/react-query'
import { rules } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { useCan } from '@/api/session'
import type { ReloadResult } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { Dialog } from '@/ui/Dialog'
import { Icon } from '@/ui/Icon'
import { useVoice } from '@/ui/Toasts'

/** Reads the rules' files again and says what came of it. */
export function Reload() {
  const { t } = useI18n()
  const can = useCan()
  const voice = useVoice()
  const client = useQueryClient()
  const reload = useMutation({
    mutationFn: rules.reload,
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.rules }),
    onError: (error) => voice.failed(error),
  })
  if (!can('rules')) return null
  return (
    <>
      <button type="button" className="btn" disabled={reload.isPending} onClick={() => reload.mutate()}>
        {reload.isPending ? <span className="spinner" aria-hidden="true" /> : <Icon name="clockback" />}
        {t('rules.reload')}
      </button>
      {reload.data && <Outcome result={reload.data} onClose={() => reload.reset()} />}
    </>
  )
}

function Outcome({ result, onClose }: { result: ReloadResult; onClose: () => void }) {
  const { t, many } = useI18n()
  const parts = [
    { name: 'added', text: (n: number) => many('rules.added', n), ids: result.added ?? [] },
    { name: 'changed', text: (n: number) => many('rules.changed', n), ids: result.changed ?? [] },
    { name: 'removed', text: (n: number) => many('rules.removed', n), ids: result.removed ?? [] },
  ]
  const nothing = parts.every((part) => part.ids.length === 0)
  return (
    <Dialog title={t('rules.reloaded')} onClose={onClose}>
      <div className="dialog-body">
        <p>{many('rules.loaded', result.loaded)}</p>
        {result.failed > 0 && (
          <div className="note note-warn">
            <Icon name="warn" />
            <div className="note-body">{many('rules.errorCount', result.failed)}</div>
          </div>
        )}
        {nothing && <p className="muted">{t('rules.unchanged')}</p>}
        {parts.map(
          ({ name, text, ids }) =>
            ids.length > 0 && (
              <details key={name} className="reload-part">
                <summary>{text(ids.length)}</summary>
                <ul className="mono">
                  {ids.map((id) => (
                    <li key={id}>{id}</li>
                  ))}
                </ul>
              </details>
            ),
        )}
      </div>
      <div className="dialog-foot">
        <button type="button" className="btn btn-primary" onClick={onClose}>
          {t('form.close')}
        </button>
      </div>
    </Dialog>
  )
}
