/**
 * Contact: named after the person and the first thing it is linked to; our key stands in the unique field. Addresses and
 * numbers are rows of child tables, and so are the links: each row is sent whole, and the others stay.
 *
 * Requests for N contacts: reading takes a list for every page and one for each of the three tables. Writing as for accounts.
 */

import { Contact } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { clearing, emailsOf, phonesOf, rowsOf } from "../internal/contactRows.ts"
import { type Doc, textOf } from "../internal/Doc.ts"
import type { Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import { definedBody, type Encoded, type EncodeFacts, type Pointer, type Writer } from "../internal/Writer.ts"

type E = typeof Contact
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const CUSTOMER = "Customer"

const accountOf = (reader: Reader) => {
  const own = reader.rows("links").find((row) => row.text("link_doctype") === CUSTOMER)
  return link(own?.text("link_name") ?? null)
}

const decode = (reader: Reader): Partial<Rec> =>
  known({
    firstName: reader.text("first_name"),
    lastName: reader.text("last_name"),
    displayName: reader.text("full_name"),
    title: reader.text("designation"),
    email: reader.text("email_id"),
    emails: reader.rows("email_ids").flatMap((row) => row.text("email_id") ?? []),
    phone: reader.text("phone"),
    mobile: reader.text("mobile_no"),
    account: accountOf(reader),
  }) as Partial<Rec>

export const mapping: Mapping<E> = {
  entity: Contact,
  doctype: "Contact",
  members: {
    firstName: ["first_name"],
    lastName: ["last_name"],
    displayName: ["full_name"],
    title: ["designation"],
    email: ["email_id"],
    emails: ["email_ids/email_id"],
    phone: ["phone"],
    mobile: ["mobile_no"],
    account: ["links/link_doctype", "links/link_name"],
  },
  tables: { email_ids: "Contact Email", phone_nos: "Contact Phone", links: "Dynamic Link" },
  sides: {},
  inCompanyCurrency: [],
  where: [],
  decode,
}

/** The links with that to the account in the place of the old one. */
const linksOf = ({ account }: Patch, rows: ReadonlyArray<Doc>, { idOf }: EncodeFacts) => {
  if (account === undefined) return undefined
  const others = rows.filter((row) => textOf(row, "link_doctype") !== CUSTOMER)
  if (account === null) return others
  const id = idOf("Account", account)
  const own = rows.filter((row) => textOf(row, "link_doctype") === CUSTOMER)
  const same = own.find((row) => textOf(row, "link_name") === id)
  return [same ?? { link_doctype: CUSTOMER, link_name: id }, ...own.slice(1).filter((row) => row !== same), ...others]
}

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  const rows = (table: string) => rowsOf(facts.existing, table)
  const issues = clearing(patch, rows("email_ids"))
  if (issues.length > 0) return { issues }
  return {
    body: definedBody({
      first_name: patch.firstName,
      last_name: patch.lastName,
      designation: patch.title,
      email_ids: emailsOf(patch, rows("email_ids")),
      phone_nos: phonesOf(patch, rows("phone_nos")),
      links: linksOf(patch, rows("links"), facts),
    }),
  }
}

/** The site names a contact after its first name; somebody of whom only another name is known goes by that. */
const initial = (patch: Patch): Encoded => {
  if (patch.firstName) return { body: {} }
  const name = patch.lastName || patch.email
  return name
    ? { body: { first_name: name } }
    : { issues: [{ path: ["firstName"], message: "is missing; a new contact needs a name or an address" }] }
}

const pointers = ({ account }: Patch): ReadonlyArray<Pointer> =>
  account === undefined || account === null ? [] : [{ path: "account", entity: "Account", reference: account }]

const sameText = (wanted: unknown, found: unknown): boolean =>
  String(wanted ?? "")
    .trim()
    .toLowerCase() ===
  String(found ?? "")
    .trim()
    .toLowerCase()

export const writer: Writer<E> = {
  writable: ["firstName", "lastName", "title", "email", "phone", "mobile", "account"],
  notClearable: ["firstName"],
  fixed: [],
  inCurrency: false,
  pointers,
  initial,
  encode,
  compare: { email: sameText },
  natural: {
    email: (value) =>
      typeof value === "string" && value.trim() !== ""
        ? { where: [["Contact Email", "email_id", "=", value.trim()]] }
        : undefined,
  },
}

export const absent: Features.Features<E>["absent"] = {
  company: "a contact is linked to a customer, see `account`",
  address: "a link to an address that others share",
  roles: "billing and shipping are told by the documents that a contact stands on",
  active: "the states of a contact say whether somebody wrote back, not whether it is used",
  lifecycleStage: "the CRM's",
}
