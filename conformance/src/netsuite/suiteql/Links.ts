/** Tables between records: which document leads to which, contacts of customers, addresses, prices, deletions. */
import { may } from "../Call.ts"
import type { Doc, Line } from "../Record.ts"
import * as Record from "../Record.ts"
import type { Deletion } from "../State.ts"
import * as Types from "../Types.ts"
import type { NetSuiteWorld } from "../World.ts"
import * as Basic from "./Basic.ts"
import * as Column from "./Column.ts"
import type { TableDef } from "./Tables.ts"
import * as Transactions from "./Transactions.ts"
import { exact } from "./Values.ts"

interface Link {
  readonly previous: string
  readonly previousLine: number
  readonly next: Doc
  readonly nextLine: number
  readonly kind: string
  readonly amount: string
}

/** An order was billed by an invoice, an invoice was paid by a payment or a credit. */
const linksOf = (doc: Doc): ReadonlyArray<Link> => {
  const billed = Record.lines(doc, "item")
    .filter((line) => doc.type === "invoice" && Record.text(line, "orderDoc") !== "")
    .map((line) => ({
      previous: Record.text(line, "orderDoc"),
      previousLine: Number(Record.text(line, "orderLine")),
      next: doc,
      nextLine: Number(Record.text(line, "line")),
      kind: "OrdBill",
      amount: Record.text(line, "amount"),
    }))
  const paid = Record.lines(doc, "apply").map((line) => ({
    previous: Record.text(line, "doc"),
    previousLine: 0,
    next: doc,
    nextLine: 0,
    kind: "Payment",
    amount: Record.text(line, "amount"),
  }))
  return [...billed, ...paid]
}

const column = <R>(get: (row: R) => ReturnType<typeof exact>) => Column.column(get)

export const next = (world: NetSuiteWorld): TableDef => {
  const typeOf = (id: string): string | null => {
    const doc = world.table("transactions").get(id)
    return doc === undefined ? null : (Types.get(doc.type).code ?? null)
  }
  return {
    needs: "invoice",
    rows: () => Transactions.seen(world).flatMap(linksOf),
    find: new Map([
      [
        "nextdoc",
        (value) => {
          const doc = world.table("transactions").get(value)
          return doc !== undefined && may(world, doc.type, "view") ? linksOf(doc) : []
        },
      ],
    ]),
    columns: new Map([
      ["previousdoc", column(({ previous }: Link) => Number(previous))],
      ["previousline", column(({ previousLine }: Link) => previousLine)],
      ["previoustype", column(({ previous }: Link) => typeOf(previous))],
      ["nextdoc", column(({ next: doc }: Link) => Number(doc.id))],
      ["nextline", column(({ nextLine }: Link) => nextLine)],
      ["nexttype", column(({ next: doc }: Link) => Types.get(doc.type).code ?? null)],
      ["linktype", column(({ kind }: Link) => kind)],
      ["foreignamount", column(({ amount }: Link) => exact(amount))],
    ]),
  }
}

interface Relation {
  readonly contact: string
  readonly company: string
  readonly role: string | null
}

const relations = (world: NetSuiteWorld): ReadonlyArray<Relation> => {
  const own = world
    .all("contact")
    .filter((doc) => Record.text(doc, "company") !== "")
    .map((doc) => ({ contact: doc.id, company: Record.text(doc, "company"), role: null }))
  const attached = world.state.attachments
    .filter((one) => world.get("customer", one.to) !== undefined)
    .map((one) => ({ contact: one.contact, company: one.to, role: one.role }))
  const all = new Map([...own, ...attached].map((one) => [`${one.contact} ${one.company}`, one]))
  return [...all.values()]
}

export const contacts = (world: NetSuiteWorld): TableDef => ({
  needs: "contact",
  rows: () => relations(world),
  columns: new Map([
    ["contact", column(({ contact }: Relation) => Number(contact))],
    ["company", column(({ company }: Relation) => Number(company))],
    ["role", column(({ role }: Relation) => (role === null ? null : Number(role)))],
  ]),
})

interface AddressRow {
  readonly doc: Doc
  readonly row: Line
}

const addressRows = (world: NetSuiteWorld): ReadonlyArray<AddressRow> =>
  ["customer", "contact"]
    .filter((type) => may(world, type, "view"))
    .flatMap((type) => world.all(type).flatMap((doc) => Record.lines(doc, "addressBook").map((row) => ({ doc, row }))))

const FIELDS = ["addr1", "addr2", "addr3", "addressee", "attention", "city", "country", "state", "zip"]

const part = (field: string) =>
  column(({ row }: AddressRow) => {
    const address = row.parts["addressBookAddress"]
    return address === undefined ? null : Record.text(address, field) || null
  })

export const addresses = (world: NetSuiteWorld): TableDef => ({
  needs: "customer",
  rows: () => addressRows(world),
  columns: new Map([
    ["nkey", column(({ doc, row }: AddressRow) => Basic.addressKey(doc, row))],
    ...FIELDS.map((field) => [field, part(field)] as const),
    ["addrphone", part("addrPhone")],
    ["addrtext", part("addrText")],
  ]),
})

const flag = (field: string) => column(({ row }: AddressRow) => Column.truth(Record.flag(row, field)))

export const addressBook = (world: NetSuiteWorld): TableDef => ({
  needs: "customer",
  rows: () => addressRows(world).filter(({ doc }) => doc.type === "customer"),
  columns: new Map([
    ["internalid", column(({ row }: AddressRow) => Number(row.key))],
    ["entity", column(({ doc }: AddressRow) => Number(doc.id))],
    ["addressbookaddress", column(({ doc, row }: AddressRow) => Basic.addressKey(doc, row))],
    ["defaultbilling", flag("defaultBilling")],
    ["defaultshipping", flag("defaultShipping")],
    ["label", column(({ row }: AddressRow) => Record.text(row, "label") || null)],
  ]),
})

interface PriceRow {
  readonly doc: Doc
  readonly row: Line
}

const pricesOf = (doc: Doc): ReadonlyArray<PriceRow> => Record.lines(doc, "price").map((row) => ({ doc, row }))

const listed = (world: NetSuiteWorld, table: string, field: string) =>
  Column.column(
    ({ row }: PriceRow) => Number(Record.text(row, field)) || null,
    ({ row }: PriceRow) => {
      const found = world.table(table).get(Record.text(row, field))
      return found === undefined ? null : world.nameOf(found)
    },
  )

export const prices = (world: NetSuiteWorld): TableDef => ({
  needs: "inventoryItem",
  rows: () => [...world.table("items").values()].flatMap(pricesOf),
  find: new Map([
    [
      "item",
      (value) => {
        const doc = world.table("items").get(value)
        return doc === undefined ? [] : pricesOf(doc)
      },
    ],
  ]),
  columns: new Map([
    ["item", column(({ doc }: PriceRow) => Number(doc.id))],
    ["pricelevel", listed(world, "priceLevel", "priceLevel")],
    ["currency", listed(world, "currency", "currencyPage")],
    ["quantity", column(({ row }: PriceRow) => exact(Record.text(row, "priceQty") || "0"))],
    ["unitprice", column(({ row }: PriceRow) => exact(Record.text(row, "price")))],
  ]),
})

export const deleted = (world: NetSuiteWorld): TableDef => ({
  needs: "deletedRecord",
  rows: () => world.state.deletions,
  columns: new Map([
    ["recordid", column(({ id }: Deletion) => Number(id))],
    ["scriptid", column(({ type }: Deletion) => type.toLowerCase())],
    ["type", column(({ type }: Deletion) => Types.get(type).label)],
    ["name", column(({ name }: Deletion) => name)],
    ["context", column(() => "User Interface")],
    ["deleteddate", column(({ at }: Deletion) => Column.stampOf(world, at))],
  ]),
})
