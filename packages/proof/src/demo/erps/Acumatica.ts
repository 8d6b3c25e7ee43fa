/** Acumatica in the demo: an instance with one tenant, whose connected app somebody consented to. */
import * as Acumatica from "@mortise/acumatica/Acumatica"
import * as Limits from "@mortise/acumatica/Limits"
import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as Redacted from "effect/Redacted"
import type { Business } from "../Business.ts"
import { type Erp, FLOWS, type Standing } from "../Erp.ts"

/** The licence of the invented tenant: what the twin enforces and the connector is told (form SM604000). */
const REQUESTS_PER_MINUTE = 600

const { CREDENTIALS, INSTANCE_PATH, TENANT } = AcumaticaTwin

const parties = (world: AcumaticaTwin.AcumaticaWorld, { contacts, customers }: Business): void => {
  world.seed(
    "Customer",
    customers.map((one) => ({
      CustomerID: one.id,
      CustomerName: one.name,
      CurrencyID: one.currency,
      Status: "Active",
      MainContact: {
        Email: one.email,
        Phone1: one.phone,
        WebSite: `https://www.${one.domain}`,
        Address: {
          AddressLine1: one.address.line1,
          City: one.address.city,
          PostalCode: one.address.postalCode,
          Country: one.address.country,
        },
      },
      $modified: one.modified,
    })),
  )
  world.seed(
    "Contact",
    contacts.map((one) => ({
      ContactID: one.id,
      FirstName: one.first,
      LastName: one.last,
      Email: one.email,
      Phone1: one.phone,
      BusinessAccount: one.customer,
      $modified: one.modified,
    })),
  )
}

const items = (world: AcumaticaTwin.AcumaticaWorld, business: Business): void => {
  for (const stock of [true, false]) {
    world.seed(
      stock ? "StockItem" : "NonStockItem",
      business.items
        .filter((one) => one.stock === stock)
        .map((one) => ({
          InventoryID: one.id,
          Description: one.description,
          DefaultPrice: one.price,
          ...(stock ? { BaseUOM: one.unit } : { BaseUnit: one.unit }),
          $modified: one.modified,
        })),
    )
  }
}

const documents = (world: AcumaticaTwin.AcumaticaWorld, { invoices, payments }: Business): void => {
  world.seed(
    "SalesInvoice",
    invoices.map((one) => ({
      Type: one.type,
      ReferenceNbr: one.number,
      CustomerID: one.customer,
      Date: one.date,
      DueDate: one.due,
      Currency: one.currency,
      Details: [{ InventoryID: one.item, Qty: "1", UnitPrice: one.amount, Amount: one.amount }],
      $released: true,
      $modified: one.modified,
    })),
  )
  world.seed(
    "Payment",
    payments.map((one) => ({
      Type: one.type,
      ReferenceNbr: one.number,
      CustomerID: one.customer,
      ApplicationDate: one.date,
      CurrencyID: one.currency,
      PaymentAmount: one.amount,
      PaymentMethod: one.method,
      DocumentsToApply: one.applied.map(({ amount, number, type }) => ({
        DocType: type,
        ReferenceNbr: number,
        AmountPaid: amount,
      })),
      $released: true,
      $modified: one.modified,
    })),
  )
}

type Fields = Readonly<Record<string, string>>

interface Dump {
  readonly tenants: ReadonlyArray<{
    readonly stores: Readonly<Record<string, { readonly docs: ReadonlyArray<{ readonly fields: Fields }> }>>
  }>
}

const records: Erp["records"] = (dump) => {
  const stores = (dump as Dump).tenants[0]?.stores ?? {}
  const all = (names: ReadonlyArray<string>, read: (fields: Fields) => Standing): ReadonlyArray<Standing> =>
    names.flatMap((name) => (stores[name]?.docs ?? []).map(({ fields }) => read(fields)))
  const text = (fields: Fields, member: string): string => fields[member] ?? ""
  const document = (fields: Fields): string => `${fields["Type"]}/${fields["ReferenceNbr"]}`
  return {
    products: all(["stockItems", "nonStockItems"], (one) => ({
      name: text(one, "InventoryID"),
      values: { price: text(one, "DefaultPrice") },
    })),
    companies: all(["accounts"], (one) => ({
      name: text(one, "CustomerID"),
      values: { name: text(one, "CustomerName") },
    })),
    contacts: all(["contacts"], (one) => ({
      name: text(one, "ContactID"),
      owner: text(one, "BusinessAccount"),
      values: { firstname: text(one, "FirstName"), lastname: text(one, "LastName"), email: text(one, "Email") },
    })),
    invoices: all(["receivables"], (one) => ({
      name: document(one),
      owner: text(one, "CustomerID"),
      values: {
        mortise_gross: text(one, "Amount"),
        mortise_balance: text(one, "Balance"),
        hs_currency: text(one, "CurrencyID"),
      },
    })),
    payments: all(["payments"], (one) => ({
      name: document(one),
      owner: text(one, "CustomerID"),
      values: { hs_initial_amount: text(one, "PaymentAmount"), hs_currency_code: text(one, "CurrencyID") },
    })),
  }
}

export const acumatica: Erp = {
  name: "acumatica",
  title: "Acumatica",
  profile: { flows: FLOWS, standing: false },
  twin: (options) => AcumaticaTwin.make({ ...options, license: { seats: 2, perMinute: REQUESTS_PER_MINUTE } }),
  enter: (into, business) => {
    const world = into as AcumaticaTwin.AcumaticaWorld
    parties(world, business)
    items(world, business)
    documents(world, business)
  },
  grant: (world, url) => ({
    url: url + INSTANCE_PATH,
    // The store keeps what came of the consent and needs it only when it is new.
    refreshToken: AcumaticaTwin.consent(world as AcumaticaTwin.AcumaticaWorld, CREDENTIALS.clientId).refreshToken,
  }),
  connect: ({ access, fetch, pageSize }) =>
    Acumatica.make({
      url: access["url"] ?? "",
      tenant: TENANT,
      credentials: {
        type: "oauth",
        clientId: CREDENTIALS.clientId,
        clientSecret: Redacted.make(CREDENTIALS.clientSecret),
        refreshToken: Redacted.make(access["refreshToken"] ?? ""),
      },
      licence: { requestsPerMinute: REQUESTS_PER_MINUTE },
      baseCurrency: "USD",
      readOnly: true,
      ...(pageSize === undefined ? {} : { pageSize }),
      ...(fetch === undefined ? {} : { fetch }),
    }) as unknown as ReturnType<Erp["connect"]>,
  limits: Limits.of({ requestsPerMinute: REQUESTS_PER_MINUTE }, true),
  traffic: Limits.TRAFFIC,
  records,
}
