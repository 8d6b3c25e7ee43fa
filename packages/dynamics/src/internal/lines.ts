/**
 * Lines of documents. A line of an order carries our key in a field of its own; a line of a free text invoice is named by
 * its number, and matched by its place. Lines are a set: those that left it are removed, those that came are added, and
 * of those that stay only what differs is sent.
 *
 * The service fills what a line leaves out: description, unit and price from the item. `null` for one of these leaves
 * its own, and for the discount it takes a discount away.
 */

import type { Issue } from "@mortise/core/ConnectorError"
import type { Line } from "@mortise/core/Entities"
import * as ExternalKey from "@mortise/core/ExternalKey"
import { LINES_PER_DOCUMENT } from "../Limits.ts"
import type { LineSet } from "../Sets.ts"
import { coversLines } from "./covers.ts"
import type { Body, Step } from "./records.ts"

/** The writes of a line that is there, bound to the version that was read where the service tells it. */
export const writes = (set: LineSet, key: ReadonlyArray<string>, etag: string | undefined) => {
  const known = etag === undefined ? {} : { etag }
  return {
    remove: { _tag: "Remove", set, key, ...known } satisfies Step as Step,
    change: (body: Body): Step => ({ _tag: "Update", set, key, body, ...known }),
  }
}

/** A line that the document has. */
export interface Existing {
  readonly line: Line
  readonly remove: Step
  readonly change: (body: Body) => Step
}

export interface Shape {
  /** How the key of a line is written; absent where lines have none and are matched by place. */
  readonly key?: { readonly alphabet: RegExp; readonly caseFolding: "none"; readonly maxLength: number }
  /** True where a line needs an item, false where it cannot have one. */
  readonly items: boolean
  readonly percent: boolean
}

/** What is wrong with lines before anything is sent. */
export const faults = (lines: ReadonlyArray<Line>, shape: Shape): ReadonlyArray<Issue> => {
  const issues: Array<Issue> = []
  const refuse = (index: number, field: string, message: string) =>
    issues.push({ path: ["lines", String(index), field], message })
  if (lines.length > LINES_PER_DOCUMENT)
    issues.push({ path: ["lines"], message: `one changeset takes ${LINES_PER_DOCUMENT} lines` })
  const keys = new Set<string>()
  lines.forEach(({ discount, key, product, quantity }, index) => {
    if (keys.has(key)) refuse(index, "key", "stands on two lines")
    keys.add(key)
    if (shape.key !== undefined && ExternalKey.encode(key, shape.key) === undefined)
      refuse(index, "key", `does not fit into the ${shape.key.maxLength} characters of the line's field`)
    if (quantity === null) refuse(index, "quantity", "cannot be empty; leave it out or give a number")
    if (shape.items && product === null) refuse(index, "product", "is empty; a line of an order needs an item")
    if (!shape.items && product !== undefined && product !== null)
      refuse(index, "product", "cannot stand on a free text invoice; give a description")
    if (!shape.percent && discount !== undefined && discount !== null)
      refuse(index, "discount", "cannot stand on a free text invoice; give the price that is left")
  })
  return issues
}

export interface Merge {
  readonly lines: ReadonlyArray<Line>
  readonly existing: ReadonlyArray<Existing>
  readonly shape: Shape
  readonly create: (line: Line, index: number) => Step
  /** The members of a line that is there. */
  readonly body: (line: Line, found: Line) => Body
}

/** The writes that make the lines of a document into the wanted set. */
export const merge = ({ body, create, existing, lines, shape }: Merge): ReadonlyArray<Step> => {
  const used = new Set<number>()
  const kept = lines.flatMap((line, index): ReadonlyArray<Step> => {
    const at = shape.key === undefined ? index : existing.findIndex(({ line: there }) => there.key === line.key)
    const found = existing[at]
    if (found === undefined) return [create(line, index)]
    used.add(at)
    if (coversLines([line], [{ ...found.line, key: line.key }])) return []
    return [found.change(body(line, found.line))]
  })
  const removed = existing.flatMap((each, index) => (used.has(index) ? [] : [each.remove]))
  return [...removed, ...kept]
}
