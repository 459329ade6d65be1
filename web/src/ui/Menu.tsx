import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon'

export type MenuEntry = { label: string; icon: IconName; onSelect: () => void }

/** A button with a menu. It is not modal: a modal one would inject styles, which the content security policy forbids. */
export function Menu({ trigger, entries, header }: { trigger: ReactNode; entries: MenuEntry[]; header?: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
          {header && <div className="menu-label">{header}</div>}
          {entries.map((entry) => (
            <DropdownMenu.Item key={entry.label} className="menu-item" onSelect={entry.onSelect}>
              <Icon name={entry.icon} />
              {entry.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
