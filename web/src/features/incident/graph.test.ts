import { describe, expect, it } from 'vitest'
import type { Assessment, Impact, Step } from '@/api/types'
import { buildGraph, CROWDED, relatives } from './graph'

const link = (from: string, to: string): Step => ({
  from, to, from_threat: 'fire', to_threat: 'fire', rule: 'r', relation: 'leads-to', likelihood: 0.5, delay_s: 60, why: { code: 'x' },
})
const impact = (asset: string, minutes: number, path: Step[], more: Partial<Impact> = {}): Impact => ({
  asset, threat: 'fire', likelihood: 0.5, delay_s: minutes * 60, severity: 'high', path, arrives_at: '2026-11-22T09:00:00Z', ...more,
})
const assessment = (more: Partial<Assessment>): Assessment => ({
  incident: 'in-1', incident_version: 1, model: 'm', computed: '2026-11-22T09:00:00Z', took_ms: 1, impacts: [], services: [], barriers: [], not_modelled: [], ...more,
})

const ab = link('a', 'b')
const bc = link('b', 'c')
const chain = assessment({
  impacts: [impact('a', 0, []), impact('b', 3, [ab]), impact('c', 4, [ab, bc]), impact('d', 90, [link('a', 'd')])],
  services: [{ service: 's', state: 'lost', likelihood: 0.5, time_to_harm_s: 300, harm_at: '', severity: 'critical', path: [ab, bc, link('c', 's')] }],
})

describe('impact graph', () => {
  const graph = buildGraph(chain, false)
  const column = (id: string) => graph.nodes.find((node) => node.id === id)?.column ?? -1

  it('runs from left to right in time, with care services at the right', () => {
    for (const edge of graph.edges) expect(column(edge.from)).toBeLessThan(column(edge.to))
    expect(column('a')).toBe(0)
    expect(column('s')).toBe(Math.max(...graph.nodes.map((node) => node.column)))
    expect(column('d')).toBeGreaterThan(column('c'))
  })

  it('draws no circles among what is hit already', () => {
    const circle = assessment({ impacts: [impact('a', 0, []), impact('b', 0, [ab]), impact('c', 0, [ab, bc]), impact('a', 0, [ab, bc, link('c', 'a')])] })
    expect(buildGraph(circle, false).edges.map((edge) => edge.id)).toEqual(['a>b', 'b>c'])
  })

  it('heads its columns by time', () => {
    expect(graph.columns.map((c) => c.within)).toEqual(['now', 300, 14_400, 'care'])
  })

  it('has every asset once and every link once', () => {
    expect(graph.nodes.map((node) => node.id).sort()).toEqual(['a', 'b', 'c', 'd', 's'])
    expect(graph.edges.map((edge) => edge.id).sort()).toEqual(['a>b', 'a>d', 'b>c', 'c>s'])
  })

  it('gives no two nodes one place', () => {
    const places = graph.nodes.map((node) => `${node.column}/${node.row}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it('folds what leads to no care service when there is much, and unfolds it', () => {
    const many = Array.from({ length: CROWDED + 10 }, (_, i) => impact(`x${i}`, 20, [link('a', `x${i}`)]))
    const crowded = { ...chain, impacts: [...chain.impacts, ...many] }
    const folded = buildGraph(crowded, false)
    expect(folded.nodes.filter((node) => node.kind === 'more').reduce((sum, node) => sum + node.hidden, 0)).toBe(folded.hidden)
    expect(folded.nodes.length).toBeLessThan(12)
    expect(buildGraph(crowded, true).nodes).toHaveLength(chain.impacts.length + many.length + 1)
  })

  it('keeps what people judged', () => {
    const many = Array.from({ length: CROWDED + 10 }, (_, i) => impact(`x${i}`, 20, [link('a', `x${i}`)], i === 3 ? { verdict: 'confirmed' } : {}))
    expect(buildGraph({ ...chain, impacts: [...chain.impacts, ...many] }, false).nodes.some((node) => node.id === 'x3')).toBe(true)
  })

  it('knows what is on the way to and from an asset', () => {
    expect([...relatives(chain, 'b')].sort()).toEqual(['a', 'b', 'c', 's'])
    expect(relatives(chain, undefined).size).toBe(0)
  })
})
