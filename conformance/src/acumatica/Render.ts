/** A record on the wire: id, row number, note, members in the form of the contract, custom fields, links. */
import type { CustomDef } from "./Custom.ts"
import { native, wireType } from "./Custom.ts"
import { cellOf, linkOf, rowsOf, type View } from "./Members.ts"
import type { Cell, Row } from "./Record.ts"
import { type Pick, shows } from "./Select.ts"
import type { Member } from "./Shapes.ts"
import { bare, type Contract, wrap } from "./Wrap.ts"

export interface RenderContext {
  readonly view: View
  readonly version: string
  readonly contract: Contract
  readonly entity: string
  readonly graph: string
  /** `/AcmeERP/entity/Default/24.200.001`. */
  readonly base: string
  /** Errors of a refused write, by row and member source. */
  readonly issues?: Issues
}

export type Issues = ReadonlyMap<Row, ReadonlyMap<string, string>>

/** The place of a record's own error in {@link Issues}. */
export const RECORD = ""

const links = (context: RenderContext, row: Row): Record<string, string> => ({
  self: `${context.base}/${context.entity}/${row.id}`,
  "files:put": `${context.base}/files/${context.graph}/${context.entity}/${row.id}/{filename}`,
})

const customValue = (context: RenderContext, cell: Cell, def: CustomDef): unknown => ({
  type: wireType(def),
  value: bare(cell, def.type, false, context.view.knobs.zoneMinutes),
})

const customs = (context: RenderContext, row: Row, pick: Pick, path: string): Record<string, unknown> => {
  if (pick.custom.size === 0) return {}
  const views: Record<string, Record<string, unknown>> = {}
  const show = (def: CustomDef, cell: Cell): void => {
    if (!shows(pick.custom, def)) return
    views[def.view] = { ...views[def.view], [def.field]: customValue(context, cell, def) }
  }
  for (const { column, def } of native(context.entity, path)) show(def, row.fields[column] ?? null)
  for (const def of context.view.tenant.custom) {
    if (def.entity === context.entity && def.path === path) show(def, row.custom[def.view]?.[def.field] ?? null)
  }
  return views
}

const nestedRows = (context: RenderContext, rows: ReadonlyArray<Row>, type: string, pick: Pick, path: string) =>
  rows
    .filter((row) => pick.only === undefined || pick.only.has(row.id))
    .map((row, index) => render(context, row, type, pick, index + 1, path))

const member = (context: RenderContext, row: Row, type: string, one: Member, pick: Pick, path: string): unknown => {
  if (one.kind === "scalar") {
    const value = wrap(cellOf(context.view, type, row, one), one, context.view.knobs)
    const error = context.issues?.get(row)?.get(one.source)
    return error === undefined ? value : { ...value, error }
  }
  const below = pick.nested.get(one.name)
  const at = path === "" ? one.name : `${path}/${one.name}`
  if (one.kind === "rows") {
    if (below === undefined) return context.view.knobs.details === "empty" ? [] : undefined
    return nestedRows(context, rowsOf(context.view, type, row, one), one.type, below, at)
  }
  if (below === undefined) return undefined
  const linked = linkOf(row, one.source)
  return linked === undefined ? undefined : render(context, linked, one.type, below, 1, at)
}

/** `rowNumber` is the place in the answer, from 1. */
export const render = (
  context: RenderContext,
  row: Row,
  type: string,
  pick: Pick,
  rowNumber: number,
  path = "",
): Record<string, unknown> => {
  const shown: Record<string, unknown> = {}
  if (row.id !== "") shown["id"] = row.id
  shown["rowNumber"] = rowNumber
  shown["note"] = context.contract === 3 ? row.note : { value: row.note }
  for (const [name, one] of context.view.shapes.of(type, context.version)) {
    if (one.kind === "scalar" && !pick.all && !pick.fields.has(name)) continue
    const value = member(context, row, type, one, pick, path)
    if (value !== undefined) shown[name] = value
  }
  shown["custom"] = customs(context, row, pick, path)
  const error = context.issues?.get(row)?.get(RECORD)
  if (error !== undefined) shown["error"] = error
  if (pick.files) shown["files"] = []
  if (path === "") shown["_links"] = links(context, row)
  return shown
}
