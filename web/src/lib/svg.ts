// Reads a floor plan's SVG into a plain tree of allowed elements and attributes.
// Nothing of the file reaches the page as markup: React draws the tree, colours
// come from the theme, and scripts, styles, links and references are left behind.

export type PlanNode = {
  tag: string
  attributes: Record<string, string>
  classes: string[]
  asset: string | undefined
  text: string
  children: PlanNode[]
}

export type Box = { x: number; y: number; width: number; height: number }
export type Drawing = { box: Box; nodes: PlanNode[]; assets: string[] }

const elements = new Set([
  'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text', 'tspan', 'title', 'desc',
])

// From the attribute in the file to the property that React sets.
const attributes: Record<string, string> = {
  d: 'd', x: 'x', y: 'y', x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', cx: 'cx', cy: 'cy', r: 'r', rx: 'rx', ry: 'ry',
  dx: 'dx', dy: 'dy', width: 'width', height: 'height', points: 'points', transform: 'transform',
  'text-anchor': 'textAnchor', 'dominant-baseline': 'dominantBaseline', 'font-size': 'fontSize',
}

const safeValue = /^[\w\s.,()+\-#%]*$/
const safeClass = /^[A-Za-z][\w-]*$/
const MAX_NODES = 20_000

/** Parses and reduces a drawing; throws when it is no SVG. */
export function readPlan(source: string): Drawing {
  const document = new DOMParser().parseFromString(source, 'image/svg+xml')
  const root = document.documentElement
  if (root.localName !== 'svg' || document.querySelector('parsererror')) throw new Error('not an SVG drawing')
  const assets = new Set<string>()
  const budget = { left: MAX_NODES }
  return { box: boxOf(root), nodes: childrenOf(root, assets, budget), assets: [...assets] }
}

function boxOf(root: Element): Box {
  const numbers = (root.getAttribute('viewBox') ?? '').trim().split(/[\s,]+/).map(Number)
  const [x = 0, y = 0, width = 0, height = 0] = numbers
  if (numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0) return { x, y, width, height }
  return {
    x: 0,
    y: 0,
    width: Number.parseFloat(root.getAttribute('width') ?? '') || 1000,
    height: Number.parseFloat(root.getAttribute('height') ?? '') || 1000,
  }
}

function childrenOf(element: Element, assets: Set<string>, budget: { left: number }): PlanNode[] {
  const nodes: PlanNode[] = []
  for (const child of element.children) {
    if (!elements.has(child.localName) || budget.left-- <= 0) continue
    nodes.push(nodeOf(child, assets, budget))
  }
  return nodes
}

function nodeOf(element: Element, assets: Set<string>, budget: { left: number }): PlanNode {
  const asset = element.getAttribute('data-asset') ?? undefined
  if (asset) assets.add(asset)
  return {
    tag: element.localName,
    attributes: attributesOf(element),
    classes: (element.getAttribute('class') ?? '').split(/\s+/).filter((name) => safeClass.test(name)),
    asset,
    text: ownText(element),
    children: childrenOf(element, assets, budget),
  }
}

function attributesOf(element: Element): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const { name, value } of element.attributes) {
    const property = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    if (property && safeValue.test(value)) kept[property] = value
  }
  return kept
}

function ownText(element: Element): string {
  if (!/^(text|tspan|title|desc)$/.test(element.localName)) return ''
  let words = ''
  for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) words += node.textContent ?? ''
  return words.trim()
}
