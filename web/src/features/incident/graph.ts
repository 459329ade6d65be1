// From an assessment to a picture: nodes in columns by the time at which harm
// arrives, care services in the last one, edges along the paths that explain it.
import type { Assessment, Impact, ServiceImpact, Severity, Step, Verdict } from '@/api/types'
import { rank } from '@/lib/severity'

export type GraphNode = {
  id: string // asset id, or "more:<column>"
  kind: 'start' | 'asset' | 'service' | 'more'
  threat: string
  at: string
  delay: number
  likelihood: number
  severity: Severity
  verdict: Verdict
  column: number
  row: number
  hidden: number // for "more": how many it stands for
}

export type GraphEdge = { id: string; from: string; to: string; likelihood: number }
export type GraphColumn = { from: number; to: number; within: number | 'now' | 'later' | 'care' }
export type Graph = { nodes: GraphNode[]; edges: GraphEdge[]; columns: GraphColumn[]; rows: number; total: number; hidden: number }

const MINUTE = 60
/** Upper ends of the time columns, in seconds. */
const limits = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 4 * 60 * MINUTE]
/** From how many assets on only those that matter for care are drawn at first. */
export const CROWDED = 24
/** So many further columns a chain within one span of time may take. */
const DEEPEST = 3

export function buildGraph(assessment: Assessment, showAll: boolean): Graph {
  const nodes = collect(assessment)
  const edges = collectEdges(assessment, nodes)
  const key = showAll || nodes.size <= CROWDED ? new Set(nodes.keys()) : essential(assessment, nodes)
  const shown = [...nodes.values()].filter((node) => key.has(node.id))
  const kept = edges.filter((edge) => key.has(edge.from) && key.has(edge.to))
  const columns = placeColumns(shown, kept)
  const column = new Map(shown.map((node) => [node.id, node.column]))
  // What is hit already may explain one another in circles: only what leads on is drawn.
  const onward = kept.filter((edge) => (column.get(edge.from) ?? 0) < (column.get(edge.to) ?? 0))
  const more = standIns([...nodes.values()].filter((node) => !key.has(node.id)), shown, columns)
  placeRows([...shown, ...more], onward)
  const all = [...shown, ...more]
  return { nodes: all, edges: onward, columns, rows: Math.max(1, ...all.map((node) => node.row + 1)), total: nodes.size, hidden: nodes.size - shown.length }
}

function collect({ impacts, services, starts }: Assessment): Map<string, GraphNode> {
  const nodes = new Map<string, GraphNode>()
  const begun = new Set(starts?.map((start) => start.asset))
  for (const impact of impacts) put(nodes, impactNode(impact, begun.has(impact.asset) || impact.path.length === 0))
  for (const service of services) put(nodes, serviceNode(service))
  return nodes
}

function put(nodes: Map<string, GraphNode>, node: GraphNode): void {
  const old = nodes.get(node.id)
  if (!old) nodes.set(node.id, node)
  else if (node.kind === 'service' && old.kind !== 'service') nodes.set(node.id, { ...node, verdict: old.verdict || node.verdict })
  else if (old.kind === node.kind && (node.delay < old.delay || (node.delay === old.delay && rank(node.severity) > rank(old.severity)))) nodes.set(node.id, node)
}

const blank = { column: 0, row: 0, hidden: 0 }

function impactNode(impact: Impact, start: boolean): GraphNode {
  return {
    ...blank, id: impact.asset, kind: start ? 'start' : 'asset', threat: impact.threat, at: impact.arrives_at ?? '', delay: impact.delay_s,
    likelihood: impact.likelihood, severity: impact.severity, verdict: impact.verdict ?? '',
  }
}

function serviceNode(service: ServiceImpact): GraphNode {
  return {
    ...blank, id: service.service, kind: 'service', threat: service.state, at: service.harm_at, delay: service.time_to_harm_s,
    likelihood: service.likelihood, severity: service.severity, verdict: '',
  }
}

function allPaths({ impacts, services }: Assessment): Step[][] {
  return [...impacts.map((impact) => impact.path), ...services.map((service) => service.path)]
}

function collectEdges(assessment: Assessment, nodes: Map<string, GraphNode>): GraphEdge[] {
  const edges = new Map<string, GraphEdge>()
  for (const step of allPaths(assessment).flat()) {
    if (step.from === step.to || !nodes.has(step.from) || !nodes.has(step.to)) continue
    const id = `${step.from}>${step.to}`
    const old = edges.get(id)
    if (!old || old.likelihood < step.likelihood) edges.set(id, { id, from: step.from, to: step.to, likelihood: step.likelihood })
  }
  return [...edges.values()]
}

/** Starts, care services, what lies on the way between them, and what people judged. */
function essential({ services }: Assessment, nodes: Map<string, GraphNode>): Set<string> {
  const key = new Set<string>()
  for (const node of nodes.values()) if (node.kind !== 'asset' || node.verdict !== '') key.add(node.id)
  for (const step of services.flatMap((service) => service.path)) {
    if (nodes.has(step.from)) key.add(step.from)
    if (nodes.has(step.to)) key.add(step.to)
  }
  return key
}

function bucket(node: GraphNode): number {
  if (node.kind === 'service') return limits.length + 2
  if (node.kind === 'start' || node.delay <= 0) return 0
  const at = limits.findIndex((limit) => node.delay <= limit)
  return at < 0 ? limits.length + 1 : at + 1
}

/** Columns by time; within one span of time a further column for each link of a chain, so that edges run to the right. */
function placeColumns(nodes: GraphNode[], edges: GraphEdge[]): GraphColumn[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const depth = new Map<string, number>()
  const sorted = [...nodes].sort((a, b) => bucket(a) - bucket(b) || a.delay - b.delay)
  const order = new Map(sorted.map((node, index) => [node.id, index]))
  for (const node of sorted) {
    const before = edges.filter((edge) => edge.to === node.id && (order.get(edge.from) ?? 0) < (order.get(node.id) ?? 0)).map((edge) => byId.get(edge.from))
    const depths = before.filter((from) => from && bucket(from) === bucket(node)).map((from) => (depth.get(from?.id ?? '') ?? 0) + 1)
    depth.set(node.id, Math.min(Math.max(0, ...depths), DEEPEST))
  }
  const codes = [...new Set(nodes.map((node) => bucket(node) * 10 + (depth.get(node.id) ?? 0)))].sort((a, b) => a - b)
  for (const node of nodes) node.column = codes.indexOf(bucket(node) * 10 + (depth.get(node.id) ?? 0))
  return headings(codes)
}

function headings(codes: number[]): GraphColumn[] {
  const columns: GraphColumn[] = []
  codes.forEach((code, index) => {
    const at = Math.floor(code / 10)
    const within = at === 0 ? 'now' : at === limits.length + 2 ? 'care' : (limits[at - 1] ?? 'later')
    const last = columns.at(-1)
    if (last && last.within === within) last.to = index
    else columns.push({ from: index, to: index, within })
  })
  return columns
}

/** One node for each column that stands for what is not drawn. */
function standIns(hidden: GraphNode[], shown: GraphNode[], columns: GraphColumn[]): GraphNode[] {
  const counts = new Map<number, GraphNode[]>()
  for (const node of hidden) {
    const at = bucket(node)
    const within = at === 0 ? 'now' : (limits[at - 1] ?? 'later')
    const column = columns.find((c) => c.within === within)?.from ?? columns.findLast((c) => c.within !== 'care')?.to ?? 0
    counts.set(column, [...(counts.get(column) ?? []), node])
  }
  const sample = shown[0]
  if (!sample) return []
  return [...counts].map(([column, nodes]) => ({
    ...sample, id: `more:${column}`, kind: 'more', delay: Number.MAX_SAFE_INTEGER, likelihood: 0, verdict: '', column, row: 0, hidden: nodes.length,
  }))
}

/** Rows by the middle of what leads to each node, from left to right. */
function placeRows(nodes: GraphNode[], edges: GraphEdge[]): void {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const columns = Math.max(0, ...nodes.map((node) => node.column + 1))
  for (let column = 0; column < columns; column++) {
    const here = nodes.filter((node) => node.column === column)
    const wish = new Map(here.map((node) => [node.id, middle(node, edges, byId)]))
    here.sort((a, b) => Number(a.kind === 'more') - Number(b.kind === 'more') || (wish.get(a.id) ?? 0) - (wish.get(b.id) ?? 0) || a.delay - b.delay || rank(b.severity) - rank(a.severity))
    here.forEach((node, index) => (node.row = index))
  }
  const tallest = Math.max(1, ...nodes.map((node) => node.row + 1))
  for (let column = 0; column < columns; column++) {
    const here = nodes.filter((node) => node.column === column)
    const shift = (tallest - here.length) / 2
    for (const node of here) node.row += shift
  }
}

function middle(node: GraphNode, edges: GraphEdge[], byId: Map<string, GraphNode>): number {
  const rows = edges.filter((edge) => edge.to === node.id).map((edge) => byId.get(edge.from)?.row ?? 0)
  return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length
}

/** Everything on the way to and from a node, for highlighting. */
export function relatives(assessment: Assessment, asset: string | undefined): Set<string> {
  const related = new Set<string>()
  if (!asset) return related
  for (const path of allPaths(assessment)) {
    const ids = path.length > 0 ? [path[0]?.from ?? '', ...path.map((step) => step.to)] : []
    if (ids.at(-1) === asset) for (const id of ids) related.add(id)
    const at = ids.indexOf(asset)
    if (at >= 0) for (const id of ids.slice(at)) related.add(id)
  }
  related.add(asset)
  return related
}
