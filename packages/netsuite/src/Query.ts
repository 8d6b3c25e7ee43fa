/**
 * Queries of SuiteQL: one table each, columns by name, conditions with bound values. What a column shows depends on the
 * preferences of the user where nothing is said, so days and stamps are asked for with a mask.
 */
import * as Filter from "./Filter.ts"

/**
 * A column and how it is asked for. `label` is the text that people see in place of an id, in the language of the user.
 */
export interface Column {
  readonly name: string
  readonly as: "plain" | "day" | "stamp" | "label"
  /** Answered as; the column's own name unless told. */
  readonly alias: string
}

const column =
  (as: Column["as"]) =>
  (name: string, alias = name): Column => ({ name: Filter.name(name), as, alias: Filter.name(alias) })

export const plain = column("plain")
export const day = column("day")
export const stamp = column("stamp")
export const label = column("label")

const EXPRESSIONS: { readonly [A in Column["as"]]: (name: string) => string } = {
  plain: (name) => name,
  day: (name) => `TO_CHAR(${name}, '${Filter.DAY_MASK}')`,
  stamp: (name) => `TO_CHAR(${name}, '${Filter.STAMP_MASK}')`,
  label: (name) => `BUILTIN.DF(${name})`,
}

const shown = ({ alias, as, name }: Column): string =>
  as === "plain" && alias === name ? name : `${EXPRESSIONS[as](name)} AS ${alias}`

export interface Query {
  readonly q: string
  readonly params: ReadonlyArray<string | number>
}

/** By a column, the least first unless told. */
export type Order = string | { readonly descending: string }

export const descending = (name: string): Order => ({ descending: name })

const ordered = (order: Order): string =>
  typeof order === "string" ? Filter.name(order) : `${Filter.name(order.descending)} DESC`

export interface Select {
  readonly columns: ReadonlyArray<Column>
  readonly from: string
  readonly where?: Filter.Filter | undefined
  readonly orderBy: ReadonlyArray<Order>
}

/** NetSuite: pages of a query without an order are not the same from one to the next, so there is always one. */
export const select = ({ columns, from, orderBy, where }: Select): Query => ({
  q: [
    `SELECT ${columns.map(shown).join(", ")}`,
    `FROM ${Filter.name(from)}`,
    ...(where === undefined ? [] : [`WHERE ${where.text}`]),
    `ORDER BY ${orderBy.map(ordered).join(", ")}`,
  ].join(" "),
  params: where?.params ?? [],
})
