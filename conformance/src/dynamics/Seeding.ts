/** Puts records into a world as if people had entered them: no request, no limits, no rights. */

import * as Dimensions from "./Dimensions.ts"
import type * as Form from "./forms/Form.ts"
import * as Forms from "./forms/Forms.ts"
import { type Cell, type Doc, stamp } from "./Record.ts"
import * as Sets from "./Sets.ts"
import * as Values from "./Values.ts"
import type * as View from "./View.ts"

/** Fields by the names of the set. Amounts are text. Names that begin with `$` are no fields. */
export interface SeedRecord {
  readonly [field: string]: string | number | boolean | null | undefined
  /** Milliseconds or ISO text; now unless told. */
  readonly $modified?: number | string
}

const dimensions = (view: View.View, column: string, cell: Cell): Cell => {
  const { world } = view
  if (!Dimensions.isSet(column) && !Dimensions.isLedgerAccount(column)) return cell
  const parsed = Dimensions.parse(cell ?? "", Dimensions.isSet(column) ? world.dimensionFormat() : world.ledgerFormat())
  if (parsed === undefined) throw new RangeError(`${column} has more segments than the format`)
  return parsed
}

/** The cells of a record by column. */
export const cells = (view: View.View, record: SeedRecord): Map<string, Cell> => {
  const made = new Map<string, Cell>()
  for (const [name, value] of Object.entries(record)) {
    if (name.startsWith("$") || name === "dataAreaId" || value === undefined) continue
    const field = view.model.fields.get(name)
    if (field === undefined) throw new RangeError(`${view.set.name} has no field ${name}`)
    const cell = Values.seeded(view.world.model, field, value)
    if (cell === undefined) throw new RangeError(`${view.set.name}.${name} cannot be ${JSON.stringify(value)}`)
    const column = Sets.column(view.set, name)
    made.set(column, dimensions(view, column, cell))
  }
  return made
}

const companyOf = (view: View.View, record: SeedRecord, company: string | undefined): string => {
  if (!view.model.fields.has("dataAreaId")) return ""
  const named = record["dataAreaId"] ?? company ?? view.world.state.companies[0]?.id ?? ""
  if (view.world.company(String(named)) === undefined) throw new RangeError(`no company ${named}`)
  return String(named).toLowerCase()
}

const millisOf = (at: number | string | undefined, otherwise: number): number =>
  at === undefined ? otherwise : typeof at === "number" ? at : Date.parse(at)

export const insert = (view: View.View, record: SeedRecord, company: string | undefined): Doc => {
  const { world } = view
  const at = millisOf(record.$modified, world.now())
  const context = world.context(companyOf(view, record, company), at, true)
  const given = cells(view, record)
  const doc = world.blank(view.set.table, context.company, Object.fromEntries(given), stamp(at))
  const entry: Form.Entry = { doc, sent: new Set(given.keys()) }
  const form = Forms.of(view.set.table)
  form.create(entry, context)
  const twin = world.table(view.set.table).twin(doc)
  const issue = twin === undefined ? context.issues[0]?.[1] : "The record already exists"
  if (issue !== undefined) throw new RangeError(`${view.set.name}: ${issue}`)
  // What the code computes and the seed gives all the same, such as a status.
  for (const [column, cell] of given) doc.fields[column] = cell
  const table = world.table(view.set.table)
  table.put(doc)
  form.saved?.(entry, context)
  return table.get(doc.id) as Doc
}
