// Events over time. Dragging over the bars chooses a range; the buttons beside
// the chart and the fields do the same without a mouse.
import { BarChart } from 'echarts/charts'
import { BrushComponent, GridComponent, ToolboxComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { Histogram as Data } from '@/api/types'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'

use([BarChart, GridComponent, TooltipComponent, BrushComponent, ToolboxComponent, CanvasRenderer])

type Props = { data: Data; onRange: (from: string, to: string) => void }
type Brushed = { batch?: { areas?: { coordRange?: [number, number] }[] }[] }

/** Blues and greys of even lightness: categories are no severities. */
const palette = ['#7f9cc4', '#a9b4c0', '#8fb8b0', '#b39ec7', '#c4b187', '#90a37f', '#c79a9a', '#7aaac0', '#9a9fd0', '#b0b0b0']

export function Histogram({ data, onRange }: Props) {
  const { word, number } = useI18n()
  const format = useFormat()
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const range = useRef(onRange)
  range.current = onRange
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = init(element, undefined, { renderer: 'canvas' })
    chart.current = made
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])
  useEffect(() => {
    const made = chart.current
    if (!made) return
    const css = getComputedStyle(document.documentElement)
    const color = (name: string) => css.getPropertyValue(name).trim()
    const starts = data.counts.map((bucket) => Date.parse(bucket.t))
    const totals = new Map<string, number>()
    for (const bucket of data.counts) for (const [name, n] of Object.entries(bucket.by_category)) totals.set(name, (totals.get(name) ?? 0) + n)
    const names = [...totals.entries()].sort((a, b) => b[1] - a[1]).map(([name]) => name)
    const long = data.bucket_s * data.counts.length > 90_000
    made.setOption(
      {
        animation: false,
        textStyle: { fontFamily: 'Inter, sans-serif', color: color('--text-2') },
        grid: { left: 44, right: 8, top: 10, bottom: 24 },
        // Rich text, not HTML: markup with style attributes is refused by the content security policy.
        tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: color('--raised'), borderColor: color('--line-strong'), textStyle: { color: color('--text'), fontSize: 12 }, order: 'valueDesc' },
        xAxis: {
          type: 'category', data: starts.map((at) => (long ? format.moment(at, 0) : format.clock(at))), axisTick: { show: false },
          axisLine: { lineStyle: { color: color('--line-strong') } }, axisLabel: { color: color('--text-2'), fontSize: 12, hideOverlap: true },
        },
        yAxis: { type: 'value', minInterval: 1, splitNumber: 3, splitLine: { lineStyle: { color: color('--line') } }, axisLabel: { color: color('--text-2'), fontSize: 12, formatter: (n: number) => number(n) } },
        brush: { xAxisIndex: 0, brushType: 'lineX', brushMode: 'single', throttleType: 'debounce', throttleDelay: 200, brushStyle: { color: 'rgba(150,165,255,0.22)', borderColor: color('--accent') }, outOfBrush: { colorAlpha: 0.35 } },
        toolbox: { show: false },
        series: names.map((name, index) => ({
          name: word('category', name), type: 'bar', stack: 'all', barCategoryGap: '12%', itemStyle: { color: palette[index % palette.length] },
          data: data.counts.map((bucket) => bucket.by_category[name] ?? 0),
        })),
      },
      { notMerge: true },
    )
    made.dispatchAction({ type: 'takeGlobalCursor', key: 'brush', brushOption: { brushType: 'lineX', brushMode: 'single' } })
    const choose = (event: unknown) => {
      const area = (event as Brushed).batch?.[0]?.areas?.[0]?.coordRange ?? (event as { areas?: { coordRange?: [number, number] }[] }).areas?.[0]?.coordRange
      if (!area) return
      const from = starts[Math.max(0, Math.min(...area))]
      const last = starts[Math.min(starts.length - 1, Math.max(...area))]
      if (from !== undefined && last !== undefined) range.current(new Date(from).toISOString(), new Date(last + data.bucket_s * 1000).toISOString())
    }
    made.on('brushEnd', choose)
    return () => void made.off('brushEnd', choose)
  }, [data, format, number, word])
  return <div ref={place} className="histogram-canvas" aria-hidden="true" />
}
