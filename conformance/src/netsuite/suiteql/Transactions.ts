/** Headers and lines of documents. Lines of sales are negative; a header is a line of its own. */
import * as Amount from "../Amount.ts"
import { may } from "../Call.ts"
import * as Labels from "../Labels.ts"
import type { Doc, Line } from "../Record.ts"
import * as Record from "../Record.ts"
import type { Member } from "../Shapes.ts"
import * as Types from "../Types.ts"
import type { NetSuiteWorld } from "../World.ts"
import * as Column from "./Column.ts"
import type { TableDef } from "./Tables.ts"
import { exact, type Value } from "./Values.ts"

const KINDS = Types.TYPES.filter((one) => one.group === "transactions")

/** Documents of the types that the role may see. */
export const seen = (world: NetSuiteWorld): ReadonlyArray<Doc> => {
  const types = new Set(KINDS.filter((one) => may(world, one.name, "view")).map((one) => one.name))
  return [...world.table("transactions").values()].filter((doc) => types.has(doc.type))
}

const isCredit = (doc: Doc): boolean => doc.type === "customerPayment" || doc.type === "creditMemo"

const amountOf =
  (field: string) =>
  (doc: Doc): Value => {
    const text = Record.text(doc, field)
    return text === "" ? null : exact(text)
  }

/** Money that a customer gives stands as negative in the header. */
const total = (doc: Doc): Value => {
  const text = Record.text(doc, "total") || "0"
  return exact(doc.type === "creditMemo" ? Amount.negate(text) : text)
}

const paid = (doc: Doc): Value => (doc.type === "invoice" ? exact(Record.text(doc, "amountPaid") || "0") : null)
const unpaid = (doc: Doc): Value => (doc.type === "invoice" ? exact(Record.text(doc, "amountRemaining") || "0") : null)
const unused = (doc: Doc): Value => (isCredit(doc) ? exact(Record.text(doc, "unapplied") || "0") : null)

const reference = (world: NetSuiteWorld, table: string, id: (doc: Doc) => string) =>
  Column.column(
    (doc: Doc) => (id(doc) === "" ? null : Number(id(doc))),
    (doc: Doc) => {
      const found = world.table(table).get(id(doc))
      return found === undefined ? null : world.nameOf(found)
    },
  )

const isMoney = ({ type }: Doc): boolean => type === "customerPayment" || type === "customerRefund"

const customerOf = (doc: Doc): string => Record.text(doc, isMoney(doc) ? "customer" : "entity")

const statusWords = (doc: Doc): Value => {
  const status = Record.text(doc, "status")
  return status === "" ? null : `${Types.get(doc.type).label} : ${Labels.labelOf(doc.type, "status", status)}`
}

/** Members of documents that a query knows by other names, or not. */
const NOT_OF_HEADERS = new Set([
  "subsidiary",
  "location",
  "department",
  "class",
  "createdFrom",
  "subtotal",
  "discountTotal",
  "taxTotal",
  "tax2Total",
  "total",
  "totalAfterTaxes",
  "amountPaid",
  "amountRemaining",
  "amountRemainingTotalBox",
  "payment",
  "applied",
  "unapplied",
  "pending",
  "customer",
  "orderStatus",
  "salesRep",
])

const NOT_EXPOSED = "NOT_EXPOSED"

export const header = (world: NetSuiteWorld): TableDef => {
  const shared = KINDS.flatMap(({ name }) => Column.members(world, name, world.shapes.of(name), NOT_OF_HEADERS))
  const { oneWorld, transactionSubsidiary } = world.knobs
  const shows = oneWorld && transactionSubsidiary === "exposed"
  return {
    needs: "invoice",
    rows: () => seen(world),
    find: new Map([
      ["id", (value) => seenOne(world, value)],
      [
        "entity",
        (value) =>
          ["entity", "customer"]
            .flatMap((field) => [...world.table("transactions").where(field, value)])
            .filter((doc) => may(world, doc.type, "view")),
      ],
    ]),
    hidden: new Map(oneWorld && !shows ? [["subsidiary", NOT_EXPOSED]] : []),
    columns: new Map([
      ...shared,
      ["id", Column.column((doc: Doc) => Number(doc.id))],
      [
        "type",
        Column.column(
          (doc: Doc) => Types.get(doc.type).code ?? null,
          (doc: Doc) => Types.get(doc.type).label,
        ),
      ],
      ["recordtype", Column.column((doc: Doc) => doc.type.toLowerCase())],
      ["trandisplayname", Column.column((doc: Doc) => world.nameOf(doc))],
      ["status", Column.column((doc: Doc) => Record.text(doc, "status") || null, statusWords)],
      ["entity", reference(world, "entities", customerOf)],
      ["employee", reference(world, "entities", (doc) => Record.text(doc, "salesRep"))],
      ["foreigntotal", Column.column(total)],
      ["foreignamountpaid", Column.column(paid)],
      ["foreignamountunpaid", Column.column(unpaid)],
      ["foreignpaymentamountused", Column.column((doc: Doc) => (isCredit(doc) ? amountOf("applied")(doc) : null))],
      ["foreignpaymentamountunused", Column.column(unused)],
      ["voided", Column.column((doc: Doc) => Column.truth(Record.text(doc, "status") === "V"))],
      ["posting", Column.column((doc: Doc) => Column.truth(doc.type !== "salesOrder"))],
      ["paymentmethod", reference(world, "account", (doc) => Record.text(doc, "paymentOption"))],
      ...(shows
        ? ([["subsidiary", reference(world, "subsidiary", (doc) => Record.text(doc, "subsidiary"))]] as const)
        : []),
    ]),
  }
}

const seenOne = (world: NetSuiteWorld, id: string): ReadonlyArray<Doc> => {
  const doc = world.table("transactions").get(id)
  return doc !== undefined && may(world, doc.type, "view") ? [doc] : []
}

/** A line with its document; the header has none. */
export interface LineRow {
  readonly doc: Doc
  readonly line: Line | undefined
}

const rowsOf = (doc: Doc): ReadonlyArray<LineRow> => [
  { doc, line: undefined },
  ...Record.lines(doc, "item").map((line) => ({ doc, line })),
]

const signed =
  (field: string) =>
  ({ doc, line }: LineRow): Value => {
    const text = line === undefined ? "" : Record.text(line, field)
    return text === "" ? null : exact(isCredit(doc) ? text : Amount.negate(text))
  }

const inBooks = ({ doc, line }: LineRow): Value => {
  const text = line === undefined ? Record.text(doc, "total") : Record.text(line, "amount")
  if (text === "") return null
  const amount = Amount.multiply(text, Record.text(doc, "exchangeRate") || "1", 2)
  return exact(line === undefined || isCredit(doc) ? amount : Amount.negate(amount))
}

const ofLine =
  (field: string, type: "text" | "number") =>
  ({ line }: LineRow): Value => {
    const cell = line?.fields[field] ?? null
    if (cell === null) return null
    if (typeof cell === "boolean") return Column.truth(cell)
    return type === "number" ? exact(cell) : cell
  }

const references = (world: NetSuiteWorld, table: string, field: string) => {
  const id = ({ line }: LineRow) => (line === undefined ? "" : Record.text(line, field))
  return Column.column(
    (row: LineRow) => (id(row) === "" ? null : Number(id(row))),
    (row: LineRow) => {
      const found = world.table(table).get(id(row))
      return found === undefined ? null : world.nameOf(found)
    },
  )
}

const own = (world: NetSuiteWorld) =>
  world.customFields
    .filter((field) => field.name.startsWith("custcol"))
    .map((field) => {
      const member: Member = { kind: field.kind }
      const get = ({ line }: LineRow) => Column.cellValue(world, member, line?.fields[field.name] ?? null)
      return [field.name, Column.column(get)] as const
    })

/** Lines count within their document, the header as 0. */
const numberOf = ({ line }: LineRow): number => (line === undefined ? 0 : Number(Record.text(line, "line")))

export const line = (world: NetSuiteWorld): TableDef => ({
  needs: "invoice",
  rows: () => seen(world).flatMap(rowsOf),
  find: new Map([["transaction", (value) => seenOne(world, value).flatMap(rowsOf)]]),
  columns: new Map([
    ...own(world),
    [
      "transaction",
      Column.column(
        ({ doc }: LineRow) => Number(doc.id),
        ({ doc }: LineRow) => world.nameOf(doc),
      ),
    ],
    ["id", Column.column(numberOf)],
    ["linesequencenumber", Column.column(numberOf)],
    [
      "uniquekey",
      Column.column(({ line }: LineRow) => (line === undefined ? null : Number(Record.text(line, "lineUniqueKey")))),
    ],
    ["mainline", Column.column(({ line }: LineRow) => Column.truth(line === undefined))],
    ["taxline", Column.column(() => "F")],
    ["iscogs", Column.column(() => "F")],
    ["item", references(world, "items", "item")],
    ["itemtype", Column.column(ofLine("itemType", "text"))],
    [
      "memo",
      Column.column((row: LineRow) =>
        row.line === undefined ? Record.text(row.doc, "memo") || null : ofLine("description", "text")(row),
      ),
    ],
    ["quantity", Column.column(signed("quantity"))],
    ["rate", Column.column(ofLine("rate", "number"))],
    [
      "foreignamount",
      Column.column((row: LineRow) => (row.line === undefined ? total(row.doc) : signed("amount")(row))),
    ],
    ["netamount", Column.column(inBooks)],
    ["units", Column.column(ofLine("units", "text"))],
    ["isclosed", Column.column(ofLine("isClosed", "text"))],
    ["quantitybilled", Column.column(ofLine("quantityBilled", "number"))],
    ["quantityshiprecv", Column.column(ofLine("quantityFulfilled", "number"))],
    ["location", references(world, "location", "location")],
    ["entity", Column.column(({ doc }: LineRow) => Number(customerOf(doc)))],
    ["createdfrom", Column.column(({ doc }: LineRow) => Number(Record.text(doc, "createdFrom")) || null)],
    ...(world.knobs.oneWorld
      ? ([["subsidiary", Column.column(({ doc }: LineRow) => Number(Record.text(doc, "subsidiary")))]] as const)
      : []),
  ]),
})
