/**
 * Account: a Customer (AR303000), named by its CustomerID; our key stands in its `AccountRef`.
 *
 * Requests for N accounts: reading takes a list for every page (`pageSize`) and one more for each cut of a window that
 * was too full. Writing takes a list for every 20 keys, and for each record that is created or changed one PUT and one
 * read that confirms it; an unchanged one takes nothing more.
 *
 * Balance and overdue balance are in no entity of the endpoint; they are the sums of invoices.
 */

import { sameText } from "@mortise/core/Covers"
import { derive } from "@mortise/core/Domain"
import { Account } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import type { Wire } from "../Client.ts"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import { addressBody, definedBody, sameAddress } from "../internal/body.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { address, known, type Reader } from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"
import { has, override } from "../Versions.ts"

type E = typeof Account
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Customer = Wire["Customer"]

const ADDRESS = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"]
const under = (link: string, names: ReadonlyArray<string>) => names.map((name) => `${link}/${name}`)

// Acumatica: Status is an open list of labels; these are the ones of a customer in English.
const STATUS = {
  active: "active",
  inactive: "inactive",
  prospect: "prospect",
  "credit hold": "creditHold",
  "one-time": "oneTime",
}
const statuses = ["active", "inactive", "prospect", "creditHold", "oneTime"] as const

/** A flag of another version is not in the types of the base version: it is read by its name. */
const ownPart = (reader: Reader<Customer>, settings: Settings, part: "BillingAddress" | "ShippingAddress"): boolean => {
  const flag = override(settings.version, part)
  return reader.boolean(flag.field as "BillingAddressOverride") === flag.own
}

const addressOf = (reader: Reader<Customer>, settings: Settings, part: "Billing" | "Shipping") => {
  const own = ownPart(reader, settings, `${part}Address`)
  return address(reader.link(own ? `${part}Contact` : "MainContact")?.link("Address"))
}

const party = (raw: string | null | undefined): "organization" | "person" | undefined => {
  if (raw === undefined || raw === null) return undefined
  if (/^individual$/i.test(raw)) return "person"
  return /^organization$/i.test(raw) ? "organization" : undefined
}

const money = (reader: Reader<Customer>, currency: string | undefined) => {
  const amount = reader.decimal("CreditLimit")
  return amount === undefined || amount === null || currency === undefined ? amount : { amount, currency }
}

const terms = (code: string | null | undefined, settings: Settings) => {
  if (code === undefined || code === null) return code
  const days = settings.accounts?.termsDays?.[code]
  return { code, ...(days === undefined ? {} : { days }) }
}

const decode = (reader: Reader<Customer>, { settings }: Facts): Partial<Rec> => {
  const main = reader.link("MainContact")
  const status = reader.text("Status")
  const [email, web] = [main?.text("Email"), main?.text("WebSite")]
  return known({
    party: has(settings.version, "Customer.CustomerCategory") ? party(reader.text("CustomerCategory")) : undefined,
    number: reader.text("CustomerID"),
    name: reader.text("CustomerName"),
    status: coded(status, statuses, { own: settings.words?.accountStatus, builtIn: STATUS }),
    taxId: reader.text("TaxRegistrationID"),
    email,
    phone: main?.text("Phone1"),
    web,
    domain: derive(web, email),
    billingAddress: addressOf(reader, settings, "Billing"),
    shippingAddress: addressOf(reader, settings, "Shipping"),
    currency: reader.text("CurrencyID"),
    paymentTerms: terms(reader.text("Terms"), settings),
    creditHold: status === undefined || status === null ? undefined : /^credit hold$/i.test(status),
    creditLimit: settings.baseCurrency === undefined ? undefined : money(reader, settings.baseCurrency),
  }) as Partial<Rec>
}

const membersOf = (settings: Settings): Mapping<E, "Customer">["members"] => {
  const { version } = settings
  const main = under("MainContact/Address", ADDRESS)
  const part = (name: "Billing" | "Shipping") => [
    override(version, `${name}Address`).field,
    ...under(`${name}Contact/Address`, ADDRESS),
    ...main,
  ]
  return {
    ...(has(version, "Customer.CustomerCategory") ? { party: ["CustomerCategory"] } : {}),
    number: ["CustomerID"],
    name: ["CustomerName"],
    status: ["Status"],
    taxId: ["TaxRegistrationID"],
    email: ["MainContact/Email"],
    phone: ["MainContact/Phone1"],
    web: ["MainContact/WebSite"],
    domain: ["MainContact/WebSite", "MainContact/Email"],
    billingAddress: part("Billing"),
    shippingAddress: part("Shipping"),
    currency: ["CurrencyID"],
    paymentTerms: ["Terms"],
    creditHold: ["Status"],
    ...(has(version, "Customer.CreditLimit") && settings.baseCurrency !== undefined
      ? { creditLimit: ["CreditLimit"] }
      : {}),
  }
}

export const mapping = (settings: Settings): Mapping<E, "Customer"> => {
  const carrier = Identity.carrier(settings, "Customer")
  return {
    entity: Account,
    resource: "Customer",
    members: membersOf(settings),
    oneByOne: [],
    ...(carrier === undefined ? {} : { carrier }),
    decode,
  }
}

const encode = (patch: Patch, { codec, settings }: EncodeFacts<"Customer">): Encoded<"Customer"> => {
  const { wrap } = codec
  const main = definedBody({
    Email: patch.email === undefined ? undefined : wrap.text(patch.email),
    Phone1: patch.phone === undefined ? undefined : wrap.text(patch.phone),
    WebSite: patch.web === undefined ? undefined : wrap.text(patch.web),
  })
  const own = (part: "Billing" | "Shipping", value: Patch["billingAddress"]) => {
    if (value === undefined || value === null) return {}
    // Acumatica: both flags stand before an edit of the part, or the form copies the main contact over it.
    const [contact, own] = [override(settings.version, `${part}Contact`), override(settings.version, `${part}Address`)]
    return {
      [contact.field]: wrap.boolean(contact.own),
      [own.field]: wrap.boolean(own.own),
      [`${part}Contact`]: { Address: addressBody(codec, value) },
    }
  }
  const body = definedBody({
    CustomerID: patch.number === undefined || patch.number === null ? undefined : wrap.text(patch.number),
    CustomerName: patch.name === undefined || patch.name === null ? undefined : wrap.text(patch.name),
    TaxRegistrationID: patch.taxId === undefined ? undefined : wrap.text(patch.taxId),
    CurrencyID: patch.currency === undefined || patch.currency === null ? undefined : wrap.text(patch.currency),
    EnableCurrencyOverride: patch.currency === undefined ? undefined : wrap.boolean(true),
    Terms:
      patch.paymentTerms === undefined || patch.paymentTerms === null ? undefined : wrap.text(patch.paymentTerms.code),
    MainContact: Object.keys(main).length === 0 ? undefined : main,
    ...own("Billing", patch.billingAddress),
    ...own("Shipping", patch.shippingAddress),
  })
  return { body: body as Customer }
}

export const writer = (settings: Settings): Writer<E, "Customer"> => ({
  writable: [
    ...(settings.accounts?.manualNumbering === true ? (["number"] as const) : []),
    "name",
    "taxId",
    "email",
    "phone",
    "web",
    "billingAddress",
    "shippingAddress",
    "currency",
    "paymentTerms",
  ],
  notClearable: ["number", "name", "billingAddress", "shippingAddress", "currency", "paymentTerms"],
  fixed: ["number"],
  pointers: () => [],
  initial: (_, { codec }) => ({
    body: settings.accounts?.class === undefined ? {} : { CustomerClass: codec.wrap.text(settings.accounts.class) },
  }),
  encode,
  natural: {
    number: (value) => (typeof value === "string" && value !== "" ? { id: value } : undefined),
    taxId: (value) => natural("TaxRegistrationID", value),
    email: (value) => natural("MainContact/Email", value),
  },
  compare: {
    number: sameText,
    paymentTerms: (wanted, found) => codeOf(wanted) === codeOf(found),
    billingAddress: sameAddress,
    shippingAddress: sameAddress,
  },
})

const natural = (field: string, value: unknown) =>
  typeof value === "string" && value.trim() !== "" ? { filter: Filter.equals(field, value.trim()) } : undefined

const codeOf = (value: unknown): unknown => (value as { readonly code?: string } | null | undefined)?.code

export const absent: Features.Features<E>["absent"] = {
  balance: "no entity of the endpoint has it; it is the sum of the open invoices",
  overdueBalance: "no entity of the endpoint has it; it is the sum of the overdue invoices",
  legalName: "came with 26.200.001",
  billingContact: "a customer has contact data for billing, not a reference to a contact",
  salesRep: "kept per location in a detail of its own",
}
