/** Actions of forms: at once (204), or as a long operation that is polled (202, then 204) and that blocks its form. */
import type { TwinReply } from "../twin/Twin.ts"
import type { EntityDef } from "./Entities.ts"
import { byName } from "./Entities.ts"
import * as Errors from "./Errors.ts"
import type { FormContext } from "./forms/Form.ts"
import { IssueList } from "./forms/Form.ts"
import * as Forms from "./forms/Forms.ts"
import { STATUS } from "./Labels.ts"
import { type Doc, flag, lines, type Row, row, stamp, text } from "./Record.ts"
import * as Release from "./Release.ts"
import { nextNumber } from "./Seed.ts"
import type { Operation, Session } from "./State.ts"
import type { AcumaticaWorld } from "./World.ts"

interface Action {
  readonly entity: string
  /** Name in the endpoint, and the form's own name, which works from version 20 on. */
  readonly names: ReadonlyArray<string>
  readonly long: boolean
  readonly run: (context: FormContext, doc: Doc) => Release.Outcome
}

const withStatus =
  (store: EntityDef["store"], changes: Readonly<Record<string, string | boolean>>) =>
  (context: FormContext, doc: Doc): Release.Outcome => {
    const made = structuredClone(doc)
    Object.assign(made.fields, changes)
    made.modified = stamp(context.now)
    Forms.of(store).close({ doc: made, before: doc, sent: new Map(), context, issues: new IssueList() })
    context.save(store, doc, made)
    return undefined
  }

const hold =
  (store: EntityDef["store"], held: boolean) =>
  (context: FormContext, doc: Doc): Release.Outcome =>
    flag(doc, "Released") ? "The document is released." : withStatus(store, { Hold: held })(context, doc)

const invoiceLine = (context: FormContext, order: Doc, line: Row): Row => ({
  ...row(context.guid()),
  fields: {
    InventoryID: line.fields["InventoryID"] ?? null,
    Qty: line.fields["OrderQty"] ?? null,
    UOM: line.fields["UOM"] ?? null,
    UnitPrice: line.fields["UnitPrice"] ?? null,
    TransactionDescr: line.fields["LineDescription"] ?? null,
    OrderType: text(order, "OrderType"),
    OrderNbr: text(order, "OrderNbr"),
    OrderLineNbr: line.fields["LineNbr"] ?? null,
  },
})

/** Makes an invoice of the order at every call: nothing in it remembers the one before. */
const prepareInvoice = (context: FormContext, order: Doc): Release.Outcome => {
  if (flag(order, "Hold")) return "The order is on hold."
  const entity = byName("SalesInvoice")
  const form = Forms.of("receivables")
  const now = stamp(context.now)
  const doc: Doc = { ...row(context.guid()), created: now, modified: now }
  form.open(doc, context)
  Object.assign(doc.fields, {
    Module: "SO",
    CustomerID: text(order, "CustomerID"),
    CurrencyID: text(order, "CurrencyID"),
    CustomerOrder: order.fields["CustomerOrder"] ?? null,
    ReferenceNbr: nextNumber(context, entity),
  })
  doc.rows["Details"] = lines(order, "Details").map((line) => invoiceLine(context, order, line))
  form.close({ doc, before: undefined, sent: new Map(), context, issues: new IssueList() })
  context.save("receivables", undefined, doc)
  const made = structuredClone(order)
  made.rows["Shipments"] = [
    ...lines(order, "Shipments"),
    { ...row(context.guid()), fields: { InvoiceType: "Invoice", InvoiceNbr: text(doc, "ReferenceNbr") } },
  ]
  made.modified = now
  context.save("orders", order, made)
  return undefined
}

const ACTIONS: ReadonlyArray<Action> = [
  { entity: "SalesInvoice", names: ["ReleaseSalesInvoice", "Release"], long: true, run: Release.invoice },
  { entity: "Invoice", names: ["ReleaseInvoice", "Release"], long: true, run: Release.invoice },
  { entity: "Payment", names: ["ReleasePayment", "Release"], long: true, run: Release.payment },
  { entity: "Payment", names: ["VoidPayment", "VoidCheck"], long: true, run: Release.voidPayment },
  { entity: "SalesOrder", names: ["PrepareSalesInvoice", "PrepareInvoice"], long: true, run: prepareInvoice },
  {
    entity: "SalesOrder",
    names: ["CancelSalesOrder", "CancelOrder"],
    long: false,
    run: withStatus("orders", { Status: STATUS.canceled }),
  },
  {
    entity: "SalesOrder",
    names: ["ReopenSalesOrder", "ReopenOrder"],
    long: false,
    run: withStatus("orders", { Status: STATUS.open }),
  },
  { entity: "SalesOrder", names: ["ReleaseFromHold"], long: false, run: hold("orders", false) },
  { entity: "SalesOrder", names: ["PutOnHold"], long: false, run: hold("orders", true) },
  { entity: "Invoice", names: ["ReleaseFromHold"], long: false, run: hold("receivables", false) },
  { entity: "SalesInvoice", names: ["ReleaseFromHold"], long: false, run: hold("receivables", false) },
  { entity: "Payment", names: ["ReleaseFromHold"], long: false, run: hold("payments", false) },
]

/** Named actions are of every version; those by the form's own name came with 20.200.001. */
export const find = (entity: string, name: string, version: string): Action | undefined => {
  const action = ACTIONS.find((one) => one.entity === entity && one.names.includes(name))
  const named = action?.names[0] === name && name !== "ReleaseFromHold" && name !== "PutOnHold"
  return named || Number(version.split(".")[0]) >= 20 ? action : undefined
}

const failureOf = (world: AcumaticaWorld, path: string, key: ReadonlyArray<string>): string | undefined =>
  world.knobs.failingActions[[path, ...key].join("/")] ?? world.knobs.failingActions[path]

const finish = (world: AcumaticaWorld, operation: Operation): void => {
  const action = find(operation.entity, operation.action, operation.version)
  const tenant = world.tenant(operation.tenant)
  const entity = byName(operation.entity)
  const doc = tenant.store(entity.store).latest(operation.doc)
  const key = doc === undefined ? [] : entity.keys.map((name) => text(doc, name))
  const failure =
    failureOf(world, `${operation.entity}/${operation.action}`, key) ??
    (doc === undefined || action === undefined
      ? "The record is not there any more."
      : action.run(world.formContext(tenant), doc))
  operation.state = failure === undefined ? "done" : "failed"
  if (failure !== undefined) operation.message = failure
}

/** Ends the operations whose time has come, whether or not anybody polls. */
export const settle = (world: AcumaticaWorld): void => {
  const now = world.now()
  for (const one of world.state.operations.values())
    if (one.state === "running" && one.endsAt <= now) finish(world, one)
}

const running = (world: AcumaticaWorld, session: Session): Operation | undefined =>
  [...world.state.operations.values()].find((one) => one.session === session.id && one.state === "running")

/** While an operation of the form runs, nothing else of that form is served in the session. */
export const refuseWhileBusy = (world: AcumaticaWorld, session: Session, entity: EntityDef, version: string): void => {
  if (running(world, session)?.screen === entity.screen) throw busy(version)
}

const busy = (version: string): Errors.Refusal =>
  Number(version.split(".")[0]) >= 25
    ? new Errors.Refusal({ status: 409 })
    : Errors.refuse(500, { exceptionMessage: "A long operation is running for this screen in the current session." })

export interface Start {
  readonly world: AcumaticaWorld
  readonly session: Session
  readonly context: FormContext
  readonly entity: EntityDef
  readonly action: string
  readonly version: string
  readonly doc: Doc
  /** Origin, instance path and endpoint: the three parts of a status address. */
  readonly origin: string
  readonly instancePath: string
  readonly endpointPath: string
}

const locationOf = (start: Start, operation: Operation): string => {
  const path = `${start.endpointPath}/${start.entity.name}/${start.action}/status/${operation.id}`
  const { location } = start.world.knobs
  if (location === "absolute") return `${start.origin}${start.instancePath}${path}`
  return location === "relative" ? `${start.instancePath}${path}` : path
}

const begin = (start: Start): TwinReply => {
  const { world } = start
  if (running(world, start.session) !== undefined) throw busy(start.version)
  const operation: Operation = {
    id: world.guid(),
    session: start.session.id,
    tenant: start.context.tenant.name,
    screen: start.entity.screen,
    entity: start.entity.name,
    action: start.action,
    version: start.version,
    doc: start.doc.id,
    endsAt: world.now() + world.knobs.operation.millis,
    polls: world.knobs.operation.polls,
    state: "running",
  }
  world.state.operations.set(operation.id, operation)
  return { status: 202, headers: { location: locationOf(start, operation) }, changed: true }
}

/** 404 for an action that the form does not have. */
export const invoke = (start: Start): TwinReply => {
  const action = find(start.entity.name, start.action, start.version)
  if (action === undefined) throw Errors.notFound(`The action ${start.action}`)
  if (action.long) return begin(start)
  const key = start.entity.keys.map((name) => text(start.doc, name))
  const failure =
    failureOf(start.world, `${start.entity.name}/${start.action}`, key) ?? action.run(start.context, start.doc)
  if (failure !== undefined) throw Errors.refuse(500, { exceptionMessage: failure })
  return {
    status: 204,
    headers: { location: `${start.instancePath}${start.endpointPath}/${start.entity.name}/${start.doc.id}` },
    changed: true,
  }
}

/** 202 while it runs, 204 when it is done, its error when it failed. */
export const poll = (world: AcumaticaWorld, id: string, location: string): TwinReply => {
  const operation = world.state.operations.get(id)
  if (operation === undefined) throw Errors.notFound("The operation")
  let changed = false
  if (operation.state === "running") {
    if (operation.polls > 0) {
      operation.polls -= 1
      return { status: 202, headers: { location } }
    }
    finish(world, operation)
    changed = true
  }
  if (operation.state === "failed") {
    throw Errors.refuse(500, {
      exceptionMessage: operation.message ?? "",
      exceptionType: "PX.Data.PXOperationCompletedWithErrorException",
    })
  }
  return { status: 204, changed }
}
