// A table of any length: only the rows in view are drawn. Rows that open
// something are reached with Tab and opened with Enter through their first link;
// where one row is selected, keys of the page move the selection.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useI18n } from '@/lib/i18n'
import { Icon } from './Icon'

export type Column<T> = { id: string; head: string; width: string; num?: boolean; /** A narrow column of buttons: its head is there for screen readers only. */ narrow?: boolean; /** What the table is sorted by when the head is pressed. */ sort?: string; cell: (row: T) => ReactNode }

export type Sorting = { by: string; descending: boolean; onSort: (by: string) => void }

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
  /** The key of the selected row, which is kept in view; '' when there is none yet. */
  selected?: string
  sorting?: Sorting
}

const HEAD = 34

export function VirtualTable<T>({ label, rows, columns, rowKey, onOpen, rowHeight = 36, minWidth = 860, onEnd, selected, sorting }: Props<T>) {
  const scroll = useRef<HTMLDivElement>(null)
  const id = useId()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    initialRect: { width: 1000, height: 700 },
  })
  useEffect(() => virtual.measure(), [rowHeight, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 5) onEnd()
  }, [last, rows.length, onEnd])
  const chosen = selected ? rows.findIndex((row) => rowKey(row) === selected) : -1
  useEffect(() => {
    if (chosen >= 0) virtual.scrollToIndex(chosen)
    // Only when the selection moves, not whenever rows arrive above it.
  }, [selected])
  const template = { gridTemplateColumns: columns.map((column) => column.width).join(' ') }
  // A selection makes it a grid: the focus stays on it, and the row is named as the active one.
  const grid = selected !== undefined
  const rowCount = rows.length + 1
  const outer = grid ? { role: 'grid', 'aria-rowcount': rowCount, 'aria-readonly': true, 'aria-activedescendant': items.some((item) => item.index === chosen) ? `${id}-${chosen}` : undefined } : { role: 'region' }
  const inner = grid ? { role: 'presentation' } : { role: 'table', 'aria-label': label, 'aria-rowcount': rowCount }
  return (
    <div className="table-scroll" ref={scroll} tabIndex={0} aria-label={label} {...outer}>
      <div className="vtable" {...inner} style={{ height: virtual.getTotalSize() + HEAD, minWidth }}>
        <div role="rowgroup">
          <div className="vhead" role="row" aria-rowindex={1} style={template}>
            {columns.map((column) => (
              <Head key={column.id} column={column} sorting={sorting} />
            ))}
          </div>
        </div>
        <div role="rowgroup">
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <div
                key={rowKey(row)} id={`${id}-${item.index}`} role="row" className="vrow" aria-rowindex={item.index + 2} data-link={onOpen !== undefined}
                aria-selected={grid ? item.index === chosen : undefined} style={{ ...template, height: rowHeight, transform: `translateY(${item.start}px)` }}
                onClick={onOpen && (() => onOpen(row))}
              >
                {columns.map((column) => (
                  <div key={column.id} role={grid ? 'gridcell' : 'cell'} className={column.num ? 'num' : undefined}>
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

function Head<T>({ column, sorting }: { column: Column<T>; sorting: Sorting | undefined }) {
  const { t } = useI18n()
  const by = column.sort
  const on = by !== undefined && by === sorting?.by
  const sorted = !on ? undefined : sorting.descending ? 'descending' : 'ascending'
  return (
    <div role="columnheader" className={column.num ? 'num' : undefined} aria-sort={sorted}>
      {by && sorting ? (
        <button type="button" className="vsort" title={t('sort.by', { column: column.head })} onClick={() => sorting.onSort(by)}>
          {column.head}
          {on && <Icon name={sorting.descending ? 'down' : 'up'} size={12} />}
        </button>
      ) : (
        <span className={column.narrow ? 'visually-hidden' : undefined}>{column.head}</span>
      )}
    </div>
  )
}
