/** ERPNext in the demo: a site with one company, read by a user of its own. */
import * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import * as ErpNext from "@mortise/erpnext/ErpNext"
import * as Limits from "@mortise/erpnext/Limits"
import * as Redacted from "effect/Redacted"
import type { Address, Business, Contact, Invoice, Payment } from "../Business.ts"
import { type Erp, FLOWS, type Standing } from "../Erp.ts"

type World = ErpNextTwin.ErpNextWorld

/** What the hoster of the invented site allows; the site itself counts the time that it works. */
const REQUESTS_PER_MINUTE = 600
const SECONDS_EACH = 0.02

const COMPANY: ErpNextTwin.CompanySetup = {
  name: "Wholesale Inc",
  abbr: "WSI",
  currency: "USD",
  country: "United States",
}

/** Of a euro in dollars, in the books of the invented company. */
const RATE = { percent: 125, text: "1.25" } as const

/** With the roles that the flows need, and no more. */
const USER: ErpNextTwin.UserSetup = {
  name: "integration@wholesale.example",
  roles: ["Sales User", "Accounts User", "Sales Master Manager"],
  apiKey: "demo0integration",
  apiSecret: "demo0secret0demo",
}

/** By which the company sells. */
const PRICE_LIST = "Standard Selling"

const millis = (instant: string): number => Date.parse(instant)

/** The site's names of countries, where people entered some that a new twin has not. */
const COUNTRIES: Readonly<Record<string, string>> = {
  AE: "United Arab Emirates",
  CN: "China",
  DE: "Germany",
  ES: "Spain",
  FR: "France",
  IL: "Israel",
  IT: "Italy",
  JP: "Japan",
  KR: "Korea, Republic of",
  PL: "Poland",
  US: "United States",
}

const lists = (world: World, { items }: Business): void => {
  const there = (doctype: string, name: string) => world.get(doctype, name) !== undefined
  for (const [code, name] of Object.entries(COUNTRIES)) {
    if (!there("Country", name)) world.seed("Country", [{ country_name: name, code: code.toLowerCase() }])
  }
  for (const unit of new Set(items.map((one) => one.unit))) {
    if (!there("UOM", unit)) world.seed("UOM", [{ uom_name: unit }])
  }
  world.seed("Currency Exchange", [
    { date: "2021-01-01", from_currency: "EUR", to_currency: COMPANY.currency, exchange_rate: RATE.text },
  ])
  world.set("Accounts Settings", { allow_multi_currency_invoices_against_single_party_account: 1 })
}

const addressOf = (customer: string, { city, country, line1, postalCode }: Address) => ({
  $name: `${customer}-Billing`,
  address_title: customer,
  address_type: "Billing",
  address_line1: line1,
  city,
  pincode: postalCode,
  country: COUNTRIES[country],
  links: [{ link_doctype: "Customer", link_name: customer }],
})

const contactOf = (one: Contact) => ({
  $name: String(one.id),
  first_name: one.first,
  last_name: one.last,
  email_ids: [{ email_id: one.email, is_primary: 1 }],
  phone_nos: [{ phone: one.phone, is_primary_phone: 1, is_primary_mobile_no: 1 }],
  links: [{ link_doctype: "Customer", link_name: one.customer }],
  $modified: millis(one.modified),
})

/** Numbers are kept by a naming rule of the company's. A customer's mail and phone are those of its primary contact. */
const parties = (world: World, { contacts, customers }: Business): void => {
  world.seed(
    "Customer",
    customers.map((one) => ({
      $name: one.id,
      customer_name: one.name,
      website: `https://www.${one.domain}`,
      default_currency: one.currency,
      $modified: millis(one.modified),
    })),
  )
  world.seed(
    "Address",
    customers.map((one) => ({ ...addressOf(one.id, one.address), $modified: millis(one.modified) })),
  )
  world.seed("Contact", contacts.map(contactOf))
  for (const { customer, email, id, phone } of [...contacts].reverse()) {
    world.overwrite("Customer", customer, { customer_primary_contact: String(id), email_id: email, mobile_no: phone })
  }
}

const items = (world: World, business: Business): void => {
  world.seed(
    "Item",
    business.items.map((one) => ({
      item_code: one.id,
      item_name: one.description,
      item_group: one.stock ? "Products" : "Services",
      is_stock_item: one.stock ? 1 : 0,
      stock_uom: one.unit,
      $modified: millis(one.modified),
    })),
  )
  world.seed(
    "Item Price",
    business.items.map((one) => ({
      item_code: one.id,
      price_list: PRICE_LIST,
      price_list_rate: one.price,
      valid_from: one.modified.slice(0, 10),
      $modified: millis(one.modified),
    })),
  )
}

const invoiceOf = (one: Invoice) => ({
  $name: one.number,
  company: COMPANY.name,
  customer: one.customer,
  currency: one.currency,
  set_posting_time: 1,
  posting_date: one.date,
  due_date: one.due,
  disable_rounded_total: 1,
  is_return: one.type === "Credit Memo" ? 1 : 0,
  update_outstanding_for_self: 1,
  items: [{ item_code: one.item, qty: one.type === "Credit Memo" ? "-1" : "1", rate: one.amount }],
  $submitted: true,
  $modified: millis(one.modified),
})

const METHODS: Readonly<Record<string, string>> = { CARD: "Credit Card", CHECK: "Cheque", WIRE: "Wire Transfer" }

/** In the currency of the books, to the cent. */
const booked = ({ amount, currency }: Pick<Payment, "amount" | "currency">): string => {
  if (currency === COMPANY.currency) return amount
  const cents = Math.round((Number(amount.replace(".", "")) * RATE.percent) / 100)
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`
}

/** Customers owe in the currency of the books. Who pays an invoice whole pays what it owes there. */
const paymentOf = (world: World, one: Payment, whole: boolean) => {
  const [debtors, bank] = ["Debtors", "Primary Bank"].map((account) => `${account} - ${COMPANY.abbr}`)
  const refund = one.type === "Refund"
  const [target] = one.applied
  const owed = target === undefined ? undefined : world.get("Sales Invoice", target.number)?.columns
  const amount = whole && owed !== undefined ? String(owed["outstanding_amount"]) : booked(one)
  const references =
    target === undefined
      ? []
      : [{ reference_doctype: "Sales Invoice", reference_name: target.number, allocated_amount: amount }]
  return {
    $name: one.number,
    company: COMPANY.name,
    payment_type: refund ? "Pay" : "Receive",
    party_type: "Customer",
    party: one.customer,
    paid_from: refund ? bank : debtors,
    paid_to: refund ? debtors : bank,
    paid_amount: amount,
    received_amount: amount,
    posting_date: one.date,
    mode_of_payment: METHODS[one.method],
    reference_no: one.number,
    reference_date: one.date,
    references,
    $submitted: true,
    $modified: millis(one.modified),
  }
}

/** A payment moves the stamp of what it pays; so much of it as came with an import was stamped by that. */
const documents = (world: World, { invoices, payments }: Business): void => {
  world.seed("Sales Invoice", invoices.map(invoiceOf))
  const amounts = new Map(invoices.map(({ amount, number }) => [number, amount]))
  for (const one of payments) {
    world.seed("Payment Entry", [paymentOf(world, one, one.amount === amounts.get(one.applied[0]?.number ?? ""))])
  }
  for (const { modified, number } of invoices) world.stamp("Sales Invoice", number, millis(modified))
}

type Columns = Readonly<Record<string, string | number | null>>

interface Doc {
  readonly doctype: string
  readonly columns: Columns
  readonly tables: Readonly<Record<string, ReadonlyArray<Columns>>>
}

interface Dump {
  readonly store: { readonly docs: ReadonlyArray<Doc> }
}

const text = (columns: Columns, name: string): string => String(columns[name] ?? "")

const positive = (amount: string): string => amount.replace(/^-/, "")

/** Of what is owed in another currency than it was billed in, a part has no balance in the latter. */
const balanceOf = (one: Columns): Readonly<Record<string, string>> => {
  const outstanding = positive(text(one, "outstanding_amount"))
  if (text(one, "currency") === text(one, "party_account_currency") || Number(outstanding) === 0)
    return { mortise_balance: outstanding }
  const whole = outstanding === positive(text(one, "base_grand_total"))
  return whole ? { mortise_balance: positive(text(one, "grand_total")) } : {}
}

const paymentStanding = ({ columns: one }: Doc): Standing => {
  const refund = text(one, "payment_type") === "Pay"
  return {
    name: `${refund ? "Refund" : "Payment"}/${text(one, "name")}`,
    owner: text(one, "party"),
    values: {
      hs_initial_amount: text(one, refund ? "received_amount" : "paid_amount"),
      hs_currency_code: text(one, refund ? "paid_to_account_currency" : "paid_from_account_currency"),
    },
  }
}

const records: Erp["records"] = (dump) => {
  const { docs } = (dump as Dump).store
  const all = (doctype: string, read: (doc: Doc) => Standing): ReadonlyArray<Standing> =>
    docs.filter((doc) => doc.doctype === doctype).map(read)
  const prices = new Map(
    docs
      .filter(({ doctype }) => doctype === "Item Price")
      .map(({ columns }) => [text(columns, "item_code"), text(columns, "price_list_rate")]),
  )
  return {
    products: all("Item", ({ columns: one }) => ({
      name: text(one, "item_code"),
      values: { price: prices.get(text(one, "item_code")) ?? "" },
    })),
    companies: all("Customer", ({ columns: one }) => ({
      name: text(one, "name"),
      values: { name: text(one, "customer_name") },
    })),
    contacts: all("Contact", ({ columns: one, tables }) => ({
      name: text(one, "name"),
      owner: text(tables["links"]?.[0] ?? {}, "link_name"),
      values: { firstname: text(one, "first_name"), lastname: text(one, "last_name"), email: text(one, "email_id") },
    })),
    invoices: all("Sales Invoice", ({ columns: one }) => ({
      name: `${one["is_return"] === 1 ? "Credit Memo" : "Invoice"}/${text(one, "name")}`,
      owner: text(one, "customer"),
      values: {
        mortise_gross: positive(text(one, "grand_total")),
        ...balanceOf(one),
        hs_currency: text(one, "currency"),
      },
    })),
    payments: all("Payment Entry", paymentStanding),
  }
}

export const erpnext: Erp = {
  name: "erpnext",
  title: "ERPNext",
  profile: { flows: FLOWS, standing: false, priceList: PRICE_LIST },
  twin: (options) =>
    ErpNextTwin.make({
      ...options,
      companies: [COMPANY],
      users: [USER],
      knobs: {
        rateLimit: { limit: REQUESTS_PER_MINUTE * SECONDS_EACH, window: 60 },
        requestSeconds: SECONDS_EACH,
      },
    }),
  enter: (into, business) => {
    const world = into as World
    lists(world, business)
    parties(world, business)
    items(world, business)
    documents(world, business)
  },
  grant: (_, url) => ({ url, key: USER.apiKey ?? "", secret: USER.apiSecret ?? "" }),
  connect: ({ access, fetch, pageSize }) =>
    ErpNext.make({
      url: access["url"] ?? "",
      company: COMPANY.name,
      credentials: {
        type: "keyPair",
        key: Redacted.make(access["key"] ?? ""),
        secret: Redacted.make(access["secret"] ?? ""),
      },
      limits: { requestsPerMinute: REQUESTS_PER_MINUTE },
      readOnly: true,
      ...(pageSize === undefined ? {} : { pageSize }),
      ...(fetch === undefined ? {} : { fetch }),
    }) as unknown as ReturnType<Erp["connect"]>,
  limits: Limits.of({ requestsPerMinute: REQUESTS_PER_MINUTE }),
  traffic: Limits.SITE,
  records,
}
