/** The sales order with its lines, as the rules see it. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Lined } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as DynamicsIdentity from "@mortise/dynamics/Identity"
import * as Effect from "effect/Effect"
import { COMPANY, textOf } from "./Party.ts"

const HEADERS = "SalesOrderHeadersV2"
const LINES = "SalesOrderLines"
const ITEMS = ["BOLT", "NUT"]

/** What orders and invoices point to. */
export const enterBuyer = (world: DynamicsTwin.DynamicsWorld): void => {
  if (world.get("CustomersV3", COMPANY, "BUYER") !== undefined) return
  world.seed(
    "CustomersV3",
    [{ CustomerAccount: "BUYER", OrganizationName: "Buyer", CustomerGroupId: "10", SalesCurrencyCode: "USD" }],
    COMPANY,
  )
  world.seed(
    "ProductsV2",
    ITEMS.map((id) => ({ ProductNumber: id, ProductName: `Item ${id}` })),
  )
  world.seed(
    "ReleasedProductsV2",
    ITEMS.map((id) => ({
      ItemNumber: id,
      ProductNumber: id,
      SearchName: id,
      ProductType: "Item",
      SalesPrice: "10",
      SalesUnitSymbol: "ea",
    })),
    COMPANY,
  )
}

export const lined = (world: DynamicsTwin.DynamicsWorld): Lined => ({
  entity: "Order",
  enter: Effect.sync(() => enterBuyer(world)),
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
    world.all(HEADERS, COMPANY).map((doc) => {
      const number = textOf(world.value(HEADERS, doc, "SalesOrderNumber")) ?? ""
      const mine = world
        .all(LINES, COMPANY)
        .filter((line) => textOf(world.value(LINES, line, "SalesOrderNumber")) === number)
      return {
        id: number,
        key: DynamicsIdentity.decode(textOf(world.value(HEADERS, doc, "CustomersOrderReference")) ?? ""),
        name: textOf(world.value(HEADERS, doc, "SalesOrderName")),
        lines: mine.map((line) => ({
          product: textOf(world.value(LINES, line, "ItemNumber")),
          quantity: Decimal.format(Decimal.make(String(world.value(LINES, line, "OrderedSalesQuantity")))),
        })),
      }
    }),
})
