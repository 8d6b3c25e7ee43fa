/** Customers, contacts, items and lists. */
import * as Amount from "../Amount.ts"
import { may } from "../Call.ts"
import * as Receivables from "../Receivables.ts"
import type { Doc } from "../Record.ts"
import * as Record from "../Record.ts"
import * as Types from "../Types.ts"
import type { NetSuiteWorld } from "../World.ts"
import * as Column from "./Column.ts"
import type { TableDef } from "./Tables.ts"
import { exact, type Value } from "./Values.ts"

const idOf = Column.column((doc: Doc) => Number(doc.id))

const textOf = (field: string) => (doc: Doc) => Record.text(doc, field) || null

/** Where people find a record by its id or its external id. */
const finds = (world: NetSuiteWorld, types: ReadonlyArray<string>): NonNullable<TableDef["find"]> => {
  const table = world.tableOf(types[0] ?? "")
  const only = (doc: Doc | undefined) => (doc !== undefined && types.includes(doc.type) ? [doc] : [])
  return new Map([["id", (value: string) => only(table.get(value))]])
}

const holdOf = (world: NetSuiteWorld, doc: Doc): boolean => {
  const rule = Record.text(doc, "creditHoldOverride")
  if (rule !== "AUTO") return rule === "ON"
  const limit = Record.text(doc, "creditLimit")
  return limit !== "" && Amount.compare(Receivables.standing(world, doc).balance, limit) > 0
}

/** Every address has a key of its own in the whole account: the record's and the row's. */
const ROWS_OF_ONE = 1000
export const addressKey = (doc: Doc, row: Record.Line): number => Number(doc.id) * ROWS_OF_ONE + Number(row.key)

const addressOf = (flag: string) => (doc: Doc) => {
  const row = Record.lines(doc, "addressBook").find((one) => Record.flag(one, flag))
  return row === undefined ? null : addressKey(doc, row)
}

const addressText = (flag: string) => (doc: Doc) => {
  const row = Record.lines(doc, "addressBook").find((one) => Record.flag(one, flag))
  return row === undefined ? null : Record.text(row, "addressBookAddress_text")
}

const stageOf = (world: NetSuiteWorld, doc: Doc): Value => {
  const status = world.table("customerStatus").get(Record.text(doc, "entityStatus"))
  return status === undefined ? null : Record.text(status, "stage")
}

const WORDS: Readonly<Record<string, string>> = { LEAD: "Lead", PROSPECT: "Prospect", CUSTOMER: "Customer" }

/** Of the record API, and by other names or not at all in queries. */
const NOT_OF_CUSTOMERS = new Set(["balance", "overdueBalance", "depositBalance", "daysOverdue", "unbilledOrders"])

export const customer = (world: NetSuiteWorld): TableDef => {
  const shape = world.shapes.of("customer")
  const standing = (doc: Doc) => Receivables.standing(world, doc)
  return {
    needs: "customer",
    rows: () => world.all("customer"),
    find: finds(world, ["customer"]),
    columns: new Map([
      ...Column.members(world, "customer", shape, NOT_OF_CUSTOMERS),
      ["id", idOf],
      ["fullname", Column.column((doc: Doc) => world.nameOf(doc))],
      [
        "stage",
        Column.column(
          (doc: Doc) => stageOf(world, doc),
          (doc: Doc) => WORDS[String(stageOf(world, doc))] ?? null,
        ),
      ],
      ["oncredithold", Column.column((doc: Doc) => Column.truth(holdOf(world, doc)))],
      ["balancesearch", Column.column((doc: Doc) => exact(standing(doc).balance))],
      ["overduebalancesearch", Column.column((doc: Doc) => exact(standing(doc).overdue))],
      ["daysoverduesearch", Column.column((doc: Doc) => standing(doc).days || null)],
      ["defaultbillingaddress", Column.column(addressOf("defaultBilling"), addressText("defaultBilling"))],
      ["defaultshippingaddress", Column.column(addressOf("defaultShipping"), addressText("defaultShipping"))],
    ]),
  }
}

export const contact = (world: NetSuiteWorld): TableDef => ({
  needs: "contact",
  rows: () => world.all("contact"),
  find: finds(world, ["contact"]),
  columns: new Map([...Column.members(world, "contact", world.shapes.of("contact")), ["id", idOf]]),
})

const ITEMS = Types.TYPES.filter((one) => one.group === "items")

export const item = (world: NetSuiteWorld): TableDef => ({
  needs: "inventoryItem",
  rows: () => {
    const seen = new Set(ITEMS.filter((one) => may(world, one.name, "view")).map((one) => one.name))
    return [...world.table("items").values()].filter((doc) => seen.has(doc.type))
  },
  find: finds(
    world,
    ITEMS.map((one) => one.name),
  ),
  columns: new Map([
    ...ITEMS.flatMap(({ name }) => Column.members(world, name, world.shapes.of(name), new Set(["rate"]))),
    ["id", idOf],
    [
      "itemtype",
      Column.column(
        (doc: Doc) => Types.get(doc.type).item?.type ?? null,
        (doc: Doc) => Types.get(doc.type).label,
      ),
    ],
    ["subtype", Column.column((doc: Doc) => Types.get(doc.type).item?.subtype ?? null)],
    ["fullname", Column.column(textOf("itemId"))],
    ["description", Column.column(textOf("salesDescription"))],
    ["totalquantityonhand", Column.column((doc: Doc) => exact(Record.text(doc, "quantityOnHand") || "0"))],
  ]),
})

export const list = (world: NetSuiteWorld, type: string): TableDef => ({
  needs: type,
  rows: () => world.all(type),
  find: finds(world, [type]),
  columns: new Map([...Column.members(world, type, world.shapes.of(type)), ["id", idOf]]),
})
