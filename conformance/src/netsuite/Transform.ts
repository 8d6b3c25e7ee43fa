/** Makes one document out of another. Each call makes a new one. */
import type { TwinReply } from "../twin/Twin.ts"
import * as Amount from "./Amount.ts"
import { type Call, permit } from "./Call.ts"
import * as Errors from "./Errors.ts"
import type { Doc, Line } from "./Record.ts"
import * as Record from "./Record.ts"
import * as Records from "./Records.ts"
import * as Write from "./Write.ts"

const COPIED = ["entity", "subsidiary", "currency", "terms", "location", "department", "class", "memo", "otherRefNum"]

const notPossible = (target: string, source: Doc): Errors.Refusal =>
  Errors.userError(`You can not initialize ${target}: invalid reference ${source.id}.`)

const remaining = (line: Line): string =>
  Amount.subtract(Record.text(line, "quantity"), Record.text(line, "quantityBilled") || Amount.ZERO)

const billedLine = (order: Doc, doc: Doc, from: Line, quantity: string): Line => {
  doc.lastLine += 1
  const line = Record.line(String(doc.lastLine))
  for (const [name, cell] of Object.entries(from.fields)) {
    if (["item", "description", "rate", "location", "price", "itemType"].includes(name) || name.startsWith("custcol")) {
      line.fields[name] = cell
    }
  }
  Object.assign(line.fields, { line: line.key, quantity, orderDoc: order.id, orderLine: Record.text(from, "line") })
  return line
}

/** What is left to bill; or, when nothing is, everything again. */
const linesToBill = (call: Call, order: Doc, doc: Doc): ReadonlyArray<Line> => {
  const open = Record.lines(order, "item").filter((line) => !Record.flag(line, "isClosed"))
  const left = open.filter((line) => Amount.compare(remaining(line), Amount.ZERO) > 0)
  if (left.length > 0) return left.map((line) => billedLine(order, doc, line, remaining(line)))
  if (call.world.knobs.billedAgain === "refused") throw notPossible("invoice", order)
  return open.map((line) => billedLine(order, doc, line, Record.text(line, "quantity")))
}

const fromOrder = (call: Call, order: Doc, doc: Doc): void => {
  if (Record.text(order, "status") === "A") throw notPossible("invoice", order)
  for (const field of COPIED) doc.fields[field] = order.fields[field] ?? null
  for (const [name, cell] of Object.entries(order.fields)) if (name.startsWith("custbody")) doc.fields[name] = cell
  Object.assign(doc.parts, structuredClone(order.parts))
  doc.fields["createdFrom"] = order.id
  doc.subs["item"] = linesToBill(call, order, doc)
}

const fromInvoice = (invoice: Doc, doc: Doc): void => {
  doc.fields["customer"] = invoice.fields["entity"] ?? null
  for (const field of ["subsidiary", "currency"]) doc.fields[field] = invoice.fields[field] ?? null
  doc.lastLine += 1
  const line = Record.line(String(doc.lastLine))
  Object.assign(line.fields, { doc: invoice.id, apply: true })
  doc.subs["apply"] = [line]
}

const prepare = (call: Call, source: Doc, target: string) => (doc: Doc) => {
  if (source.type === "salesOrder") fromOrder(call, source, doc)
  else if (source.type === "invoice") fromInvoice(source, doc)
  else doc.fields[target === "customerPayment" ? "customer" : "entity"] = source.id
}

export const handle = (call: Call, source: Doc, target: string): TwinReply => {
  permit(call, source.type, "view")
  permit(call, target, "full")
  const { headers, patch } = Records.bodyOf(call, target)
  const doc = Write.create(call.world, target, patch, call.world.now(), {
    ...Records.optionsOf(call),
    prepare: prepare(call, source, target),
  })
  return Records.made(call, doc, headers)
}
