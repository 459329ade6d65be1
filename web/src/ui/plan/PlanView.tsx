// A floor plan with marks: what incidents hit is filled by severity, what is
// predicted is hatched. Every shape that is an asset can be reached by keyboard,
// and buttons zoom and move it; the caller shows a list that says the same.
import { useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import type { Severity } from '@/api/types'
import { useI18n } from '@/lib/i18n'
import type { Box, Drawing, PlanNode } from '@/lib/svg'
import { Icon, type IconName } from '../Icon'
import './plan.css'

export type Mark = {
  /** "unlikely" is predicted too, but so little that it is only outlined. */
  kind: 'hit' | 'predicted' | 'unlikely'
  severity: Severity
  words: string
  short?: string | undefined
}

type Props = {
  drawing: Drawing
  label: string
  marks: Map<string, Mark>
  /** An asset's name and kind, as screen readers say it. */
  describe: (asset: string) => string
  selected?: string | undefined
  onSelect?: ((asset: string) => void) | undefined
}

export function PlanView({ drawing, label, marks, describe, selected, onSelect }: Props) {
  const view = useView(drawing.box)
  const hatch = useId()
  const unit = drawing.box.width / 1000 // so that hatches look alike on small and large drawings
  const context = { marks, describe, selected, onSelect, hatch: `url(#${CSS.escape(hatch)})` }
  return (
    <div className="plan">
      <svg
        className="plan-svg" viewBox={view.box} preserveAspectRatio="xMidYMid meet" role="group" aria-label={label}
        onPointerDown={view.down} onPointerMove={view.move} onPointerUp={view.up} onPointerCancel={view.up}
      >
        <defs>
          <pattern id={hatch} width={unit * 8} height={unit * 8} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width={unit * 2.4} height={unit * 8} className="plan-hatch" />
          </pattern>
        </defs>
        {drawing.nodes.map((node, index) => (
          <Shape key={index} node={node} context={context} />
        ))}
      </svg>
      <PlanControls view={view} />
    </div>
  )
}

type Context = Pick<Props, 'marks' | 'describe' | 'selected' | 'onSelect'> & { hatch: string }

function Shape({ node, context }: { node: PlanNode; context: Context }): ReactNode {
  const Tag = node.tag as 'g'
  if (node.tag === 'title' || node.tag === 'desc') return null
  const children = node.children.map((child, index) => <Shape key={index} node={child} context={context} />)
  const known = node.classes.filter((name) => shapeClasses.has(name)).map((name) => `plan-${name}`)
  const className = known.length > 0 ? known.join(' ') : node.tag === 'text' || node.tag === 'tspan' || node.tag === 'g' ? undefined : 'plan-line'
  if (!node.asset)
    return (
      <Tag {...node.attributes} className={className}>
        {node.text}
        {children}
      </Tag>
    )
  return <AssetShape node={node} asset={node.asset} className={className ?? 'plan-room'} context={context} />
}

const shapeClasses = new Set(['room', 'device', 'door', 'wall', 'outline', 'zone', 'window', 'stairs', 'label', 'site', 'building', 'corridor'])

function AssetShape({ node, asset, className, context }: { node: PlanNode; asset: string; className: string; context: Context }) {
  const Tag = node.tag as 'g'
  const mark = context.marks.get(asset)
  const name = context.describe(asset)
  const select = () => context.onSelect?.(asset)
  const control = {
    role: 'button',
    tabIndex: 0,
    'aria-label': mark ? `${name}. ${mark.words}` : name,
    'aria-pressed': asset === context.selected,
    onClick: select,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      select()
    },
  }
  const state = mark ? `plan-${mark.kind} plan-${mark.severity}` : 'plan-quiet'
  return (
    <g className={`plan-asset ${state}`} data-asset={asset} data-selected={asset === context.selected} {...control}>
      <Tag {...node.attributes} className={className} />
      {mark?.kind === 'predicted' && <Tag {...node.attributes} className="plan-over" style={{ fill: context.hatch }} />}
      {node.text}
      {node.children.map((child, index) => (
        <Shape key={index} node={child} context={context} />
      ))}
      <title>{mark ? `${name}: ${mark.words}` : name}</title>
      {mark?.short && <ShortLabel node={node} words={mark.short} />}
    </g>
  )
}

/** The mark's words in the middle of a rectangle, so that hue and hatch are not alone. */
function ShortLabel({ node, words }: { node: PlanNode; words: string }) {
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(node.attributes[name]))
  if (node.tag !== 'rect' || [x, y, width, height].some((n) => n === undefined || Number.isNaN(n))) return null
  const size = Math.min((height ?? 0) * 0.2, (width ?? 0) / (words.length * 0.62))
  return (
    <text className="plan-words" x={(x ?? 0) + (width ?? 0) / 2} y={(y ?? 0) + (height ?? 0) - size * 0.7} textAnchor="middle" style={{ fontSize: size }}>
      {words}
    </text>
  )
}

type View = {
  box: string
  zoom: (factor: number) => void
  pan: (dx: number, dy: number) => void
  fit: () => void
  down: (event: PointerEvent<SVGSVGElement>) => void
  move: (event: PointerEvent<SVGSVGElement>) => void
  up: () => void
}

const CLOSEST = 12

function useView(whole: Box): View {
  const [view, setView] = useState<Box>()
  const [drag, setDrag] = useState<{ x: number; y: number; from: Box; scale: number }>()
  const shown = view ?? pad(whole)
  const zoom = (factor: number) => {
    const width = Math.min(Math.max(shown.width / factor, whole.width / CLOSEST), whole.width * 1.5)
    const scale = width / shown.width
    const height = shown.height * scale
    setView({ x: shown.x + (shown.width - width) / 2, y: shown.y + (shown.height - height) / 2, width, height })
  }
  return {
    box: `${shown.x} ${shown.y} ${shown.width} ${shown.height}`,
    zoom,
    pan: (dx, dy) => setView({ ...shown, x: shown.x + dx * shown.width, y: shown.y + dy * shown.height }),
    fit: () => setView(undefined),
    down: (event) => {
      if (event.button !== 0) return
      const scale = shown.width / event.currentTarget.getBoundingClientRect().width
      setDrag({ x: event.clientX, y: event.clientY, from: shown, scale })
    },
    move: (event) => {
      if (!drag) return
      const dx = (event.clientX - drag.x) * drag.scale
      const dy = (event.clientY - drag.y) * drag.scale
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4) setView({ ...drag.from, x: drag.from.x - dx, y: drag.from.y - dy })
    },
    up: () => setDrag(undefined),
  }
}

function pad({ x, y, width, height }: Box): Box {
  return { x: x - width * 0.02, y: y - height * 0.02, width: width * 1.04, height: height * 1.04 }
}

function PlanControls({ view }: { view: View }) {
  const { t } = useI18n()
  const buttons: { icon: IconName; label: string; act: () => void }[] = [
    { icon: 'plus', label: t('plans.zoomIn'), act: () => view.zoom(1.5) },
    { icon: 'minus', label: t('plans.zoomOut'), act: () => view.zoom(1 / 1.5) },
    { icon: 'fit', label: t('plans.fit'), act: view.fit },
    { icon: 'left', label: t('plans.panLeft'), act: () => view.pan(-0.2, 0) },
    { icon: 'up', label: t('plans.panUp'), act: () => view.pan(0, -0.2) },
    { icon: 'down', label: t('plans.panDown'), act: () => view.pan(0, 0.2) },
    { icon: 'right', label: t('plans.panRight'), act: () => view.pan(0.2, 0) },
  ]
  return (
    <div className="plan-controls">
      {buttons.map(({ icon, label, act }) => (
        <button key={icon} type="button" className="btn btn-small btn-icon" aria-label={label} title={label} onClick={act}>
          <Icon name={icon} size={14} />
        </button>
      ))}
    </div>
  )
}
