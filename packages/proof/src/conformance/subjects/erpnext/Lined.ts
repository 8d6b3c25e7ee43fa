/** The sales order with its items, as the rules see it. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Lined } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as ErpNextIdentity from "@mortise/erpnext/Identity"
import * as Effect from "effect/Effect"
import * as Books from "./Books.ts"

export const lined = (world: ErpNextTwin.ErpNextWorld): Lined => ({
  entity: "Order",
  enter: Effect.sync(() => {
    Books.enterBuyer(world)
    Books.enterItems(world)
  }),
  write: (n, lines, fields) => ({
    key: `hubspot/1234/|Deal|${n}`,
    fields: {
      account: { id: Books.BUYER },
      ...fields,
      lines: lines.map(({ key, product, quantity }) => ({
        key,
        product: { number: product },
        quantity: Decimal.make(quantity),
        unitPrice: Decimal.make("1.5"),
      })),
    },
  }),
  records: () =>
    world.all("Sales Order").map(({ columns, tables }) => ({
      id: String(columns["name"]),
      key: ErpNextIdentity.decode(String(columns["mortise_key"] ?? "")),
      name: columns["title"] === undefined ? undefined : String(columns["title"]),
      lines: (tables["items"] ?? []).map((row) => ({
        product: String(row["item_code"]),
        quantity: Decimal.format(Decimal.make(String(row["qty"]))),
      })),
    })),
})
