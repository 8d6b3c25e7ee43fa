/**
 * Tables and columns of queries, which are not those of the record API: names in lower case, references as ids, some fields
 * by other names, some not there. As public tools list the catalogue and integrators query it.
 */
import type { NetSuiteWorld } from "../World.ts"
import * as Basic from "./Basic.ts"
import * as Links from "./Links.ts"
import * as Transactions from "./Transactions.ts"
import type { Value } from "./Values.ts"

/** A column reads any row of its table; `shown` is what BUILTIN.DF makes of it. */
export interface Column {
  readonly get: (row: never) => Value
  readonly shown?: (row: never) => Value
}

export interface TableDef {
  readonly columns: ReadonlyMap<string, Column>
  readonly rows: () => Iterable<unknown>
  /** Columns that a record has and a query may not ask for, with the reason in the words of the search. */
  readonly hidden?: ReadonlyMap<string, string>
  /** Rows by the value of a column, where the world can find them without a scan. */
  readonly find?: ReadonlyMap<string, (value: string) => ReadonlyArray<unknown>>
  /** The record type whose permission it takes. */
  readonly needs?: string
}

export interface Catalogue {
  readonly table: (name: string) => TableDef | undefined
}

type Maker = (world: NetSuiteWorld) => TableDef

const MAKERS: Readonly<Record<string, Maker>> = {
  customer: (world) => Basic.customer(world),
  contact: (world) => Basic.contact(world),
  employee: (world) => Basic.list(world, "employee"),
  item: (world) => Basic.item(world),
  transaction: (world) => Transactions.header(world),
  transactionline: (world) => Transactions.line(world),
  nexttransactionlinelink: (world) => Links.next(world),
  companycontactrelationship: (world) => Links.contacts(world),
  entityaddress: (world) => Links.addresses(world),
  customeraddressbook: (world) => Links.addressBook(world),
  pricing: (world) => Links.prices(world),
  deletedrecord: (world) => Links.deleted(world),
  entitystatus: (world) => Basic.list(world, "customerStatus"),
  ...Object.fromEntries(
    [
      "account",
      "accountingPeriod",
      "classification",
      "contactCategory",
      "contactRole",
      "currency",
      "customerCategory",
      "customerStatus",
      "department",
      "location",
      "priceLevel",
      "term",
      "unitsType",
    ].map((type) => [type.toLowerCase(), (world: NetSuiteWorld) => Basic.list(world, type)]),
  ),
}

/** Tables are made when they are first asked for, anew for each query. */
export const catalogue = (world: NetSuiteWorld): Catalogue => {
  const made = new Map<string, TableDef>()
  return {
    table: (name) => {
      const folded = name.toLowerCase()
      const known = made.get(folded)
      if (known !== undefined) return known
      const maker =
        folded === "subsidiary" && world.knobs.oneWorld
          ? (of: NetSuiteWorld) => Basic.list(of, "subsidiary")
          : MAKERS[folded]
      if (maker === undefined) return undefined
      const table = maker(world)
      made.set(folded, table)
      return table
    },
  }
}
