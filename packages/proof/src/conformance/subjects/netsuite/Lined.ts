/** The sales order with its lines, as the rules see it. */
import type { Lined } from "@mortise/conformance/kit/Probe"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import * as Books from "./Books.ts"
import { cellOf, keyOf } from "./Cells.ts"

export const lined = (world: NetSuiteTwin.NetSuiteWorld): Lined => ({
  entity: "Order",
  enter: Effect.sync(() => Books.enter(world)),
  write: (n, lines, fields) => ({
    key: `hubspot/1234/|Deal|${n}`,
    fields: {
      account: { number: "BUYER" },
      ...fields,
      lines: lines.map(({ key, product, quantity }) => ({
        key,
        product: { number: product },
        quantity: Decimal.make(quantity),
        unitPrice: Decimal.make("1.5"),
      })),
    },
  }),
  records: () => {
    const numbers = new Map(world.all("inventoryItem").map((item) => [item.id, cellOf(item, "itemId")]))
    return world.all("salesOrder").map((doc) => ({
      id: doc.id,
      key: keyOf(doc, "Order"),
      name: cellOf(doc, "memo"),
      lines: (doc.subs["item"] ?? []).map((line) => ({
        product: numbers.get(cellOf(line, "item") ?? ""),
        quantity: cellOf(line, "quantity") ?? "",
      })),
    }))
  },
})
