/** The books without what two equal runs may differ in: ids, times, and the numbers that sequences give. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"

export const of = (world: DynamicsTwin.DynamicsWorld): ReadonlyArray<string> => {
  const { tables } = world.dump()
  const names = new Map<string, string>()
  for (const { docs } of Object.values(tables)) {
    for (const { fields } of docs) {
      const name = fields["IdentificationNumber"] || fields["BillingInformation"] || fields["CustomersOrderReference"]
      for (const number of ["CustomerAccount", "PartyNumber", "ContactPersonId", "SalesOrderNumber"] as const) {
        const value = fields[number]
        if (typeof value === "string" && typeof name === "string" && name !== "") names.set(value, `<${name}>`)
      }
    }
  }
  const lasting = (key: string, value: unknown): unknown => {
    if (/RecId$|^recId$|^id$|version|modified|created|DateTime$|LotId|InventoryLot|VersionNumber/i.test(key))
      return undefined
    return typeof value === "string" ? (names.get(value) ?? value) : value
  }
  return Object.entries(tables)
    .flatMap(([name, { docs }]) => docs.map((doc) => `${name} ${JSON.stringify(doc, lasting)}`))
    .sort()
}
