/** The form of a sales order. What it stands at follows from approval and from what its lines have been through. */
import * as Amount from "../Amount.ts"
import type { Doc, Line } from "../Record.ts"
import * as Record from "../Record.ts"
import * as Document from "./Document.ts"
import { type Form, fallback } from "./Form.ts"
import * as Lines from "./Lines.ts"

const reached = (line: Line, field: string): boolean =>
  Amount.compare(Record.text(line, field) || "0", Record.text(line, "quantity")) >= 0

const begun = (line: Line, field: string): boolean => !Amount.isZero(Record.text(line, field))

const goes = (line: Line): boolean => Record.text(line, "itemType") === "InvtPart"

export const statusOf = (doc: Doc): string => {
  const rows = Record.lines(doc, "item")
  if (Record.text(doc, "orderStatus") === "A") return "A"
  if (rows.every((line) => Record.flag(line, "isClosed"))) return "H"
  const open = rows.filter((line) => !Record.flag(line, "isClosed"))
  const gone = open.filter(goes).every((line) => reached(line, "quantityFulfilled"))
  if (gone) return open.every((line) => reached(line, "quantityBilled")) ? "G" : "F"
  if (!open.some((line) => begun(line, "quantityFulfilled"))) return "B"
  return open.some((line) => begun(line, "quantityBilled")) ? "E" : "D"
}

export const salesOrder = (form: Form): void => {
  const { before, doc, world } = form
  const customer = Document.complete(form, "entity")
  if (!world.knobs.orderStatusWritable) doc.fields["orderStatus"] = before?.fields["orderStatus"] ?? null
  fallback(doc, "orderStatus", world.knobs.orderStatusWritable ? world.knobs.orderStatus : "A")
  fallback(doc, "terms", customer.fields["terms"] ?? undefined)
  fallback(doc, "email", customer.fields["email"] ?? undefined)
  fallback(doc, "source", "webServices")
  Lines.total(form)
  doc.fields["status"] = statusOf(doc)
}
