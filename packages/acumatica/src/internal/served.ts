/** The forms behind each entity, as far as the tenant has them. */
import type { EntityName } from "../Config.ts"
import type { Settings } from "../Settings.ts"
import type { Resource } from "../Versions.ts"

const some = <R extends Resource>(all: ReadonlyArray<R>, had: ReadonlyArray<R> | undefined): ReadonlyArray<R> =>
  had === undefined || had.length === 0 ? all : all.filter((each) => had.includes(each))

export const served = (settings: Settings): { readonly [E in EntityName]: ReadonlyArray<Resource> } => ({
  Account: ["Customer"],
  Contact: ["Contact"],
  Product: some(["StockItem", "NonStockItem"], settings.products?.forms),
  Order: ["SalesOrder"],
  Invoice: some(["SalesInvoice", "Invoice"], settings.invoices?.forms),
  Payment: ["Payment"],
})
