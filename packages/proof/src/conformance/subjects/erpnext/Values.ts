/** Amounts and days of ERPNext's orders and invoices, as the rules see them. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { ValueProbe, Values } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as ErpNextIdentity from "@mortise/erpnext/Identity"
import * as Effect from "effect/Effect"
import * as Books from "./Books.ts"

const plain = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : Decimal.format(Decimal.make(String(value)))

interface Read {
  readonly date?: string
  readonly lines?: ReadonlyArray<{ readonly unitPrice?: Decimal.Decimal | null }>
}

export const values = (world: ErpNextTwin.ErpNextWorld): Values => {
  const found = (key: string) =>
    world.all("Sales Order").find(({ columns }) => ErpNextIdentity.decode(String(columns["mortise_key"] ?? "")) === key)
  const order = (n: number, price: string, fields: { readonly [field: string]: unknown } = {}) => ({
    key: `hubspot/1234/|Deal|V${n}`,
    fields: {
      account: { id: Books.BUYER },
      lines: [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("1"), unitPrice: Decimal.make(price) }],
      ...fields,
    },
  })
  const enter = Effect.sync(() => {
    Books.enterBuyer(world)
    Books.enterItems(world)
  })
  const price: ValueProbe = {
    entity: "Order",
    enter,
    write: (n, value, currency = "USD") => order(n, value, { currency }),
    inWorld: (key) => plain(found(key)?.tables["items"]?.[0]?.["rate"]),
    read: (record) => {
      const read = (record as Read | undefined)?.lines?.[0]?.unitPrice
      return read === undefined || read === null ? undefined : Decimal.format(read)
    },
  }
  return {
    money: price,
    date: {
      entity: "Order",
      enter,
      write: (n, value) => order(n, "1", { date: value }),
      inWorld: (key) => {
        const day = found(key)?.columns["transaction_date"]
        return day === undefined || day === null ? undefined : String(day)
      },
      read: (record) => (record as Read | undefined)?.date,
    },
  }
}
