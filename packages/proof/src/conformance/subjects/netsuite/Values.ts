/** Prices of items and days of orders, as the rules see them. */
import type { ValueProbe, Values } from "@mortise/conformance/kit/Probe"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import * as Books from "./Books.ts"
import { cellOf, keyOf } from "./Cells.ts"

interface Priced {
  readonly prices?: ReadonlyArray<{ readonly amount: Decimal.Decimal }>
}

export const values = (world: NetSuiteTwin.NetSuiteWorld): Values => {
  const carrying = (type: string, entity: string, key: string) =>
    world.all(type).find((doc) => keyOf(doc, entity) === key)
  const price: ValueProbe = {
    entity: "Product",
    write: (n, value, currency = "USD") => ({
      key: `hubspot/1234/|Product|V${n}`,
      fields: { sku: `V${n}`, prices: [{ currency, amount: Decimal.make(value) }] },
    }),
    inWorld: (key) => {
      const [row] = carrying("nonInventorySaleItem", "Product", key)?.subs["price"] ?? []
      return row === undefined ? undefined : cellOf(row, "price")
    },
    read: (record) => {
      const [read] = (record as Priced | undefined)?.prices ?? []
      return read === undefined ? undefined : Decimal.format(read.amount)
    },
  }
  return {
    decimal: price,
    money: price,
    date: {
      entity: "Order",
      enter: Effect.sync(() => Books.enter(world)),
      write: (n, value) => ({
        key: `hubspot/1234/|Deal|V${n}`,
        fields: {
          account: { number: "BUYER" },
          date: value,
          lines: [
            { key: "a", product: { number: "BOLT" }, quantity: Decimal.make("1"), unitPrice: Decimal.make("1.5") },
          ],
        },
      }),
      inWorld: (key) => {
        const doc = carrying("salesOrder", "Order", key)
        return doc === undefined ? undefined : cellOf(doc, "tranDate")
      },
      read: (record) => (record as { readonly date?: string } | undefined)?.date,
    },
  }
}
