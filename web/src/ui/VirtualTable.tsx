// A table of any length: only the rows in view are drawn. Rows that open
// something are reached with Tab and opened with Enter through their first link.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type ReactNode } from 'react'

export type Column<T> = { id: string; head: string; width: string; num?: boolean; cell: (row: T) => ReactNode }

type Props<T> = {
  label: string
  rows: T[]
  columns: Column<T>[]
  rowKey: (row: T) => string
  onOpen?: (row: T) => void
  rowHeight?: number
  /** Below this width the table scrolls sideways, in pixels. */
  minWidth?: number
  /** Called when the end comes into view. */
  onEnd?: () => void
}

export function VirtualTable<T>({ label, rows, columns, rowKey, onOpen, rowHeight = 36, minWidth = 860, onEnd }: Props<T>) {
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: 34,
    initialRect: { width: 1000, height: 700 },
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 5) onEnd()
  }, [last, rows.length, onEnd])
  const template = { gridTemplateColumns: columns.map((column) => column.width).join(' ') }
  return (
    <div className="table-scroll" ref={scroll} tabIndex={0} role="region" aria-label={label}>
      <div className="vtable" role="table" aria-label={label} aria-rowcount={rows.length + 1} style={{ height: virtual.getTotalSize() + 34, minWidth }}>
        <div role="rowgroup">
          <div className="vhead" role="row" aria-rowindex={1} style={template}>
            {columns.map((column) => (
              <div key={column.id} role="columnheader" className={column.num ? 'num' : undefined}>
                {column.head}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup">
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <div
                key={rowKey(row)} role="row" className="vrow" aria-rowindex={item.index + 2} data-link={onOpen !== undefined}
                style={{ ...template, height: rowHeight, transform: `translateY(${item.start}px)` }}
                onClick={onOpen && (() => onOpen(row))}
              >
                {columns.map((column) => (
                  <div key={column.id} role="cell" className={column.num ? 'num' : undefined}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
