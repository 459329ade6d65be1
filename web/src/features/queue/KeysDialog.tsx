import { useI18n, type Key } from '@/lib/i18n'
import { keymap, type Command } from '@/lib/keyboard'
import { Dialog } from '@/ui/Dialog'

const words = {
  next: 'keys.next',
  previous: 'keys.previous',
  open: 'keys.open',
  acknowledge: 'keys.acknowledge',
  escalate: 'keys.escalate',
  shelve: 'keys.shelve',
  dispatch: 'keys.dispatch',
  search: 'keys.search',
  help: 'keys.help',
} as const satisfies Record<Command, Key>

const shown: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Enter: '⏎' }

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <div className="dialog-body">
        <dl className="keys">
          {keymap.map(({ keys, command }) => (
            <div key={command}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key} className="kbd">
                    {shown[key] ?? key.toUpperCase()}
                  </kbd>
                ))}
              </dt>
              <dd>{t(words[command])}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  )
}
