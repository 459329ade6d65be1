// One row, from words that the list has put together: it is drawn again only
// when a word changes.
import { memo } from 'react'
import type { Incident } from '@/api/types'
import { SeverityChip } from '@/ui/Severity'
import type { RowWords } from './words'

type Props = RowWords & {
  id: string
  number: number
  severity: Incident['severity']
  status: Incident['status']
  index: number
  top: number
  height: number
  selected: boolean
  pulse: boolean
  /** Selects the row, or opens it where there is no room for a preview. */
  onClick: (id: string) => void
  onOpen: (id: string) => void
}

export const QueueRow = memo(function QueueRow(row: Props) {
  return (
    <div
      id={`incident-${row.id}`} role="row" aria-rowindex={row.index + 2} aria-selected={row.selected} className="queue-row"
      data-incident={row.id} data-severity={row.severity} data-status={row.status} data-shelved={row.shelved} data-pulse={row.pulse}
      style={{ height: row.height, transform: `translateY(${row.top}px)` }} onClick={() => row.onClick(row.id)} onDoubleClick={() => row.onOpen(row.id)}
    >
      <span role="gridcell" className="q-severity">
        <SeverityChip severity={row.severity} />
      </span>
      <span role="gridcell" className="q-number num">{row.number}</span>
      <span role="gridcell" className="q-what">
        <span className="ellipsis q-title">{row.title}</span>
        {row.exercise && <span className="tag tag-hatch q-tag">{row.exercise}</span>}
        <span className="q-domains muted small">{row.domains}</span>
      </span>
      <span role="gridcell" className="q-where ellipsis" title={row.whereFull}>{row.where}</span>
      <span role="gridcell" className="q-care">
        <span className="ellipsis">{row.care}</span>
        {row.time && <b className="q-time">{row.time}</b>}
      </span>
      <span role="gridcell" className="q-status ellipsis">
        <span className="q-status-word">{row.statusWord}</span>
        {row.who && <span className="muted"> · {row.who}</span>}
      </span>
      <span role="gridcell" className="q-age num">{row.age}</span>
    </div>
  )
})
