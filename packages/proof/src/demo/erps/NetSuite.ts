/** NetSuite in the demo: an account of several companies, whose holding trades with customers and is read by certificate. */
import * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as Limits from "@mortise/netsuite/Limits"
import * as NetSuite from "@mortise/netsuite/NetSuite"
import * as Operations from "@mortise/netsuite/Operations"
import * as Redacted from "effect/Redacted"
import type { Business } from "../Business.ts"
import { type Erp, FLOWS, type Standing } from "../Erp.ts"

const { ACCOUNT, CREDENTIALS } = NetSuiteTwin

/** Requests in flight of the invented account: what the twin enforces and the connector is told. */
const CONCURRENCY = 5

/** The holding. Its books are in dollars, and its customers pay in these currencies. */
const SUBSIDIARY = "1"
const CURRENCIES: Readonly<Record<string, string>> = { USD: "1", EUR: "4" }
const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CURRENCIES).map(([code, id]) => [id, code]),
)

const currencyId = (code: string): string => CURRENCIES[code] ?? code
const BASE_PRICE = "1"

/** Ids of the account by the numbers of the business. */
type Ids = ReadonlyMap<string, string>

const customersOf = (world: NetSuiteTwin.NetSuiteWorld, { customers }: Business): Ids => {
  const made = world.seed(
    "customer",
    customers.map((one) => ({
      entityId: one.id,
      companyName: one.name,
      subsidiary: SUBSIDIARY,
      currency: currencyId(one.currency),
      currencyList: Object.values(CURRENCIES).map((currency) => ({ currency })),
      email: one.email,
      phone: one.phone,
      url: `https://www.${one.domain}`,
      addressBook: [
        {
          defaultBilling: true,
          defaultShipping: true,
          addressBookAddress: {
            addr1: one.address.line1,
            city: one.address.city,
            zip: one.address.postalCode,
            country: one.address.country,
          },
        },
      ],
      $modified: one.modified,
    })),
  )
  return new Map(made.map(({ fields, id }) => [String(fields["entityId"]), id]))
}

const contacts = (world: NetSuiteTwin.NetSuiteWorld, business: Business, customers: Ids): void => {
  world.seed(
    "contact",
    business.contacts.map((one) => ({
      $id: String(one.id),
      firstName: one.first,
      lastName: one.last,
      email: one.email,
      phone: one.phone,
      company: customers.get(one.customer) ?? "",
      subsidiary: SUBSIDIARY,
      $modified: one.modified,
    })),
  )
}

const itemsOf = (world: NetSuiteTwin.NetSuiteWorld, business: Business): Ids => {
  const made = [true, false].flatMap((stock) =>
    world.seed(
      stock ? "inventoryItem" : "nonInventorySaleItem",
      business.items
        .filter((one) => one.stock === stock)
        .map((one) => ({
          itemId: one.id,
          displayName: one.description,
          price: [{ priceLevel: BASE_PRICE, currencyPage: currencyId("USD"), price: one.price }],
          $modified: one.modified,
        })),
    ),
  )
  return new Map(made.map(({ fields, id }) => [String(fields["itemId"]), id]))
}

const invoicesOf = (
  world: NetSuiteTwin.NetSuiteWorld,
  { invoices }: Business,
  { customers, items }: { readonly customers: Ids; readonly items: Ids },
): Ids =>
  new Map(
    invoices.flatMap((one) =>
      world
        .seed(one.type === "Invoice" ? "invoice" : "creditMemo", [
          {
            tranId: one.number,
            entity: customers.get(one.customer) ?? "",
            subsidiary: SUBSIDIARY,
            currency: currencyId(one.currency),
            tranDate: one.date,
            dueDate: one.due,
            item: [{ item: items.get(one.item) ?? "", quantity: "1", rate: one.amount }],
            $modified: one.modified,
          },
        ])
        .map(({ id }) => [one.number, id] as const),
    ),
  )

const payments = (world: NetSuiteTwin.NetSuiteWorld, business: Business, customers: Ids, invoices: Ids): void => {
  for (const one of business.payments) {
    world.seed(one.type === "Payment" ? "customerPayment" : "customerRefund", [
      {
        tranId: one.number,
        customer: customers.get(one.customer) ?? "",
        subsidiary: SUBSIDIARY,
        currency: currencyId(one.currency),
        tranDate: one.date,
        payment: one.amount,
        apply: one.applied.map(({ amount, number }) => ({ doc: invoices.get(number) ?? "", apply: true, amount })),
        $modified: one.modified,
      },
    ])
  }
}

interface Doc {
  readonly id: string
  readonly type: string
  readonly fields: Readonly<Record<string, string | boolean | null>>
  readonly subs: Readonly<Record<string, ReadonlyArray<Pick<Doc, "fields">>>>
}

interface Dump {
  readonly tables: ReadonlyArray<{ readonly docs: ReadonlyArray<Doc> }>
}

const text = ({ fields }: Pick<Doc, "fields">, member: string): string => String(fields[member] ?? "")

/** The words of the business for the types of the account. */
const KINDS: Readonly<Record<string, string>> = {
  invoice: "Invoice",
  creditMemo: "Credit Memo",
  customerPayment: "Payment",
  customerRefund: "Refund",
}

const records: Erp["records"] = (dump) => {
  const docs = (dump as Dump).tables.flatMap((table) => table.docs)
  const all = (types: ReadonlyArray<string>, read: (doc: Doc) => Standing): ReadonlyArray<Standing> =>
    docs.filter(({ type }) => types.includes(type)).map(read)
  const numbers = new Map(docs.filter(({ type }) => type === "customer").map((doc) => [doc.id, text(doc, "entityId")]))
  const owner = (doc: Doc, member: string): string => numbers.get(text(doc, member)) ?? ""
  const document = (doc: Doc): string => `${KINDS[doc.type]}/${text(doc, "tranId")}`
  const currency = (doc: Doc): string => NAMES[text(doc, "currency")] ?? ""
  return {
    products: all(["inventoryItem", "nonInventorySaleItem"], (one) => ({
      name: text(one, "itemId"),
      values: { price: text(one.subs["price"]?.[0] ?? { fields: {} }, "price") },
    })),
    companies: all(["customer"], (one) => ({
      name: text(one, "entityId"),
      values: { name: text(one, "companyName") },
    })),
    contacts: all(["contact"], (one) => ({
      name: one.id,
      owner: owner(one, "company"),
      values: { firstname: text(one, "firstName"), lastname: text(one, "lastName"), email: text(one, "email") },
    })),
    invoices: all(["invoice", "creditMemo"], (one) => ({
      name: document(one),
      owner: owner(one, "entity"),
      values: {
        mortise_gross: text(one, "total"),
        mortise_balance: text(one, "amountRemaining"),
        hs_currency: currency(one),
      },
    })),
    payments: all(["customerPayment", "customerRefund"], (one) => ({
      name: document(one),
      owner: owner(one, "customer"),
      values: { hs_initial_amount: text(one, "payment"), hs_currency_code: currency(one) },
    })),
  }
}

export const netsuite: Erp = {
  name: "netsuite",
  title: "NetSuite",
  profile: { flows: FLOWS, standing: false },
  // Invoices of one import keep their one stamp, whatever pays them later.
  twin: (options) => NetSuiteTwin.make({ ...options, knobs: { concurrency: CONCURRENCY, paymentMovesInvoice: false } }),
  enter: (into, business) => {
    const world = into as NetSuiteTwin.NetSuiteWorld
    const customers = customersOf(world, business)
    contacts(world, business, customers)
    const items = itemsOf(world, business)
    payments(world, business, customers, invoicesOf(world, business, { customers, items }))
  },
  // The certificate stands in the account; its key is the integration's.
  grant: (_, url) => ({ url, privateKey: NetSuiteTwin.privateKey() }),
  connect: ({ access, fetch, pageSize }) =>
    NetSuite.make({
      account: ACCOUNT,
      url: access["url"] ?? "",
      subsidiary: SUBSIDIARY,
      credentials: {
        type: "certificate",
        clientId: CREDENTIALS.clientId,
        certificateId: CREDENTIALS.certificateId,
        privateKey: Redacted.make(access["privateKey"] ?? ""),
        algorithm: CREDENTIALS.algorithm,
      },
      concurrency: CONCURRENCY,
      timeZone: "Etc/GMT+8",
      baseCurrency: "USD",
      readOnly: true,
      ...(pageSize === undefined ? {} : { pageSize }),
      ...(fetch === undefined ? {} : { fetch }),
    }) as unknown as ReturnType<Erp["connect"]>,
  limits: Limits.of(CONCURRENCY, "the invented account"),
  traffic: Operations.IN_FLIGHT,
  records,
}
