/** The deal with its line items, as the rules see it. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Lined } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as Identity from "@mortise/hubspot/Identity"
import * as Effect from "effect/Effect"

const PRODUCTS = ["BOLT", "NUT"]

/** The product's SKU is what its number is. */
const skuOf = (world: HubSpotTwin.HubSpotWorld, id: string | undefined): string | undefined =>
  id === undefined ? undefined : world.record("products", id)?.properties["hs_sku"]

export const lined = (world: HubSpotTwin.HubSpotWorld): Lined => ({
  entity: "Deal",
  enter: Effect.sync(() => {
    world.seed(PRODUCTS.map((sku) => ({ type: "products" as const, properties: { name: sku, hs_sku: sku } })))
  }),
  write: (n, lines, fields) => ({
    key: `acumatica/acme/main|Deal|D${n}`,
    fields: {
      name: `Deal ${n}`,
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
    world.records("deals").map(({ id, properties }) => ({
      id,
      key: Identity.decode(properties["mortise_key"]),
      name: properties["dealname"],
      lines: world.associations("deals", id, "line_items").map((one) => {
        const line = world.record("line_items", one.id)?.properties
        return { product: skuOf(world, line?.["hs_product_id"]), quantity: line?.["quantity"] ?? "" }
      }),
    })),
})
