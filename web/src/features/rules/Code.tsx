import { useI18n } from '@/lib/i18n'
import { Icon } from '@/ui/Icon'
import { useVoice } from '@/ui/Toasts'

/** Text to read and to copy, as it stands in the file. */
export function Code({ text, label }: { text: string; label: string }) {
  const { t } = useI18n()
  const voice = useVoice()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      voice.done(t('settings.copied'))
    } catch {
      voice.failed(t('rules.noClipboard')) // a page without TLS has no clipboard
    }
  }
  return (
    <div className="code">
      <pre className="raw code-text" tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <button type="button" className="btn btn-small code-copy" onClick={() => void copy()}>
        <Icon name="copy" size={14} /> {t('settings.copy')}
      </button>
    </div>
  )
}
