/** Records for worlds. */
import type { SeedRecord } from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Bench } from "./Bench.ts"
import { COMPANY, START } from "./Bench.ts"

export const HOUR = 3_600_000

export const customer = (index: number, more: SeedRecord = {}): SeedRecord => ({
  CustomerAccount: `C-${String(index).padStart(5, "0")}`,
  OrganizationName: `Customer ${index}`,
  CustomerGroupId: "10",
  SalesCurrencyCode: "USD",
  PrimaryContactEmail: `post${index}@customer${index}.example`,
  $modified: START - 10 * HOUR + index * 1000,
  ...more,
})

export const customers = (count: number, more: SeedRecord = {}): ReadonlyArray<SeedRecord> =>
  Array.from({ length: count }, (_, index) => customer(index, more))

export const item = (id: string, more: SeedRecord = {}): SeedRecord => ({
  ItemNumber: id,
  ProductNumber: id,
  SearchName: id,
  ProductType: "Item",
  SalesPrice: "10",
  SalesUnitSymbol: "ea",
  ...more,
})

/** An item with the shared product that names it. */
export const items = (bench: Bench, ...ids: ReadonlyArray<string>): void => {
  bench.world.seed(
    "ProductsV2",
    ids.map((id) => ({ ProductNumber: id, ProductName: `Item ${id}`, ProductDescription: `What ${id} is` })),
  )
  bench.world.seed(
    "ReleasedProductsV2",
    ids.map((id) => item(id)),
    COMPANY,
  )
}

/** A warehouse for the lines of orders. */
export const SITE = { site: "1", warehouse: "11" } as const
