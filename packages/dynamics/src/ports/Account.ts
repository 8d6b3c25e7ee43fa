/**
 * Account: CustomersV3, named by its CustomerAccount, which a number sequence gives unless it takes numbers by hand. Our
 * key stands in a field of its own.
 *
 * Requests for N accounts: reading takes a list for every page (`pageSize`), and for their balances the open transactions
 * of its customers. Writing takes a list for every 20 keys; for each record that is created one POST, and for each that is
 * changed one PATCH and one read that confirms it. An unchanged one takes nothing more.
 */

import { sameText } from "@mortise/core/Covers"
import * as Decimal from "@mortise/core/Decimal"
import { derive } from "@mortise/core/Domain"
import { Account } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import * as addresses from "../internal/addresses.ts"
import { addressBody, definedBody, given, sameAddress, text } from "../internal/body.ts"
import type { Beside, Facts, Open, WrittenMapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import * as ranges from "../internal/ranges.ts"
import type { Records } from "../internal/records.ts"
import { type Encoded, type EncodeFacts, textual, type Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Account
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Customer = Wire<"CustomersV3">
type Reader = Reading.Reader<Customer>
const { known } = Reading

const PERSON = "Person"

/** What is on hold may still be quoted for: only invoices and everything are a hold of credit. */
const HELD = new Set(["Invoice", "All"])

const nameOf = (reader: Reader, party: string | null | undefined): string | null | undefined => {
  if (party !== PERSON) return reader.text("OrganizationName")
  const parts = [reader.text("PersonFirstName"), reader.text("PersonLastName")]
  return parts.every((part) => part === undefined) ? undefined : parts.filter(Boolean).join(" ") || null
}

const statusOf = (reader: Reader): Rec["status"] | undefined => {
  const [hold, once] = [reader.text("OnHoldStatus"), reader.flag("IsOneTimeCustomer")]
  if (hold === undefined) return undefined
  const raw = hold ?? "No"
  if (HELD.has(raw)) return { code: "creditHold", raw }
  if (raw !== "No" && raw !== "Never") return { code: "other", raw }
  return { code: once === true ? "oneTime" : "active", raw }
}

const money = (amount: Decimal.Decimal | null | undefined, currency: string | undefined) =>
  amount === undefined || amount === null || currency === undefined ? undefined : { amount, currency }

const decode = (reader: Reader, { currency, settings, terms }: Facts, beside: Beside): Partial<Rec> => {
  const party = reader.text("PartyType")
  const hold = reader.text("OnHoldStatus")
  const [email, web] = [reader.text("PrimaryContactEmail"), reader.text("PrimaryContactURL")]
  const code = reader.text("PaymentTerms")
  const days = typeof code === "string" ? terms.get(code.toLowerCase()) : undefined
  const number = reader.text("CustomerAccount")
  const open = (beside["open"] as ReadonlyMap<string, Open> | undefined)?.get((number ?? "").toLowerCase())
  const none = beside["open"] === undefined ? undefined : NOTHING
  return known({
    party: party === undefined ? undefined : party === PERSON ? ("person" as const) : ("organization" as const),
    number,
    name: nameOf(reader, party),
    status: statusOf(reader),
    taxId: reader.text("TaxExemptNumber"),
    email,
    phone: reader.text("PrimaryContactPhone"),
    web,
    domain: email === undefined || web === undefined ? undefined : (derive(web, email) ?? null),
    billingAddress: Reading.address(reader, addresses.primary, settings.countries),
    shippingAddress: Reading.address(reader, addresses.delivery, settings.countries),
    currency: reader.text("SalesCurrencyCode"),
    paymentTerms: code === undefined || code === null ? code : { code, ...(days === undefined ? {} : { days }) },
    creditHold: hold === undefined ? undefined : HELD.has(hold ?? "No"),
    creditLimit: money(reader.decimal("CreditLimit"), currency),
    balance: money((open ?? none)?.balance, currency),
    overdueBalance: money((open ?? none)?.overdue, currency),
    salesRep: reader.text("EmployeeResponsibleNumber"),
  }) as Partial<Rec>
}

const ZERO = Decimal.make("0")
const NOTHING: Open = { balance: ZERO, overdue: ZERO }

/** What every customer of the page owes, in the company's own currency: the sums of the open transactions. */
const openOf = (records: Records, wires: ReadonlyArray<Customer>, { settings, today }: Facts) =>
  Effect.map(
    ranges.rowsFor(
      records,
      {
        set: "CustTransOpens",
        field: "AccountNum",
        id: "SysRecId",
        select: ["dataAreaId", "SysRecId", "AccountNum", "AmountMST", "DueDate"],
        filter: Filter.equals("dataAreaId", settings.company),
      },
      wires.flatMap(({ CustomerAccount }) => CustomerAccount ?? []),
    ),
    (rows): Beside => {
      const open = new Map<string, Open>()
      for (const row of rows) {
        const reader = Reading.make<Wire<"CustTransOpens">>(row)
        const [account, amount, due] = [reader.text("AccountNum"), reader.decimal("AmountMST"), reader.day("DueDate")]
        if (typeof account !== "string" || amount === undefined || amount === null) continue
        const { balance, overdue } = open.get(account.toLowerCase()) ?? NOTHING
        const isLate = typeof due === "string" && due < today
        open.set(account.toLowerCase(), {
          balance: BigDecimal.sum(balance, amount),
          overdue: isLate ? BigDecimal.sum(overdue, amount) : overdue,
        })
      }
      return { open }
    },
  )

export const mapping = (settings: Settings): WrittenMapping<E, "CustomersV3"> => ({
  entity: Account,
  resource: "CustomersV3",
  members: {
    party: ["PartyType"],
    number: ["CustomerAccount"],
    name: ["PartyType", "OrganizationName", "PersonFirstName", "PersonLastName"],
    status: ["OnHoldStatus", "IsOneTimeCustomer"],
    taxId: ["TaxExemptNumber"],
    email: ["PrimaryContactEmail"],
    phone: ["PrimaryContactPhone"],
    web: ["PrimaryContactURL"],
    domain: ["PrimaryContactURL", "PrimaryContactEmail"],
    billingAddress: Reading.namesOf(addresses.primary),
    shippingAddress: Reading.namesOf(addresses.delivery),
    currency: ["SalesCurrencyCode"],
    paymentTerms: ["PaymentTerms"],
    creditHold: ["OnHoldStatus"],
    creditLimit: ["CreditLimit"],
    balance: [],
    overdueBalance: [],
    salesRep: ["EmployeeResponsibleNumber"],
  },
  carrier: Identity.carrier(settings, "CustomersV3"),
  beside: { fields: ["balance", "overdueBalance"], read: openOf },
  decode,
})

/** The last word of a person's name is the family name. */
const personName = (name: string) => {
  const words = name.trim().split(/\s+/)
  return { PersonFirstName: words.slice(0, -1).join(" "), PersonLastName: words.at(-1) ?? "" }
}

const encode = (patch: Patch, { existing, settings }: EncodeFacts<"CustomersV3">): Encoded => {
  const isPerson = existing === undefined ? patch.party === "person" : existing.PartyType === PERSON
  const name = given(patch.name)
  return {
    body: definedBody({
      ...(name === undefined ? {} : isPerson ? personName(name) : { OrganizationName: name }),
      TaxExemptNumber: text(patch.taxId),
      PrimaryContactEmail: text(patch.email),
      PrimaryContactPhone: text(patch.phone),
      PrimaryContactURL: text(patch.web),
      SalesCurrencyCode: given(patch.currency),
      PaymentTerms: given(patch.paymentTerms)?.code,
      ...addressBody(patch.billingAddress, addresses.primary, settings.countries),
      ...addressBody(patch.shippingAddress, addresses.delivery, settings.countries),
    }),
  }
}

/** What the service demands of a new customer: Microsoft marks group and currency as required. */
const initial = (patch: Patch, { facts, settings }: EncodeFacts<"CustomersV3">): Encoded => {
  const [group, currency] = [settings.accounts?.group, settings.accounts?.currency ?? facts.currency]
  const issues = [
    ...(group === undefined
      ? [{ path: ["group"], message: "is needed for a new customer; name one in `accounts.group`" }]
      : []),
    ...(given(patch.currency) === undefined && currency === undefined
      ? [{ path: ["currency"], message: "is needed for a new customer; give it, or name one in `accounts.currency`" }]
      : []),
    ...(given(patch.name) === undefined ? [{ path: ["name"], message: "is needed for a new customer" }] : []),
  ]
  if (issues.length > 0) return { issues }
  const party = patch.party === "person" ? PERSON : "Organization"
  return {
    body: definedBody({
      CustomerGroupId: group,
      PartyType: party,
      SalesCurrencyCode: currency,
      DefaultDimensionDisplayValue: facts.dimensions["Account"],
    }),
  }
}

const codeOf = (value: unknown): unknown => (value as { readonly code?: string } | null | undefined)?.code

export const writer = (settings: Settings): Writer<E, "CustomersV3"> => {
  const manual = settings.accounts?.manualNumbering === true
  return {
    writable: [
      ...(manual ? (["number"] as const) : []),
      "party",
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
    notClearable: ["number", "party", "name", "billingAddress", "shippingAddress", "currency", "paymentTerms"],
    fixed: ["number", "party"],
    pointers: () => [],
    initial,
    encode,
    ...(manual ? { numberOf: (patch: Patch, key: string | undefined) => given(patch.number) ?? encoded(key) } : {}),
    natural: {
      number: (value) =>
        typeof value === "string" && value !== "" ? { id: Keys.join("CustomersV3", [value]) } : undefined,
      taxId: textual("TaxExemptNumber", "taxId"),
      email: textual("PrimaryContactEmail", "email"),
    },
    compare: {
      number: sameText,
      paymentTerms: (wanted, found) => sameText(codeOf(wanted), codeOf(found)),
      billingAddress: sameAddress,
      shippingAddress: sameAddress,
    },
  }
}

const encoded = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : ExternalKey.encode(key, Identity.NUMBER)

export const absent: Features.Features<E>["absent"] = {
  legalName: "a party has one name",
  billingContact: "the customer names a contact by number and not as a role for bills",
}
