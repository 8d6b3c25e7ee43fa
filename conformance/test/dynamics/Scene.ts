/** What documents need: a customer, an item and, where asked, an order with lines. */
import type { open } from "./Client.ts"
import { CUSTOMER } from "./Client.ts"

type World = ReturnType<typeof open>["world"]

export const stock = (world: World, company = "usmf"): void => {
  const currency = company === "usmf" ? "USD" : "EUR"
  world.seed(
    "CustomersV3",
    [
      {
        ...CUSTOMER,
        CustomerAccount: "C1",
        SalesCurrencyCode: currency,
        SiteId: "1",
        AddressStreet: "Weg 1",
        AddressCity: "Bonn",
        AddressCountryRegionId: "DEU",
      },
    ],
    company,
  )
  world.seed(
    "ReleasedProductCreationsV2",
    [{ ItemNumber: "I1", ProductNumber: `P-${company}`, ProductName: "Lamp", SalesUnitSymbol: "ea" }],
    company,
  )
  world.edit("ReleasedProductsV2", [company, "I1"], { SalesPrice: "12.50" })
}

export const order = (
  world: World,
  number = "S1",
  company = "usmf",
  quantities: ReadonlyArray<string> = ["2", "3"],
) => {
  const header = { SalesOrderNumber: number, OrderingCustomerAccountNumber: "C1", CustomersOrderReference: "crm|1" }
  world.seed("SalesOrderHeadersV2", [header], company)
  return world.seed(
    "SalesOrderLines",
    quantities.map((OrderedSalesQuantity) => ({ SalesOrderNumber: number, ItemNumber: "I1", OrderedSalesQuantity })),
    company,
  )
}

/** A posted invoice of 62.50; gives its number. */
export const invoice = (world: World, company = "usmf"): string => {
  stock(world, company)
  order(world, "S1", company)
  return world.postOrder(company, "S1")
}
