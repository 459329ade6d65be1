// The rows: only those in view are drawn, so ten thousand scroll as ten do.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { Incident } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import { useNarrow } from '@/lib/narrow'
import { QueueRow } from './QueueRow'
import { useRowWords } from './words'

type Props = {
  rows: Incident[]
  selected: string | undefined
  onSelect: (id: string) => void
  onOpen: (id: string) => void
  onEnd: () => void
  hasMore: boolean
}

const ROW = 36
const TALL = 92
const HEAD = 34

export function QueueList({ rows, selected, onSelect, onOpen, onEnd, hasMore }: Props) {
  const { t } = useI18n()
  const scroll = useRef<HTMLDivElement>(null)
  const isNarrow = useNarrow()
  const size = isNarrow ? TALL : ROW
  const fresh = useFresh(rows)
  const words = useRowWords()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => size,
    overscan: 10,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    initialRect: { width: 900, height: 700 },
  })
  const at = rows.findIndex((row) => row.id === selected)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
    // Only when the selection moves, not whenever rows arrive above it.
  }, [selected])
  useEffect(() => virtual.measure(), [size, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (hasMore && last >= rows.length - 10) onEnd()
  }, [hasMore, last, rows.length, onEnd])
  return (
    <div
      ref={scroll} className="queue-scroll" role="grid" tabIndex={0} aria-label={t('queue.list')} aria-rowcount={rows.length + 1} aria-readonly="true"
      aria-activedescendant={items.some((item) => rows[item.index]?.id === selected) ? `incident-${selected}` : undefined}
    >
      <div role="rowgroup" className="queue-heads">
        <div role="row" className="queue-row queue-head" aria-rowindex={1}>
          <span role="columnheader">{t('queue.severity')}</span>
          <span role="columnheader" className="num">{t('queue.number')}</span>
          <span role="columnheader">{t('queue.what')}</span>
          <span role="columnheader" className="q-where">{t('queue.where')}</span>
          <span role="columnheader" className="q-care">{t('queue.next')}</span>
          <span role="columnheader" className="q-status">{t('queue.status')}</span>
          <span role="columnheader" className="num">{t('queue.age')}</span>
        </div>
      </div>
      <div role="rowgroup" className="queue-rows" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const incident = rows[item.index]
          if (!incident) return null
          return (
            <QueueRow
              key={incident.id} id={incident.id} number={incident.number} severity={incident.severity} status={incident.status} {...words(incident)}
              index={item.index} top={item.start - HEAD} height={size} selected={incident.id === selected}
              pulse={fresh.has(incident.id) && incident.severity === 'critical' && incident.status === 'new'}
              onClick={isNarrow ? onOpen : onSelect} onOpen={onOpen}
            />
          )
        })}
      </div>
      {hasMore && <p className="queue-more muted small">{t('queue.loadingMore')}</p>}
    </div>
  )
}

const FRESH = 3000 // ms

/** The ids that came in while one was watching, for a moment. */
function useFresh(rows: Incident[]): Set<string> {
  const seen = useRef<Set<string>>(undefined)
  const [fresh, setFresh] = useState<Set<string>>(new Set())
  useEffect(() => {
    if (!seen.current) {
      seen.current = new Set(rows.map((row) => row.id))
      return
    }
    const arrived = rows.filter((row) => !seen.current?.has(row.id))
    for (const row of arrived) seen.current.add(row.id)
    const recent = arrived.filter((row) => Date.now() - Date.parse(row.opened) < 5 * 60_000)
    if (recent.length === 0) return
    setFresh(new Set(recent.map((row) => row.id)))
    const timer = setTimeout(() => setFresh(new Set()), FRESH)
    return () => clearTimeout(timer)
  }, [rows])
  return fresh
}
