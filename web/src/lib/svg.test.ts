import { describe, expect, it } from 'vitest'
import { readPlan, type PlanNode } from './svg'

const svg = (inside: string, attributes = 'viewBox="0 0 100 50"') => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`

function everything(nodes: PlanNode[]): PlanNode[] {
  return nodes.flatMap((node) => [node, ...everything(node.children)])
}

describe('floor plan reader', () => {
  it('keeps geometry, classes, assets and labels', () => {
    const plan = readPlan(svg('<g><rect class="room" data-asset="a-r-1" x="1" y="2" width="3" height="4"/><text x="1" y="2" font-size="8">Pharmacy</text></g>'))
    expect(plan.box).toEqual({ x: 0, y: 0, width: 100, height: 50 })
    expect(plan.assets).toEqual(['a-r-1'])
    const [rect, text] = plan.nodes[0]?.children ?? []
    expect(rect).toMatchObject({ tag: 'rect', classes: ['room'], asset: 'a-r-1', attributes: { x: '1', y: '2', width: '3', height: '4' } })
    expect(text).toMatchObject({ tag: 'text', text: 'Pharmacy', attributes: { fontSize: '8' } })
  })

  it.each([
    '<script>alert(1)</script>',
    '<style>* { fill: red }</style>',
    '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">x</div></foreignObject>',
    '<image href="https://elsewhere.example/x.png"/>',
    '<use xlink:href="#x"/>',
    '<a href="javascript:alert(1)"><rect/></a>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<iframe xmlns="http://www.w3.org/1999/xhtml" src="x"/>',
  ])('drops %s', (evil) => expect(readPlan(svg(evil)).nodes).toEqual([]))

  it('drops handlers, styles, references and strange values', () => {
    const plan = readPlan(
      svg('<rect onclick="alert(1)" style="fill:url(https://elsewhere.example)" fill="url(#x)" href="x" id="root" class="room ../x &lt;b&gt;" x="1&quot;&gt;" width="5"/>'),
    )
    expect(plan.nodes[0]?.attributes).toEqual({ width: '5' })
    expect(plan.nodes[0]?.classes).toEqual(['room'])
  })

  it('keeps no attribute that could run or load anything, whatever the element', () => {
    const plan = readPlan(svg('<g onload="x"><path d="M0 0" onmouseover="x" xlink:href="y"><title onclick="x">t</title></path></g>'))
    for (const node of everything(plan.nodes)) expect(Object.keys(node.attributes).filter((name) => /^on|href|style/i.test(name))).toEqual([])
  })

  it('falls back to width and height without a viewBox', () => {
    expect(readPlan(svg('', 'width="300" height="200"')).box).toEqual({ x: 0, y: 0, width: 300, height: 200 })
  })

  it.each(['', 'not xml', '<html></html>', '<svg'])('refuses %j', (text) => expect(() => readPlan(text)).toThrow('not an SVG'))
})
