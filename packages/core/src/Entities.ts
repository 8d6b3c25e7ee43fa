/**
 * The entities of the lead-to-ledger domain. Two things that people call "customer" are kept apart because they have
 * two owners: the CRM's {@link Company} and the {@link Account} that the ERP bills.
 */
import * as Schema from "effect/Schema"
import { Decimal } from "./Decimal.ts"
import * as Entity from "./Entity.ts"
import { Address, Country, Currency, coded, Instant, LocalDate, Money, Reference } from "./Values.ts"

const { integration, read, write } = Entity
const Text = Schema.String
const opt = Schema.optionalKey

/** Payment terms by the ERP's code, with the days to pay when they are known. */
export const PaymentTerms = Schema.Struct({ code: Text, days: opt(Schema.Int) })

/** A domain is derived from web or email, and says from which; public mail hosts never count. */
export const Domain = Schema.Struct({ name: Text, source: Schema.Literals(["web", "email", "field"]) })

export const Account = Entity.make(
  "Account",
  {
    party: write(Schema.Literals(["organization", "person"])),
    number: write(Text),
    name: write(Text),
    legalName: write(Text),
    status: write(coded(["active", "inactive", "prospect", "creditHold", "oneTime"])),
    taxId: write(Text),
    email: write(Text),
    phone: write(Text),
    web: write(Text),
    domain: read(Domain),
    billingAddress: write(Address),
    shippingAddress: write(Address),
    billingContact: write(Reference),
    currency: write(Currency),
    paymentTerms: write(PaymentTerms),
    creditHold: read(Schema.Boolean),
    creditLimit: read(Money),
    balance: read(Money),
    overdueBalance: read(Money),
    salesRep: read(Text),
  },
  { naturalKeys: ["number", "taxId", "email"], references: { billingContact: "Contact" } },
)

export const financialStatuses = ["current", "overdue", "creditHold", "noInvoices"] as const

export const Company = Entity.make(
  "Company",
  {
    name: write(Text),
    domain: write(Text),
    phone: write(Text),
    address: write(Address),
    lifecycleStage: read(Text),
    owner: write(Reference),
    accounts: integration(Schema.Array(Reference)),
    erpNumber: integration(Text),
    accountStatus: integration(Text),
    financialStatus: integration(Schema.Literals(financialStatuses)),
    /** Whole days since the oldest unpaid invoice was due. */
    daysOverdue: integration(Schema.Int),
    outstanding: integration(Money),
    lastInvoice: integration(Schema.Struct({ date: LocalDate, amount: Money, status: Text })),
    lastPayment: integration(Schema.Struct({ date: LocalDate, amount: Money })),
    asOf: integration(Instant),
  },
  { naturalKeys: ["domain"], references: { "accounts[]": "Account" } },
)

export const Contact = Entity.make(
  "Contact",
  {
    firstName: write(Text),
    lastName: write(Text),
    displayName: write(Text),
    title: write(Text),
    email: write(Text),
    /** Further addresses of the same person; present is the whole list. */
    emails: read(Schema.Array(Text)),
    phone: write(Text),
    mobile: write(Text),
    company: write(Reference),
    account: write(Reference),
    address: write(Address),
    roles: write(Schema.Array(coded(["billing", "shipping", "primary"]))),
    active: write(Schema.Boolean),
    lifecycleStage: read(Text),
  },
  { naturalKeys: ["email"], references: { company: "Company", account: "Account" } },
)

export const Price = Schema.Struct({
  list: opt(Text),
  currency: opt(Currency),
  amount: Decimal,
  minQuantity: opt(Decimal),
  validFrom: opt(LocalDate),
})

/** Never cost. */
export const Product = Entity.make(
  "Product",
  {
    sku: write(Text),
    name: write(Text),
    description: write(Text),
    active: write(Schema.Boolean),
    kind: write(coded(["stock", "nonStock", "service"])),
    prices: write(Schema.Array(Price)),
    /** ISO 8601 duration of one billing period, `P1M`; absent for one-time products. */
    recurring: write(Schema.Struct({ period: Text })),
    unit: write(Text),
    availability: read(Schema.Struct({ quantity: Decimal, asOf: Instant })),
  },
  { naturalKeys: ["sku"] },
)

export const Discount = Schema.Union([Schema.Struct({ amount: Decimal }), Schema.Struct({ percent: Decimal })])

/** A line of a deal, an order or an invoice. `key` is ours and stays with the line; lines are matched by it. */
export const Line = Schema.Struct({
  key: Text,
  /** The vendor's own id of the line, where it has one. */
  id: opt(Text),
  product: opt(Schema.NullOr(Reference)),
  description: opt(Schema.NullOr(Text)),
  quantity: opt(Schema.NullOr(Decimal)),
  unit: opt(Schema.NullOr(Text)),
  unitPrice: opt(Schema.NullOr(Decimal)),
  discount: opt(Schema.NullOr(Discount)),
  net: opt(Schema.NullOr(Decimal)),
})
export type Line = typeof Line.Type

export const Deal = Entity.make(
  "Deal",
  {
    name: write(Text),
    pipeline: write(Text),
    stage: write(Text),
    won: read(Schema.Boolean),
    lost: read(Schema.Boolean),
    amount: write(Decimal),
    currency: write(Currency),
    closeDate: write(Instant),
    owner: write(Reference),
    company: write(Reference),
    contacts: write(Schema.Array(Reference)),
    billingContact: write(Reference),
    paymentTerms: write(PaymentTerms),
    /** Absent: untouched. Present: the whole set, matched by `key`. */
    lines: write(Schema.Array(Line)),
    order: integration(Reference),
    orderNumber: integration(Text),
    invoices: integration(Schema.Array(Reference)),
  },
  {
    references: {
      company: "Company",
      "contacts[]": "Contact",
      billingContact: "Contact",
      "lines[].product": "Product",
      order: "Order",
      "invoices[]": "Invoice",
    },
  },
)

/** The document in the company's own currency, as the vendor states it; never computed here. */
export const Base = Schema.Struct({
  currency: Currency,
  amount: opt(Decimal),
  rate: opt(Decimal),
  rateDate: opt(LocalDate),
  rateSource: opt(Text),
})

export const Totals = Schema.Struct({
  net: opt(Decimal),
  tax: opt(Decimal),
  freight: opt(Decimal),
  gross: opt(Decimal),
})

export const Order = Entity.make(
  "Order",
  {
    number: write(Text),
    type: write(Text),
    account: write(Reference),
    deal: write(Reference),
    date: write(LocalDate),
    requestedDate: write(LocalDate),
    customerReference: write(Text),
    description: write(Text),
    currency: write(Currency),
    base: read(Base),
    lines: write(Schema.Array(Line)),
    discount: write(Discount),
    totals: read(Totals),
    state: read(coded(["held", "open", "partlyFulfilled", "fulfilled", "invoiced", "cancelled"])),
    /** How a new order shall open; `held` where the vendor has that and nothing else is said. */
    requestedState: write(Schema.Literals(["held", "open"])),
  },
  {
    naturalKeys: ["number"],
    references: { account: "Account", deal: "Deal", "lines[].product": "Product" },
  },
)

export const invoiceStates = [
  "draft",
  "awaiting",
  "partlyPaid",
  "paid",
  "overdue",
  "voided",
  "credited",
  "disputed",
] as const

export const Invoice = Entity.make(
  "Invoice",
  {
    kind: write(Schema.Literals(["invoice", "creditNote"])),
    number: write(Text),
    account: write(Reference),
    company: write(Reference),
    contact: write(Reference),
    order: write(Reference),
    deal: write(Reference),
    date: write(LocalDate),
    dueDate: write(LocalDate),
    description: write(Text),
    customerReference: write(Text),
    currency: write(Currency),
    base: read(Base),
    lines: write(Schema.Array(Line)),
    discount: write(Discount),
    totals: write(Totals),
    balance: write(Decimal),
    state: write(coded(invoiceStates)),
    /** The day for which `overdue` was derived from due date and balance. */
    stateAsOf: write(LocalDate),
    sent: read(Schema.Boolean),
    viewed: read(Schema.Boolean),
  },
  {
    naturalKeys: ["number"],
    references: {
      account: "Account",
      company: "Company",
      contact: "Contact",
      order: "Order",
      deal: "Deal",
      "lines[].product": "Product",
    },
  },
)

export const Application = Schema.Struct({ invoice: Reference, amount: Decimal })

export const Payment = Entity.make(
  "Payment",
  {
    kind: write(Schema.Literals(["payment", "refund"])),
    number: write(Text),
    account: write(Reference),
    company: write(Reference),
    date: write(LocalDate),
    method: write(coded(["card", "bankTransfer", "cash", "check"])),
    reference: write(Text),
    amount: write(Money),
    applied: write(Schema.Array(Application)),
    state: write(coded(["draft", "open", "applied", "voided", "pending", "failed", "refunded"])),
  },
  {
    naturalKeys: ["number"],
    references: { account: "Account", company: "Company", "applied[].invoice": "Invoice" },
  },
)

/** Reused by adapters that bring entities of their own. */
export { Address, Country, Currency, Decimal, Instant, LocalDate, Money, Reference }

export const all = { Account, Company, Contact, Product, Deal, Order, Invoice, Payment } as const
export type All = typeof all
export type Name = keyof All
