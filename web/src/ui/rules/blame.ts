// Which selections decide that a condition is not met.
import type { Condition } from '@/api/types'

export type Blame = { name: string; met: boolean }

/** The leaves that keep the condition from being as wanted; empty when it is. */
export function blame(node: Condition, wanted = true): Blame[] {
  if (node.met === wanted) return []
  const children = node.of ?? []
  if (children.length === 0) return [{ name: node.text, met: node.met }]
  const found = children.flatMap((child) => blame(child, node.op === 'not' ? !wanted : wanted))
  return found.filter((leaf, index) => found.findIndex((other) => other.name === leaf.name) === index)
}
