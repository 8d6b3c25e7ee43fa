/**
 * Dynamics in the demo: one legal entity of an environment. People enter the business with its own numbers, post its
 * invoices as free text invoices and settle its payments.
 */
import * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import * as Decimal from "@mortise/core/Decimal"
import * as Dynamics from "@mortise/dynamics/Dynamics"
import * as Limits from "@mortise/dynamics/Limits"
import { RESOURCES } from "@mortise/dynamics/Operations"
import * as BigDecimal from "effect/BigDecimal"
import * as Redacted from "effect/Redacted"
import { type Business, START } from "../Business.ts"
import type { Erp, Standing } from "../Erp.ts"

const { CREDENTIALS, ORIGIN } = DynamicsTwin

const COMPANY = "usmf"

/** The company keeps its books in this currency; what accounts owe is told in it. */
const CURRENCY = "USD"

const UNITS: Readonly<Record<string, string>> = { EA: "ea", HOUR: "hr" }

const parties = (world: DynamicsTwin.DynamicsWorld, { contacts, customers }: Business): void => {
  const made = world.seed(
    "CustomersV3",
    customers.map((one) => ({
      CustomerAccount: one.id,
      OrganizationName: one.name,
      CustomerGroupId: "10",
      SalesCurrencyCode: one.currency,
      PrimaryContactEmail: one.email,
      PrimaryContactPhone: one.phone,
      PrimaryContactURL: `https://www.${one.domain}`,
      AddressStreet: one.address.line1,
      AddressCity: one.address.city,
      AddressZipCode: one.address.postalCode,
      AddressCountryRegionISOCode: one.address.country,
      $modified: one.modified,
    })),
    COMPANY,
  )
  const partyOf = new Map(customers.map(({ id }, index) => [id, made[index]?.fields["PartyNumber"] ?? ""]))
  world.seed(
    "ContactPersons",
    contacts.map((one) => ({
      ContactPersonId: String(one.id),
      AssociatedPartyNumber: partyOf.get(one.customer),
      FirstName: one.first,
      LastName: one.last,
      PrimaryEmailAddress: one.email,
      PrimaryPhoneNumber: one.phone,
      $modified: one.modified,
    })),
    COMPANY,
  )
}

const items = (world: DynamicsTwin.DynamicsWorld, business: Business): void => {
  world.seed(
    "ProductsV2",
    business.items.map((one) => ({
      ProductNumber: one.id,
      ProductName: one.description,
      ProductType: one.stock ? "Item" : "Service",
      $modified: one.modified,
    })),
  )
  world.seed(
    "ReleasedProductsV2",
    business.items.map((one) => ({
      ItemNumber: one.id,
      ProductNumber: one.id,
      SearchName: one.id,
      ProductType: one.stock ? "Item" : "Service",
      SalesPrice: one.price,
      SalesUnitSymbol: UNITS[one.unit],
      $modified: one.modified,
    })),
    COMPANY,
  )
}

const negative = (amount: string): string => `-${amount}`

const documents = (world: DynamicsTwin.DynamicsWorld, { invoices, payments }: Business): void => {
  const drafts = world.seed(
    "FreeTextInvoiceHeaders",
    invoices.map((one) => ({
      CustomerAccount: one.customer,
      InvoiceDate: `${one.date}T12:00:00Z`,
      DueDate: `${one.due}T12:00:00Z`,
      CurrencyCode: one.currency,
      $modified: one.modified,
    })),
    COMPANY,
  )
  const identifiers = drafts.map(({ fields }) => fields["InvoiceIdentifier"] ?? "")
  world.seed(
    "FreeTextInvoiceLines",
    invoices.map((one, index) => ({
      ParentRecId: identifiers[index],
      LineNumber: "1",
      Description: one.item,
      Quantity: one.type === "Credit Memo" ? "-1" : "1",
      UnitPrice: one.amount,
    })),
    COMPANY,
  )
  invoices.forEach(({ number }, index) => void world.postFreeText(COMPANY, identifiers[index] ?? "", number))
  for (const one of payments) {
    world.pay(COMPANY, {
      customer: one.customer,
      amount: one.type === "Refund" ? negative(one.amount) : one.amount,
      currency: one.currency,
      date: one.date,
      voucher: one.number,
      method: one.method,
      invoices: one.applied.map(({ amount, number }) => ({ invoice: number, amount })),
    })
  }
}

type Fields = Readonly<Record<string, string>>

interface Dump {
  readonly tables: Readonly<Record<string, { readonly docs: ReadonlyArray<{ readonly fields: Fields }> }>>
}

const text = (fields: Fields, member: string): string => fields[member] ?? ""

const decimal = (fields: Fields, member: string): Decimal.Decimal => Decimal.make(text(fields, member) || "0")

const sumBy = (rows: ReadonlyArray<Fields>, by: string, amount: string): ReadonlyMap<string, Decimal.Decimal> => {
  const sums = new Map<string, Decimal.Decimal>()
  for (const row of rows) {
    const name = text(row, by)
    sums.set(name, BigDecimal.sum(sums.get(name) ?? Decimal.make("0"), decimal(row, amount)))
  }
  return sums
}

const shown = (amount: Decimal.Decimal | undefined): string => Decimal.format(amount ?? Decimal.make("0"))

const magnitude = (amount: Decimal.Decimal | undefined): string => shown(amount).replace(/^-/, "")

const records: Erp["records"] = (dump) => {
  const { tables } = dump as Dump
  const rows = (table: string): ReadonlyArray<Fields> => (tables[table]?.docs ?? []).map(({ fields }) => fields)
  const all = (table: string, read: (fields: Fields) => Standing): ReadonlyArray<Standing> => rows(table).map(read)

  const open = rows("openTransactions")
  const today = new Date(START).toISOString().slice(0, 10)
  const outstanding = sumBy(open, "AccountNum", "AmountMST")
  const late = sumBy(
    open.filter((one) => text(one, "DueDate").slice(0, 10) < today),
    "AccountNum",
    "AmountMST",
  )
  const isLate = (account: string): boolean => BigDecimal.isPositive(late.get(account) ?? Decimal.make("0"))
  const customerOf = new Map(rows("customers").map((one) => [text(one, "PartyNumber"), text(one, "CustomerAccount")]))

  const transactions = rows("transactions")
  const invoiced = sumBy(transactions, "Invoice", "AmountCur")
  const settled = sumBy(transactions, "Invoice", "SettleAmountCur")
  const left = (number: string) =>
    BigDecimal.subtract(invoiced.get(number) ?? Decimal.make("0"), settled.get(number) ?? Decimal.make("0"))
  return {
    products: all("products", (one) => ({
      name: text(one, "ItemNumber"),
      values: { price: text(one, "SalesPrice") },
    })),
    companies: all("customers", (one) => ({
      name: text(one, "CustomerAccount"),
      values: {
        name: text(one, "OrganizationName"),
        mortise_outstanding: shown(outstanding.get(text(one, "CustomerAccount"))),
        mortise_outstanding_currency: CURRENCY,
        mortise_financial_status: isLate(text(one, "CustomerAccount")) ? "overdue" : "current",
      },
    })),
    contacts: all("contacts", (one) => ({
      name: text(one, "ContactPersonId"),
      owner: customerOf.get(text(one, "AssociatedPartyNumber")) ?? "",
      values: {
        firstname: text(one, "FirstName"),
        lastname: text(one, "LastName"),
        email: text(one, "PrimaryEmailAddress"),
      },
    })),
    invoices: all("freeTextInvoices", (one) => {
      const number = text(one, "FreeTextNumber")
      const amount = invoiced.get(number)
      return {
        name: `${amount !== undefined && BigDecimal.isNegative(amount) ? "Credit Memo" : "Invoice"}/${number}`,
        owner: text(one, "InvoiceAccount"),
        values: {
          mortise_net: magnitude(amount),
          mortise_balance: magnitude(left(number)),
          hs_currency: text(one, "CurrencyCode"),
        },
      }
    }),
    payments: transactions
      .filter((one) => text(one, "TransType") === "Payment")
      .map((one) => ({
        name: `${BigDecimal.isNegative(decimal(one, "AmountCur")) ? "Payment" : "Refund"}/${text(one, "Voucher")}`,
        owner: text(one, "AccountNum"),
        values: {
          hs_initial_amount: magnitude(decimal(one, "AmountCur")),
          hs_currency_code: text(one, "CurrencyCode"),
        },
      })),
  }
}

export const dynamics: Erp = {
  name: "dynamics",
  title: "Dynamics",
  // Documents cost a list of transactions for every page, and what an account owes says the same in one number.
  profile: { flows: ["products", "companies", "contacts"], standing: true },
  twin: (options) => DynamicsTwin.make(options),
  enter: (into, business) => {
    const world = into as DynamicsTwin.DynamicsWorld
    parties(world, business)
    items(world, business)
    documents(world, business)
  },
  grant: (_world, url) => ({ url }),
  connect: ({ access, fetch, pageSize }) =>
    Dynamics.make({
      url: access["url"] ?? "",
      company: COMPANY,
      credentials: {
        tenantId: CREDENTIALS.tenantId,
        clientId: CREDENTIALS.clientId,
        clientSecret: Redacted.make(CREDENTIALS.clientSecret),
        resource: ORIGIN,
        authority: access["url"] ?? "",
      },
      payments: { settlements: true },
      readOnly: true,
      ...(pageSize === undefined ? {} : { pageSize }),
      ...(fetch === undefined ? {} : { fetch }),
    }) as unknown as ReturnType<Erp["connect"]>,
  limits: Limits.of(Limits.CONCURRENCY, false),
  traffic: RESOURCES,
  records,
}
