// Dialogs are the browser's own: it keeps the focus inside, closes on Escape,
// and needs no styles injected into the page.
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useI18n } from '@/lib/i18n'
import { Icon } from './Icon'
import { ErrorNote } from './Notes'

type DialogProps = { title: string; onClose: () => void; wide?: boolean; children: ReactNode }

export function Dialog({ title, onClose, wide, children }: DialogProps) {
  const { t } = useI18n()
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    // Left alone, the browser would put the focus on the button that closes.
    dialog?.querySelector<HTMLElement>('.dialog-body :is(textarea, input, select, button), .dialog-foot [type=submit]')?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
    >
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="btn btn-quiet btn-icon" aria-label={t('form.close')} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </div>
      {children}
    </dialog>
  )
}

type FormDialogProps = DialogProps & {
  lead?: string
  submit: string
  danger?: boolean
  /** Does the work; the dialog closes when it succeeds and shows the error when not. */
  onSubmit: () => Promise<unknown>
  /** Says whether all is filled in; the fields show what is missing. */
  valid?: () => boolean
}

/** A dialog around a form: lead, fields, cancel and submit. */
export function FormDialog({ lead, submit, danger, onSubmit, valid, children, ...rest }: FormDialogProps) {
  const { t } = useI18n()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || (valid && !valid())) return
    setBusy(true)
    setError(undefined)
    try {
      await onSubmit()
      rest.onClose()
    } catch (reason) {
      setError(reason)
      setBusy(false)
    }
  }
  return (
    <Dialog {...rest}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <div className="dialog-body">
          {lead && <p className="muted">{lead}</p>}
          {children}
          {error !== undefined && <ErrorNote error={error} />}
        </div>
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={rest.onClose}>
            {t('form.cancel')}
          </button>
          <button type="submit" className={danger ? 'btn btn-danger-fill' : 'btn btn-primary'} disabled={busy}>
            {busy && <span className="spinner" aria-hidden="true" />}
            {submit}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
