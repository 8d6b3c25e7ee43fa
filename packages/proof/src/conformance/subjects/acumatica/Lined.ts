/** The sales order with its details, as the rules see it. */
import * as AcumaticaIdentity from "@mortise/acumatica/Identity"
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { Lined } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"

export const lined = (world: AcumaticaTwin.AcumaticaWorld): Lined => ({
  entity: "Order",
  enter: Effect.sync(() => {
    world.seed("Customer", [{ CustomerID: "BUYER", CustomerName: "Buyer", $modified: START - 7_200_000 }])
    world.seed("StockItem", [
      { InventoryID: "BOLT", Description: "Bolt", DefaultPrice: "2" },
      { InventoryID: "NUT", Description: "Nut", DefaultPrice: "1" },
    ])
  }),
  write: (n, lines, fields) => ({
    key: `hubspot/1234/|Deal|${n}`,
    fields: {
      account: { id: "BUYER" },
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
    world.all("SalesOrder").map(({ fields, rows }) => ({
      id: `${fields["OrderType"]}/${fields["OrderNbr"]}`,
      key: AcumaticaIdentity.decode(String(fields["ExternalRef"] ?? "")),
      name: fields["Description"] === undefined ? undefined : String(fields["Description"]),
      lines: (rows["Details"] ?? []).map((row) => ({
        product: String(row.fields["InventoryID"]),
        quantity: String(row.fields["OrderQty"]),
      })),
    })),
})
