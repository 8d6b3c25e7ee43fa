/** Reads members of a record: kept ones, and those that the instance derives when it shows them. */

import type { Knobs } from "./Knobs.ts"
import { docTypeCode } from "./Labels.ts"
import type { Cell, Doc, Row } from "./Record.ts"
import { text } from "./Record.ts"
import type { NestedMember, ScalarMember, Shapes } from "./Shapes.ts"
import type { Tenant } from "./Tenant.ts"

/** What reading needs to know. */
export interface View {
  readonly tenant: Tenant
  readonly shapes: Shapes
  readonly knobs: Knobs
}

const isDoc = (row: Row): row is Doc => "modified" in row

const flipped = (cell: Cell): Cell => (cell === null ? true : typeof cell === "boolean" ? !cell : cell)

const kept = (row: Row, member: ScalarMember): Cell => {
  const cell = row.fields[member.source] ?? null
  return member.inverted ? flipped(cell) : cell
}

const derivedOfDoc = (view: View, type: string, doc: Doc, source: string): Cell | undefined => {
  if (source === "LastModifiedDateTime") {
    return type === "BusinessAccount" ? (doc.accountModified ?? doc.modified) : doc.modified
  }
  if (source === "CreatedDateTime") return doc.created
  if (source === "Email" && type === "Customer") return doc.links["MainContact"]?.fields["Email"] ?? null
  if (source === "CompanyName" && type === "Contact") {
    const account = view.tenant.store("accounts").find([text(doc, "BusinessAccount")])
    return account?.fields["CustomerName"] ?? doc.fields[source] ?? null
  }
  return undefined
}

/** `type` is the entity for a top-level record and does not matter below it, but for lines of applications. */
export const cellOf = (view: View, type: string, row: Row, member: ScalarMember): Cell => {
  if (member.source === "NoteID") return row.id === "" ? null : row.id
  if (isDoc(row)) {
    const derived = derivedOfDoc(view, type, row, member.source)
    if (derived !== undefined) return derived
  }
  const cell = kept(row, member)
  const coded = member.name === "AdjustedDocType" || (type === "PaymentDetail" && member.name === "DocType")
  return coded && typeof cell === "string" && view.knobs.applicationDocType === "code" ? docTypeCode(cell) : cell
}

/** A linked entity; a dotted source walks. */
export const linkOf = (row: Row, source: string): Row | undefined => {
  let at: Row | undefined = row
  for (const name of source.split(".")) at = at?.links[name]
  return at
}

const contactLine = (contact: Doc): Row => ({
  id: contact.id,
  fields: {
    ContactID: contact.fields["ContactID"] ?? null,
    LastModifiedDateTime: contact.modified,
    Active: contact.fields["Active"] ?? null,
    DisplayName: contact.fields["DisplayName"] ?? null,
    Email: contact.fields["Email"] ?? null,
    JobTitle: contact.fields["JobTitle"] ?? null,
    Phone1: contact.fields["Phone1"] ?? null,
    City: contact.links["Address"]?.fields["City"] ?? null,
    Type: "Contact",
  },
  links: { Contact: contact },
  rows: {},
  custom: {},
  note: "",
})

/** Detail lines; the contacts of an account come from their own table. */
export const rowsOf = (view: View, type: string, row: Row, member: NestedMember): ReadonlyArray<Row> => {
  if (member.source === "Contacts" && (type === "Customer" || type === "BusinessAccount")) {
    return view.tenant.store("contacts").where("BusinessAccount", text(row, "CustomerID")).map(contactLine)
  }
  return row.rows[member.source] ?? []
}
