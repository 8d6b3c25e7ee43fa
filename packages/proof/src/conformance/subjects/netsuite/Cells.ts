/** What stands in the world's records: values, where they are texts, and our key. */
import * as NetSuiteIdentity from "@mortise/netsuite/Identity"

/** The company of the instance that the connector is opened for, and its money: the euro. */
export const SUBSIDIARY = "2"
export const EURO = "4"

interface Row {
  readonly fields: { readonly [member: string]: string | boolean | null }
}

/** Undefined for what is not there, is empty, or is no text. */
export const cellOf = (row: Row, member: string): string | undefined => {
  const cell = row.fields[member]
  return typeof cell === "string" && cell !== "" ? cell : undefined
}

/** The key in its external id, when we wrote that for a record of this entity. */
export const keyOf = (row: Row, entity: string): string | undefined =>
  NetSuiteIdentity.decode({ subsidiary: SUBSIDIARY, keyFields: {} }, entity, cellOf(row, "externalId") ?? "")
