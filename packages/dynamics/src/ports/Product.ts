/**
 * Product: ReleasedProductsV2, named by its ItemNumber. Its name and description are the shared product's. The ERP owns
 * items: they are read, and nothing is written.
 *
 * Requests for N products: a list for every page (`pageSize`), with the shared products in it.
 */
import { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as Price from "../internal/price.ts"
import * as Reading from "../internal/Reader.ts"
import type { Wire } from "../Sets.ts"

type E = typeof Product
type Rec = Entity.Record<E>
type Item = Wire<"ReleasedProductsV2">

const kinds = ["stock", "nonStock", "service"] as const
const KINDS = { Item: "stock", Service: "service" }

const pricesOf = (reader: Reading.Reader<Item>, currency: string | undefined): Rec["prices"] | undefined => {
  const price = reader.decimal("SalesPrice")
  if (price === undefined || price === null) return undefined
  const amount = BigDecimal.isZero(price) ? undefined : Price.ofOne(price, reader.decimal("SalesPriceQuantity"))
  if (amount === undefined || amount === null) return []
  const validFrom = reader.day("SalesPriceDate") ?? undefined
  return [{ amount, ...Reading.known({ currency, validFrom }) }]
}

const decode = (reader: Reading.Reader<Item>, { currency, settings }: Facts): Partial<Rec> => {
  const shared = reader.link<Wire<"AllProducts">>("EveryProduct")
  const state = reader.text("ProductLifecycleStateId")
  const inactive = settings.products?.inactiveStates ?? []
  return Reading.known({
    sku: reader.text("ItemNumber"),
    name: shared?.text("ProductName") ?? reader.text("SearchName"),
    description: shared?.text("ProductDescription"),
    active: state === undefined ? undefined : state === null || !inactive.includes(state),
    kind: coded(reader.text("ProductType"), kinds, { own: undefined, builtIn: KINDS }),
    prices: pricesOf(reader, currency),
    unit: reader.text("SalesUnitSymbol"),
  }) as Partial<Rec>
}

export const mapping: Mapping<E, "ReleasedProductsV2"> = {
  entity: Product,
  resource: "ReleasedProductsV2",
  members: {
    sku: ["ItemNumber"],
    name: ["SearchName", "EveryProduct/ProductName"],
    description: ["EveryProduct/ProductDescription"],
    active: ["ProductLifecycleStateId"],
    kind: ["ProductType"],
    prices: ["SalesPrice", "SalesPriceQuantity", "SalesPriceDate"],
    unit: ["SalesUnitSymbol"],
  },
  decode,
}

export const absent: Features.Features<E>["absent"] = {
  write: "items are the ERP's: a new one needs groups and dimensions that nobody else knows",
  recurring: "an item has no billing period",
  availability: "on-hand quantities are in none of these sets",
}
