/** What documents point to, entered by hand: a customer of the company, and two items with a price. */
import { START } from "@mortise/conformance/kit/Bench"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import { EURO, SUBSIDIARY } from "./Cells.ts"

const HOUR = 3_600_000

const item = (itemId: string, displayName: string, price: string) => ({
  itemId,
  displayName,
  price: [{ priceLevel: "1", currencyPage: EURO, price }],
  $modified: START - 2 * HOUR,
})

/** The customer of all documents, made when it is first asked for. */
export const buyer = (world: NetSuiteTwin.NetSuiteWorld): string => {
  const known = world.all("customer").find(({ fields }) => fields["entityId"] === "BUYER")
  if (known !== undefined) return known.id
  const [made] = world.seed("customer", [
    { entityId: "BUYER", companyName: "Buyer", subsidiary: SUBSIDIARY, currency: EURO, $modified: START - 8 * HOUR },
  ])
  return made?.id ?? ""
}

export const enter = (world: NetSuiteTwin.NetSuiteWorld): void => {
  buyer(world)
  world.seed("inventoryItem", [item("BOLT", "Bolt", "2"), item("NUT", "Nut", "1")])
}
