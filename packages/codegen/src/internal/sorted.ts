/** Objects with their members in order of name, at any depth; lists stay as they are. */
import { isObject } from "./json.ts"

export const sorted = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(sorted)
  if (!isObject(node)) return node
  const entries = Object.entries(node).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([member, value]) => [member, sorted(value)]))
}
