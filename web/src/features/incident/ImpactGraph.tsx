// The predicted impact as a graph. It can be looked at and selected in; the list
// beside it says the same in words.
import { ReactFlow, ReactFlowProvider, Handle, Position, useReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { useAssets } from '@/api/names'
import type { Assessment } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n, type I18n } from '@/lib/i18n'
import { duration } from '@/lib/time'
import { Icon, kindIcon } from '@/ui/Icon'
import { SeverityMark } from '@/ui/Severity'
import { buildGraph, relatives, type Graph, type GraphColumn, type GraphNode } from './graph'
import './graph.css'

type Props = { assessment: Assessment; selected: string | undefined; onSelect: (asset: string | undefined) => void }

const COLUMN = 212
const ROW = 88
const HEAD = 46

type Selection = { selected: string | undefined; related: Set<string>; onSelect: (asset: string | undefined) => void; onMore: () => void }
const SelectionContext = createContext<Selection>({ selected: undefined, related: new Set(), onSelect: () => {}, onMore: () => {} })

type AssetNode = Node<{ node: GraphNode }, 'asset'>
type HeadNode = Node<{ column: GraphColumn; width: number }, 'head'>

const nodeTypes = { asset: AssetBox, head: HeadBox }

export function ImpactGraph(props: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  )
}

function Flow({ assessment, selected, onSelect }: Props) {
  const { t } = useI18n()
  const [all, setAll] = useState(false)
  const graph = useMemo(() => buildGraph(assessment, all), [assessment, all])
  const related = useMemo(() => relatives(assessment, selected), [assessment, selected])
  const nodes = useMemo(() => flowNodes(graph), [graph])
  const edges = useMemo(() => flowEdges(graph, selected, related), [graph, selected, related])
  const flow = useReactFlow()
  const shape = `${graph.nodes.length}/${graph.columns.length}`
  useEffect(() => {
    const timer = setTimeout(() => void flow.fitView({ padding: 0.06, maxZoom: 1.05, minZoom: 0.5 }), 30)
    return () => clearTimeout(timer)
  }, [shape, flow])
  const context = useMemo(() => ({ selected, related, onSelect, onMore: () => setAll(true) }), [selected, related, onSelect])
  return (
    <SelectionContext value={context}>
      <div className="graph" role="group" aria-label={t('impact.graphLabel')} style={{ height: Math.min(Math.max(HEAD + graph.rows * ROW + 70, 300), 620) }}>
        <ReactFlow
          nodes={nodes} edges={edges} nodeTypes={nodeTypes} fitView fitViewOptions={{ padding: 0.06, maxZoom: 1.05, minZoom: 0.5 }} minZoom={0.2} maxZoom={1.8}
          nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false}
          zoomOnScroll={false} preventScrolling={false} proOptions={{ hideAttribution: true }} onPaneClick={() => onSelect(undefined)}
        />
        <div className="graph-controls">
          {(graph.hidden > 0 || all) && (
            <button type="button" className="btn btn-small" aria-pressed={all} onClick={() => setAll(!all)}>
              {all ? t('impact.showKey') : t('impact.showAll', { n: graph.total })}
            </button>
          )}
          <button type="button" className="btn btn-small btn-icon" aria-label={t('plans.zoomIn')} onClick={() => void flow.zoomIn()}>
            <Icon name="plus" size={14} />
          </button>
          <button type="button" className="btn btn-small btn-icon" aria-label={t('plans.zoomOut')} onClick={() => void flow.zoomOut()}>
            <Icon name="minus" size={14} />
          </button>
          <button type="button" className="btn btn-small btn-icon" aria-label={t('plans.fit')} onClick={() => void flow.fitView({ padding: 0.06 })}>
            <Icon name="fit" size={14} />
          </button>
        </div>
      </div>
    </SelectionContext>
  )
}

function flowNodes(graph: Graph): (AssetNode | HeadNode)[] {
  const assets = graph.nodes.map((node): AssetNode => ({ id: node.id, type: 'asset', position: { x: node.column * COLUMN, y: HEAD + node.row * ROW }, data: { node } }))
  const heads = graph.columns.map((column): HeadNode => {
    const width = (column.to - column.from + 1) * COLUMN - 26
    return { id: `head:${column.from}`, type: 'head', position: { x: column.from * COLUMN, y: 0 }, data: { column, width } }
  })
  return [...heads, ...assets]
}

function flowEdges(graph: Graph, selected: string | undefined, related: Set<string>): Edge[] {
  return graph.edges.map((edge) => {
    const on = selected !== undefined && related.has(edge.from) && related.has(edge.to)
    const state = selected === undefined ? '' : on ? ' edge-on' : ' edge-off'
    return { id: edge.id, source: edge.from, target: edge.to, className: `edge${state}`, style: { strokeWidth: 1 + edge.likelihood * 2 }, zIndex: on ? 1 : 0 }
  })
}

function AssetBox({ data: { node } }: NodeProps<AssetNode>) {
  const { t, percent, word } = useI18n()
  const { selected, related, onSelect, onMore } = useContext(SelectionContext)
  const asset = useAssets().asset(node.id)
  if (node.kind === 'more')
    return (
      <button type="button" className="gnode gnode-more nodrag nopan" onClick={onMore}>
        {t('impact.moreHere', { n: node.hidden })}
      </button>
    )
  const dim = selected !== undefined && !related.has(node.id)
  const hit = node.kind === 'start' || node.delay <= 0 || node.verdict === 'confirmed'
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button" className={`gnode gnode-${node.kind} nodrag nopan`} data-asset={node.id} data-hit={hit} data-dim={dim} data-verdict={node.verdict}
        data-severity={node.severity} aria-pressed={selected === node.id} onClick={() => onSelect(selected === node.id ? undefined : node.id)}
      >
        <span className="gnode-icon"><Icon name={kindIcon(asset?.kind)} size={18} /></span>
        <span className="gnode-name">{asset?.name ?? node.id}</span>
        <span className="gnode-about">
          <SeverityMark severity={node.severity} size={11} label={word('severity', node.severity)} />
          <span className="ellipsis">{word('threat', node.threat)}</span>
          {hit ? <Verdict node={node} /> : <span className="nowrap gnode-when"><When at={node.at} /> {percent(node.likelihood)}</span>}
        </span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  )
}

/** To the minute: seconds would only flicker here. */
function When({ at }: { at: string }) {
  const { t } = useI18n()
  const minute = Math.floor(useNow() / 15_000) * 15_000
  if (!at) return null
  return <>{Date.parse(at) <= minute ? t('time.now') : duration(t, (Date.parse(at) - minute) / 1000)} · </>
}

function Verdict({ node }: { node: GraphNode }) {
  const { t } = useI18n()
  return <span className="nowrap gnode-when">{node.verdict === 'confirmed' ? t('impact.confirmed') : t('impact.hit')}</span>
}

function HeadBox({ data: { column, width } }: NodeProps<HeadNode>) {
  const i18n = useI18n()
  return (
    <div className="ghead" style={{ width }}>
      {heading(i18n, column)}
    </div>
  )
}

function heading({ t }: I18n, { within }: GraphColumn): string {
  if (within === 'now') return t('impact.col.now')
  if (within === 'later') return t('impact.col.later')
  if (within === 'care') return t('impact.col.care')
  return t('impact.col.within', { time: duration(t, within) })
}
