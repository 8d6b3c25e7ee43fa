/** Quillbook's rows, and the records of the contract that they are. */
import * as Decimal from "@mortise/core/Decimal"
import type { Account, Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as SimplePort from "@mortise/core/SimplePort"
import type * as Lists from "./Lists.ts"

type Maybe = string | null
export interface AccountRow extends Lists.Row {
  readonly name: string
  readonly email: Maybe
  readonly phone: Maybe
  readonly city: Maybe
  readonly country: Maybe
  readonly currency: string
}
export interface PersonRow extends Lists.Row {
  readonly last_name: string
  readonly account: Maybe
}
interface LineRow {
  readonly key: string
  readonly product: string
  readonly quantity: Maybe
  readonly price: Maybe
}
export interface OrderRow extends Lists.Row {
  readonly account: Maybe
  readonly date: Maybe
  readonly currency: Maybe
  readonly lines: ReadonlyArray<LineRow> | null
}

/** What the wire calls the fields of each entity. */
export const WIRE = {
  accounts: { name: "name", email: "email", phone: "phone", billingAddress: "city,country", currency: "currency" },
  people: { lastName: "last_name", account: "account" },
  orders: { account: "account", date: "date", currency: "currency", lines: "lines" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

/** Marks a record that its vendor keeps though it was deleted, from the row to {@link telling}. */
export const DELETED = "quillbook.deleted"
export const marked = ({ deleted }: Lists.Row) => (deleted ? { custom: { [DELETED]: true } } : {})

export const toAccount = (row: AccountRow): SimplePort.Fields<typeof Account> => ({
  name: row.name,
  email: row.email,
  phone: row.phone,
  currency: row.currency,
  ...(row.city === undefined ? {} : { billingAddress: { city: row.city, country: row.country } }),
  ...marked(row),
})

export const fromAccount = ({ billingAddress, currency, email, name, phone }: Entity.Patch<typeof Account>) => ({
  name,
  email,
  phone,
  currency,
  ...(billingAddress === undefined ? {} : { city: billingAddress?.city, country: billingAddress?.country }),
})

export const toOrder = (row: OrderRow): SimplePort.Fields<typeof Order> => ({
  ...(row.account === null ? {} : { account: { id: row.account } }),
  date: row.date,
  currency: row.currency,
  lines: row.lines?.map(({ key, price, product, quantity }) => ({
    key,
    product: { number: product },
    quantity,
    unitPrice: price,
  })),
  ...marked(row),
})

const textOf = (amount: Decimal.Decimal | null | undefined): Maybe | undefined =>
  amount === null || amount === undefined ? amount : Decimal.format(amount)

export const fromOrder = ({ account, currency, date, lines }: Entity.Patch<typeof Order>) => ({
  account: account === null ? null : account?.id,
  date,
  currency,
  lines: lines?.map(({ key, product, quantity, unitPrice }) => ({
    key,
    product: product?.number,
    quantity: textOf(quantity),
    price: textOf(unitPrice),
  })),
})
