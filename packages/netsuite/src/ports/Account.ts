/**
 * Account: a customer, named by an internal id. Our key stands in its external id, or in a field that the account grants.
 *
 * Requests for N accounts: reading takes a query for every page of 1000 and one for its addresses. Writing takes the same
 * for every 300 keys, and one request for each record that is created or changed; from 100 new ones on, one job for every
 * 100, what it takes to wait for it, and one look-up. A changed address of a record that is there takes one read more.
 */

import { covers } from "@mortise/core/Covers"
import { derive } from "@mortise/core/Domain"
import { Account } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as addresses from "../internal/addresses.ts"
import { definedBody, ref, sameAddress } from "../internal/body.ts"
import { sameText } from "../internal/covers.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, type Reader } from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Account
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

/** A person has two names of its own in place of one of a business. */
const nameOf = (reader: Reader): string | null | undefined => {
  if (reader.boolean("isperson") !== true) return reader.text("companyname")
  const names = [reader.text("firstname"), reader.text("lastname")].filter(Boolean)
  return names.length === 0 ? null : names.join(" ")
}

const statusOf = (reader: Reader): Rec["status"] | undefined => {
  const stage = reader.text("stage")
  const raw = typeof stage === "string" ? { raw: stage } : {}
  if (reader.boolean("isinactive") === true) return { code: "inactive", ...raw }
  if (reader.boolean("oncredithold") === true) return { code: "creditHold", ...raw }
  if (stage === undefined || stage === null) return stage
  if (/^(?:lead|prospect)$/i.test(stage)) return { code: "prospect", ...raw }
  return { code: /^customer$/i.test(stage) ? "active" : "other", ...raw }
}

const currencyOf = (reader: Reader, { codes, settings }: Facts): string | null | undefined => {
  const id = reader.text("currency")
  return id === undefined ? settings.baseCurrency : id === null ? null : codes.currency(id)
}

const money = (reader: Reader, column: string, currency: string | null | undefined) => {
  const amount = reader.decimal(column)
  if (amount === undefined || amount === null) return amount
  return currency === undefined || currency === null ? undefined : { amount, currency }
}

const termsOf = (reader: Reader, { codes, settings }: Facts): Rec["paymentTerms"] | undefined => {
  const id = reader.text("terms")
  if (id === undefined || id === null) return id
  const term = codes.term(id)
  if (term === undefined) return undefined
  const days = settings.accounts?.termsDays?.[term.code] ?? term.days
  return { code: term.code, ...(days === undefined ? {} : { days }) }
}

const party = (isPerson: boolean | null | undefined): Rec["party"] | undefined =>
  isPerson === undefined || isPerson === null ? isPerson : isPerson ? "person" : "organization"

const decode = (reader: Reader, facts: Facts): Partial<Rec> => {
  const [email, web] = [reader.text("email"), reader.text("url")]
  const currency = currencyOf(reader, facts)
  return known({
    party: party(reader.boolean("isperson")),
    number: reader.text("entityid"),
    name: nameOf(reader),
    status: statusOf(reader),
    taxId: reader.text("vatregnumber"),
    email,
    phone: reader.text("phone"),
    web,
    domain: derive(web, email),
    billingAddress: addresses.decode(reader, "billing"),
    shippingAddress: addresses.decode(reader, "shipping"),
    currency,
    paymentTerms: termsOf(reader, facts),
    creditHold: reader.boolean("oncredithold"),
    creditLimit: money(reader, "creditlimit", currency),
    balance: money(reader, "balancesearch", currency),
    overdueBalance: money(reader, "overduebalancesearch", currency),
    salesRep: reader.text("salesrepname"),
  }) as Partial<Rec>
}

const plain = (...names: ReadonlyArray<string>) => ({ columns: names.map((name) => Query.plain(name)) })

export const mapping: Mapping<E> = {
  entity: Account,
  table: "customer",
  always: [Query.plain("isperson")],
  members: {
    party: plain("isperson"),
    number: plain("entityid"),
    name: plain("isperson", "companyname", "firstname", "lastname"),
    status: plain("stage", "isinactive", "oncredithold"),
    taxId: plain("vatregnumber"),
    email: plain("email"),
    phone: plain("phone"),
    web: plain("url"),
    domain: plain("url", "email"),
    billingAddress: { columns: addresses.columns("billing"), part: addresses.PART },
    shippingAddress: { columns: addresses.columns("shipping"), part: addresses.PART },
    currency: plain("currency"),
    paymentTerms: plain("terms"),
    creditHold: plain("oncredithold"),
    creditLimit: plain("creditlimit", "currency"),
    balance: plain("balancesearch", "currency"),
    overdueBalance: plain("overduebalancesearch", "currency"),
    salesRep: { columns: [Query.label("salesrep", "salesrepname")] },
  },
  parts: { [addresses.PART]: addresses.part },
  typeOf: () => "customer",
  decode,
}

/** A person's name in its two parts; the last word is the family's. */
const personOf = (name: string) => {
  const words = name.trim().split(/\s+/)
  const lastName = words.pop() ?? name
  return { firstName: words.length === 0 ? undefined : words.join(" "), lastName }
}

/** NetSuite takes an address of the web only with its scheme. */
const urlOf = (web: string | null | undefined) =>
  typeof web === "string" && !/^[a-z]+:\/\//i.test(web) ? `https://${web}` : web

const bareUrl = (web: unknown): unknown =>
  typeof web === "string"
    ? web
        .trim()
        .toLowerCase()
        .replace(/^[a-z]+:\/\//, "")
        .replace(/\/+$/, "")
    : web

const isPerson = (patch: Patch, { existing }: EncodeFacts): boolean =>
  existing === undefined ? patch.party === "person" : existing.boolean("isperson") === true

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  const { codes, whole } = facts
  const { currency, name, number, paymentTerms } = patch
  const [currencyId, term] = [
    typeof currency === "string" ? codes.currencyId(currency) : undefined,
    paymentTerms ? codes.termOf(paymentTerms.code) : undefined,
  ]
  if (typeof currency === "string" && currencyId === undefined)
    return { issues: [{ path: ["currency"], message: `the account has no currency ${currency}` }] }
  if (paymentTerms && term === undefined)
    return { issues: [{ path: ["paymentTerms", "code"], message: "the account has no terms of that name" }] }
  const addressBook = addresses.encode({ billing: patch.billingAddress, shipping: patch.shippingAddress }, whole)
  const body = definedBody({
    entityId: number ?? undefined,
    ...(typeof name === "string" ? (isPerson(patch, facts) ? personOf(name) : { companyName: name }) : {}),
    vatRegNumber: patch.taxId,
    email: patch.email,
    phone: patch.phone,
    url: urlOf(patch.web),
    currency: ref(currencyId),
    terms: paymentTerms === null ? null : ref(term?.id),
    addressBook,
  })
  return { body, ...(addressBook === undefined ? {} : { replace: ["addressBook"] }) }
}

const codeOf = (value: unknown): unknown => (value as { readonly code?: string } | null | undefined)?.code

export const writer = (settings: Settings): Writer<E> => ({
  writable: [
    "party",
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
  notClearable: ["party", "number", "name", "billingAddress", "shippingAddress", "currency"],
  // NetSuite: what becomes of a customer that turns from a business into a person is not documented.
  fixed: ["party"],
  pointers: () => [],
  typeFor: () => "customer",
  initial: ({ party: wanted }, { settings: { defaults, subsidiary } }) => ({
    body: definedBody({
      ...defaults?.Account,
      isPerson: wanted === "person",
      subsidiary: ref(subsidiary),
    }),
  }),
  encode,
  needsWhole: ({ billingAddress, shippingAddress }) => Boolean(billingAddress ?? shippingAddress),
  natural: { number: "entityid", taxId: "vatregnumber", email: "email" },
  compare: {
    number: sameText,
    web: (wanted, found) => covers(bareUrl(wanted), bareUrl(found)),
    email: sameText,
    paymentTerms: (wanted, found) => codeOf(wanted) === codeOf(found),
    billingAddress: sameAddress,
    shippingAddress: sameAddress,
  },
})

export const absent: NonNullable<Features.Features<E>["absent"]> = {
  legalName: "a customer has one name; a second one is a field of the account's own",
  billingContact: "contacts have roles on a customer, which the record API does not create",
  "write.status": "whoever is inactive or on hold is so by a decision in the ERP",
}
