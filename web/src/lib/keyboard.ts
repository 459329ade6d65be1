// The keyboard map of the queue. Keys act only where nobody is typing and no
// dialog is open.
import { useEffect, useRef } from 'react'

export type Command = 'next' | 'previous' | 'open' | 'acknowledge' | 'escalate' | 'shelve' | 'dispatch' | 'help' | 'search'

export const keymap: { keys: string[]; command: Command }[] = [
  { keys: ['j', 'ArrowDown'], command: 'next' },
  { keys: ['k', 'ArrowUp'], command: 'previous' },
  { keys: ['Enter'], command: 'open' },
  { keys: ['a'], command: 'acknowledge' },
  { keys: ['e'], command: 'escalate' },
  { keys: ['s'], command: 'shelve' },
  { keys: ['d'], command: 'dispatch' },
  { keys: ['/'], command: 'search' },
  { keys: ['?'], command: 'help' },
]

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target' | 'defaultPrevented'>

/** Which command a key press means, if it means one. */
export function commandFor(press: Press): Command | undefined {
  if (press.defaultPrevented || press.ctrlKey || press.metaKey || press.altKey) return undefined
  if (isTyping(press.target) || document.querySelector('dialog[open]')) return undefined
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  const command = keymap.find((entry) => entry.keys.includes(key))?.command
  return command === 'open' && isControl(press.target) ? undefined : command
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, summary, [role="menuitem"], [role="tab"]') !== null
}

export type Handlers = Partial<Record<Command, () => void>>

/** Runs a handler for each command while the component is shown. */
export function useCommands(handlers: Handlers): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commandFor(event)
      const handler = command && latest.current[command]
      if (!handler) return
      event.preventDefault()
      handler()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
