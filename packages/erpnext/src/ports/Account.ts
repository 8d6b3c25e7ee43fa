/**
 * Account: a Customer, named by what the site made of its name or by a series; our key stands in the unique field. Customers
 * belong to no company: two companies of one site have the same.
 *
 * Requests for N accounts: reading takes a list for every page and, where addresses are asked for, two more: their links and
 * themselves. Writing takes a list for every 20 keys, and for each changed record one read and one write; a created one
 * takes the write alone. An address that is written takes a read and a write, a new one the write alone; where another
 * use or another owner has a part in the one that is there, making one beside it takes up to six.
 *
 * Email and phone are those of the primary contact, as they were when the customer was last saved. They are written there,
 * which takes one read and one write more; a new customer that has them gets a contact from the site.
 */

import { derive } from "@mortise/core/Domain"
import { Account } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Effect from "effect/Effect"
import * as addresses from "../internal/addresses.ts"
import * as addressWriting from "../internal/addressWriting.ts"
import type { Context } from "../internal/Context.ts"
import { type Doc, textOf } from "../internal/Doc.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as primaryContact from "../internal/primaryContact.ts"
import * as Reading from "../internal/Reader.ts"
import {
  type After,
  type Before,
  definedBody,
  type Encoded,
  type EncodeFacts,
  type Writer,
} from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Account
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Reader = Reading.Reader
const { known } = Reading

const ADDRESSES = "@addresses"
const PARTS = { billingAddress: "billing", shippingAddress: "shipping" } as const

const statusOf = (reader: Reader): Rec["status"] => {
  if (reader.flag("disabled")) return { code: "inactive", raw: "Disabled" }
  if (reader.flag("is_frozen")) return { code: "creditHold", raw: "Frozen" }
  return { code: "active", raw: "Enabled" }
}

const terms = (code: string | null, settings: Settings): Rec["paymentTerms"] => {
  if (code === null) return null
  const days = settings.accounts?.termsDays?.[code]
  return { code, ...(days === undefined ? {} : { days }) }
}

const addressOf = (reader: Reader, part: addresses.Part, { countries }: Facts) => {
  if (reader.raw(ADDRESSES) === undefined) return undefined
  const found = addresses.chosen(reader.rows(ADDRESSES), part)
  return found === undefined ? null : addresses.decode(found, countries)
}

const decode = (reader: Reader, facts: Facts): Partial<Rec> => {
  const [email, web] = [reader.text("email_id"), reader.text("website")]
  const contact = reader.text("customer_primary_contact")
  const type = reader.text("customer_type")
  return known({
    party: type === null ? undefined : type === "Individual" ? ("person" as const) : ("organization" as const),
    number: reader.text("name"),
    name: reader.text("customer_name"),
    status: statusOf(reader),
    taxId: reader.text("tax_id"),
    email,
    phone: reader.text("mobile_no"),
    web,
    domain: derive(web, email),
    billingAddress: addressOf(reader, "billing", facts),
    shippingAddress: addressOf(reader, "shipping", facts),
    billingContact: Reading.link(contact),
    currency: reader.text("default_currency"),
    paymentTerms: terms(reader.text("payment_terms"), facts.settings),
    creditHold: reader.flag("is_frozen"),
    salesRep: reader.text("account_manager"),
  }) as Partial<Rec>
}

export const mapping: Mapping<E> = {
  entity: Account,
  doctype: "Customer",
  members: {
    party: ["customer_type"],
    number: ["name"],
    name: ["customer_name"],
    status: ["disabled", "is_frozen"],
    taxId: ["tax_id"],
    email: ["email_id"],
    phone: ["mobile_no"],
    web: ["website"],
    domain: ["website", "email_id"],
    billingAddress: [ADDRESSES],
    shippingAddress: [ADDRESSES],
    billingContact: ["customer_primary_contact"],
    currency: ["default_currency"],
    paymentTerms: ["payment_terms"],
    creditHold: ["is_frozen"],
    salesRep: ["account_manager"],
  },
  tables: {},
  sides: { [ADDRESSES]: addresses.side },
  inCompanyCurrency: [],
  where: [],
  decode,
}

const encode = (patch: Patch): Encoded => {
  const { status } = patch
  if (status !== undefined && status !== null && status.code !== "active" && status.code !== "inactive") {
    const message = "can be active or inactive; freezing a customer is left to the ERP"
    return { issues: [{ path: ["status"], message }] }
  }
  const body = definedBody({
    customer_name: patch.name,
    customer_type: patch.party === undefined ? undefined : patch.party === "person" ? "Individual" : "Company",
    disabled: status === undefined || status === null ? undefined : status.code === "inactive" ? 1 : 0,
    tax_id: patch.taxId,
    email_id: patch.email,
    mobile_no: patch.phone,
    website: patch.web,
    default_currency: patch.currency,
    payment_terms: patch.paymentTerms === undefined ? undefined : (patch.paymentTerms?.code ?? null),
  })
  return { body }
}

/** A customer without a name breaks the site instead of being refused by it. */
const initial = (patch: Patch, { settings }: EncodeFacts): Encoded =>
  typeof patch.name === "string" && patch.name.trim() !== ""
    ? {
        body: definedBody({
          customer_group: settings.accounts?.group,
          territory: settings.accounts?.territory,
        }),
      }
    : { issues: [{ path: ["name"], message: "is missing; a new customer needs one" }] }

const besides = (doc: Doc | undefined) => (doc?.[ADDRESSES] ?? []) as ReadonlyArray<Doc>

const before: Before<E> = {
  fields: ["email", "phone"],
  write: (context, { email, phone }, existing) => {
    const contact = textOf(existing, "customer_primary_contact")
    const wanted = {
      ...(email === undefined ? {} : { email }),
      ...(phone === undefined ? {} : { mobile: phone }),
    }
    return contact === undefined ? Effect.void : primaryContact.write(context, contact, wanted)
  },
}

const after: After<E> = {
  fields: ["billingAddress", "shippingAddress"],
  issues: (patch, { countries, existing }) =>
    Object.entries(PARTS).flatMap(([field, part]) =>
      addresses.issues(
        field,
        patch[field as keyof typeof PARTS],
        countries,
        addressWriting.pick(besides(existing), part) === undefined,
      ),
    ),
  write: (context: Context, patch, { doc, id, text }) =>
    Effect.gen(function* () {
      const owner = { id, title: textOf(doc, "customer_name") ?? id, text }
      let docs = besides(doc)
      for (const [field, part] of Object.entries(PARTS)) {
        const address = patch[field as keyof typeof PARTS]
        if (address === undefined || address === null) continue
        docs = yield* addressWriting.write(context, { part, field, address, owner }, docs)
      }
    }),
}

const natural = (field: string, value: unknown) =>
  typeof value === "string" && value.trim() !== "" ? { where: [[field, "=", value.trim()] as const] } : undefined

const codeOf = (value: unknown): unknown => (value as { readonly code?: string } | null | undefined)?.code ?? null

export const writer: Writer<E> = {
  writable: [
    "party",
    "name",
    "status",
    "taxId",
    "email",
    "phone",
    "web",
    "billingAddress",
    "shippingAddress",
    "currency",
    "paymentTerms",
  ],
  notClearable: ["party", "name", "status", "billingAddress", "shippingAddress"],
  fixed: [],
  inCurrency: false,
  pointers: () => [],
  initial,
  encode,
  natural: {
    number: (value) => (typeof value === "string" && value !== "" ? { id: value } : undefined),
    taxId: (value) => natural("tax_id", value),
    email: (value) => natural("email_id", value),
  },
  compare: {
    // A frozen customer is an active one that nobody books on.
    status: (wanted, found) => (codeOf(wanted) === "inactive") === (codeOf(found) === "inactive"),
    paymentTerms: (wanted, found) => codeOf(wanted) === codeOf(found),
    billingAddress: addresses.same,
    shippingAddress: addresses.same,
  },
  before,
  after,
}

export const absent: Features.Features<E>["absent"] = {
  legalName: "a customer has one name",
  creditLimit: "kept per company in a child table that other apps extend",
  balance: "no field of the customer; it is the sum of the open invoices",
  overdueBalance: "no field of the customer; it is the sum of the overdue invoices",
}
