/**
 * Which field carries our key, and what it does to it. No field of the vendor is unique but the keys of its sets, which
 * number sequences give; so a key of ours is looked for before a record is made. A star in a condition is a wildcard and
 * the database is taken to fold case, so stars are never written and capitals are spelt out.
 */
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import type { KeyField } from "./Config.ts"
import type { Resource } from "./Sets.ts"
import type { Settings } from "./Settings.ts"

/** The sets that are written. */
export type Written = "CustomersV3" | "ContactPersons" | "SalesOrderHeadersV2" | "FreeTextInvoiceHeaders"

/** What a carrier keeps as it is. Quotes, blanks and stars are spelt out. */
const ALPHABET = /[A-Za-z0-9.\-/|:%~#]/

// The lengths of columns are in no description. These are the ones of the vendor's data types as they are known from
// the forms: IdentificationNumber 50, the customer's reference 60, an external item number 20. What a column cuts off is
// noticed after a write and told.
const DEFAULTS: { readonly [R in Written]: KeyField } = {
  CustomersV3: { name: "IdentificationNumber", length: 50 },
  ContactPersons: { name: "BillingInformation", length: 60 },
  SalesOrderHeadersV2: { name: "CustomersOrderReference", length: 60 },
  FreeTextInvoiceHeaders: { name: "CustomerReference", length: 60 },
}
const LINE: KeyField = { name: "ExternalItemNumber", length: 20 }

/** The field that carries our key in this set. */
export const carrier = (settings: Settings, resource: Written): KeyField => {
  const own: { readonly [R in Written]: KeyField | undefined } = {
    CustomersV3: settings.accounts?.keyField,
    ContactPersons: settings.contacts?.keyField,
    SalesOrderHeadersV2: settings.orders?.keyField,
    FreeTextInvoiceHeaders: settings.invoices?.keyField,
  }
  return own[resource] ?? DEFAULTS[resource]
}

const isWritten = (resource: Resource): resource is Written => resource in DEFAULTS

/** Undefined for a set that is only read. */
export const of = (settings: Settings, resource: Resource): Features.Identity | undefined => {
  if (!isWritten(resource)) return undefined
  const field = carrier(settings, resource)
  return {
    carrier: "findThenWrite",
    field: field.name,
    alphabet: ALPHABET,
    caseFolding: "lower",
    maxLength: field.length,
    changedBody: "updates",
  }
}

/** The field that carries the key of an order's line. */
export const lineCarrier = (settings: Settings): KeyField => settings.orders?.lineKeyField ?? LINE

/** How the key of a line is written. */
export const ofLine = (settings: Settings) =>
  ({ alphabet: ALPHABET, caseFolding: "none", maxLength: lineCarrier(settings).length }) as const

/** A number that the caller chooses, where the number sequence takes one: 20 characters, as numbers are. */
export const NUMBER = { alphabet: /[A-Z0-9.-]/, caseFolding: "upper", maxLength: 20 } as const

/** Our key of a text in a carrier; undefined when somebody else wrote it. */
export const decode = (text: string): string | undefined => {
  const key = ExternalKey.decode(text)
  return key === undefined || key === "" ? undefined : key
}

/** True when the text in a carrier has the form of a key of ours: scope, entity and id. */
export const isOurs = (text: string): boolean => {
  const key = decode(text)
  return key !== undefined && ExternalKey.parse(key) !== undefined
}
