/** Creates, updates and removes records: patch, form, save, and what follows from it. */
import * as Amount from "./Amount.ts"
import * as Apply from "./Apply.ts"
import * as Errors from "./Errors.ts"
import * as Forms from "./forms/Forms.ts"
import * as SalesOrder from "./forms/SalesOrder.ts"
import type { Patch } from "./Patch.ts"
import * as Receivables from "./Receivables.ts"
import type { Doc } from "./Record.ts"
import * as Record from "./Record.ts"
import * as Types from "./Types.ts"
import type { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

export interface Options {
  readonly replace?: ReadonlySet<string>
  readonly selected?: boolean
  /** Members that the form computes are set to what the patch says. */
  readonly asTold?: boolean
}

/** An external id belongs to one record of its group, whatever the type, in whatever letters. */
const claim = (world: NetSuiteWorld, doc: Doc): void => {
  const externalId = Record.text(doc, "externalId")
  if (externalId === "") return
  const holder = world.table(Types.tableOf(doc.type)).byExternal(externalId)
  if (holder !== undefined && holder.id !== doc.id) {
    throw Errors.duplicate(Types.get(doc.type).group === "entities" ? "entity" : "record")
  }
}

const filled = (
  world: NetSuiteWorld,
  doc: Doc,
  before: Doc | undefined,
  patch: Patch,
  now: number,
  options: Options,
): Doc => {
  const told = Forms.writable(doc.type, patch)
  const how = { replace: options.replace ?? new Set<string>(), selected: options.selected ?? false, knobs: world.knobs }
  Apply.apply(doc, told, how)
  claim(world, doc)
  Forms.run({ world, doc, before, patch: told, now, today: Zone.today(now, world.knobs) })
  if (options.asTold === true) Object.assign(doc.fields, Forms.computed(doc.type, patch))
  return doc
}

/** Lines of an invoice say which line of which order they bill. */
const billed = (doc: Doc | undefined): ReadonlyMap<string, string> => {
  const sums = new Map<string, string>()
  for (const line of doc?.type === "invoice" ? Record.lines(doc, "item") : []) {
    const order = Record.text(line, "orderDoc")
    if (order === "") continue
    const key = `${order} ${Record.text(line, "orderLine")}`
    sums.set(key, Amount.sum([sums.get(key) ?? Amount.ZERO, Record.text(line, "quantity")]))
  }
  return sums
}

const billOrders = (world: NetSuiteWorld, before: Doc | undefined, after: Doc | undefined, now: number): void => {
  const [old, fresh] = [billed(before), billed(after)]
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const change = Amount.subtract(fresh.get(key) ?? Amount.ZERO, old.get(key) ?? Amount.ZERO)
    const [id = "", number = ""] = key.split(" ")
    const order = world.table("transactions").latest(id)
    if (order === undefined || Amount.isZero(change)) continue
    const made = Record.copy(order)
    const line = Record.lines(made, "item").find((one) => Record.text(one, "line") === number)
    if (line === undefined) continue
    line.fields["quantityBilled"] = Amount.sum([Record.text(line, "quantityBilled"), change])
    made.fields["status"] = SalesOrder.statusOf(made)
    made.modified = now
    world.commit(made, now)
  }
}

/** Saves, and lets other records follow. */
const save = (world: NetSuiteWorld, before: Doc | undefined, after: Doc | undefined, now: number): void => {
  billOrders(world, before, after, now)
  if (after !== undefined) world.commit(after, now)
  Receivables.settle(world, before, after, now)
}

/** `prepare` fills in what a transform copies, before the patch is laid over it. */
export const create = (
  world: NetSuiteWorld,
  type: string,
  patch: Patch,
  now: number,
  options: Options & { readonly id?: string; readonly prepare?: (doc: Doc) => void } = {},
): Doc => {
  const doc = Record.doc(type, options.id ?? world.table(Types.tableOf(type)).nextId(), now)
  options.prepare?.(doc)
  filled(world, doc, undefined, patch, now, options)
  save(world, undefined, doc, now)
  return doc
}

const onlyAddresses = (patch: Patch): boolean =>
  Object.keys(patch.fields).length === 0 &&
  Object.keys(patch.parts).length === 0 &&
  Object.keys(patch.subs).every((sub) => sub === "addressBook")

export const update = (world: NetSuiteWorld, before: Doc, patch: Patch, now: number, options: Options = {}): Doc => {
  const doc = filled(world, Record.copy(before), before, patch, now, options)
  if (world.knobs.addressMovesCustomer || !onlyAddresses(patch)) doc.modified = now
  save(world, before, doc, now)
  return doc
}

const DEPENDENT = "This record cannot be deleted because it has dependent records."

const inUse = (world: NetSuiteWorld, doc: Doc): boolean => {
  const rows = world.table("transactions")
  if (doc.type === "customer") {
    return rows.where("entity", doc.id).length > 0 || rows.where("customer", doc.id).length > 0
  }
  if (doc.type === "invoice") return !Amount.isZero(Record.text(doc, "amountPaid"))
  if (doc.type === "salesOrder") return rows.where("createdFrom", doc.id).length > 0
  if (Types.get(doc.type).group !== "items") return false
  return [...rows.values()].some((one) =>
    Record.lines(one, "item").some((line) => Record.text(line, "item") === doc.id),
  )
}

export const remove = (world: NetSuiteWorld, doc: Doc, now: number): void => {
  if (inUse(world, doc)) throw Errors.userError(DEPENDENT)
  save(world, doc, undefined, now)
  world.drop(doc, now)
}
