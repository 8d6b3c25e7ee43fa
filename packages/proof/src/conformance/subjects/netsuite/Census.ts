/** The books without what two equal runs may differ in: ids, times, and the numbers that the account counts out. */
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"

/** Lines get new numbers where the whole set was sent in place of the old one. */
const OF_THE_RUN = /^(id|key|line|lastLine|created|modified|internalId|lineUniqueKey|tranId|transactionNumber)$/

/** Members that hold the id of a record which a run may have made. Each group counts for itself. */
const REFERENCES: Readonly<Record<string, string>> = {
  company: "entities",
  customer: "entities",
  entity: "entities",
  parent: "entities",
  item: "items",
  doc: "transactions",
  createdFrom: "transactions",
  orderDoc: "transactions",
}

const BOOKS = ["entities", "items", "transactions"]

export const of = (world: NetSuiteTwin.NetSuiteWorld): ReadonlyArray<string> => {
  const books = BOOKS.map((name) => ({ name, docs: [...world.table(name).values()] }))
  const names = new Map(
    books.flatMap(({ docs, name }) =>
      docs.map(({ fields, id, type }) => {
        const known = fields["externalId"] ?? fields["altName"] ?? fields["itemId"] ?? fields["memo"] ?? ""
        return [`${name} ${id}`, `<${type} ${known}>`] as const
      }),
    ),
  )
  const nameOf = (group: string | undefined, value: unknown): unknown => names.get(`${group} ${value}`) ?? value
  const lasting = (member: string, value: unknown): unknown => {
    if (OF_THE_RUN.test(member)) return undefined
    if (member === "entityId" && /^CUST\d+$/.test(String(value))) return undefined
    return nameOf(REFERENCES[member], value)
  }
  return [
    ...books.flatMap(({ docs }) => docs.map((doc) => JSON.stringify(doc, lasting))),
    ...world.state.attachments.map(
      ({ contact, to }) => `${nameOf("entities", contact)} hangs on ${nameOf("entities", to)}`,
    ),
  ].sort()
}
