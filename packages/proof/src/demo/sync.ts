/**
 * The program that a team would write: an Acumatica tenant on the one side, a HubSpot portal on the other, and five
 * flows between them. Stop it anywhere and start it again; it goes on where it stood.
 */
import * as Acumatica from "@mortise/acumatica/Acumatica"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import { Account, Company, Contact, Invoice, Payment, Product } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import type { StateStore } from "@mortise/core/StateStore"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

export interface Settings {
  readonly acumatica: {
    readonly url: string
    readonly tenant: string
    readonly clientId: string
    readonly clientSecret: Redacted.Redacted<string>
    readonly refreshToken: Redacted.Redacted<string>
    readonly requestsPerMinute: number
    /** Rows of one list, where the connector's own choice does not suit. */
    readonly pageSize?: number
  }
  readonly hubspot: { readonly url: string; readonly token: Redacted.Redacted<string> }
  /** In place of the global one: a proxy, a twin. */
  readonly fetch?: typeof globalThis.fetch
  /** Told after every page of every flow. */
  readonly onStep: (relay: string, step: Relay.Step) => void
}

/**
 * Who owns what. The preset leaves companies and contacts to sales; this tenant's customers are born in the ERP, so that
 * it may create them in the CRM and owns what it writes there. Everything else stays as the preset says.
 */
const table = Ownership.edit(Ownership.leadToLedger, {
  entities: {
    Company: {
      create: ["erp"],
      update: ["erp", "integration"],
      fields: { name: "erp", domain: "erp", phone: "erp", address: "erp" },
    },
    Contact: { create: ["erp"], update: ["erp"], rest: "erp" },
  },
})

const toCrm = { writer: "erp", target: "crm" } as const

const products = Ownership.mapping(table, toCrm, Product, Product, (item) => ({
  sku: item.sku,
  name: item.name,
  prices: item.prices,
}))

const companies = Ownership.mapping(table, toCrm, Account, Company, (account) => ({
  name: account.name,
  domain: account.domain?.name,
  phone: account.phone,
  address: account.billingAddress,
  erpNumber: account.number,
  accountStatus: account.status?.code,
}))

const contacts = Ownership.mapping(table, toCrm, Contact, Contact, (person) => ({
  firstName: person.firstName,
  lastName: person.lastName,
  email: person.email,
  phone: person.phone,
  company: person.account,
}))

const invoices = Ownership.mapping(table, toCrm, Invoice, Invoice, (invoice) => ({
  kind: invoice.kind,
  number: invoice.number,
  company: invoice.account,
  date: invoice.date,
  dueDate: invoice.dueDate,
  currency: invoice.currency,
  totals: invoice.totals,
  balance: invoice.balance,
  state: invoice.state,
  stateAsOf: invoice.stateAsOf,
}))

const payments = Ownership.mapping(table, toCrm, Payment, Payment, (payment) => ({
  kind: payment.kind,
  number: payment.number,
  company: payment.account,
  date: payment.date,
  method: payment.method,
  amount: payment.amount,
  applied: payment.applied,
  state: payment.state,
}))

/** Every run reads what changed since the last one and writes it; the first reads everything. */
export const sync = (settings: Settings): Effect.Effect<void, ConnectorError, StateStore | Scope.Scope> =>
  Effect.gen(function* () {
    const door = settings.fetch === undefined ? {} : { fetch: settings.fetch }
    const erp = yield* Acumatica.make({
      url: settings.acumatica.url,
      tenant: settings.acumatica.tenant,
      credentials: {
        type: "oauth",
        clientId: settings.acumatica.clientId,
        clientSecret: settings.acumatica.clientSecret,
        refreshToken: settings.acumatica.refreshToken,
      },
      licence: { requestsPerMinute: settings.acumatica.requestsPerMinute },
      baseCurrency: "USD",
      // The ERP is read, and never written.
      readOnly: true,
      ...(settings.acumatica.pageSize === undefined ? {} : { pageSize: settings.acumatica.pageSize }),
      ...door,
    })
    const crm = yield* HubSpot.make({
      baseUrl: settings.hubspot.url,
      credentials: { token: settings.hubspot.token },
      payments: true,
      ...door,
    })
    // Creates the properties that carry our keys and the ERP's values, or verifies that they are there.
    yield* crm.prepare()

    const common = { table, direction: toCrm, keyScope: "erp", readAhead: true } as const
    const flows = [
      Relay.make({ ...common, name: "products", source: erp.ports.Product, target: crm.ports.Product, map: products }),
      Relay.make({
        ...common,
        name: "companies",
        source: erp.ports.Account,
        target: crm.ports.Company,
        map: companies,
        adoptBy: ["domain"],
        aliases: (account) => (account.number ? [account.number] : []),
      }),
      Relay.make({
        ...common,
        name: "contacts",
        source: erp.ports.Contact,
        target: crm.ports.Contact,
        map: contacts,
        adoptBy: ["email"],
        references: { company: "Account" },
      }),
      Relay.make({
        ...common,
        name: "invoices",
        source: erp.ports.Invoice,
        target: crm.ports.Invoice,
        map: invoices,
        references: { company: "Account" },
      }),
      Relay.make({
        ...common,
        name: "payments",
        source: erp.ports.Payment,
        target: crm.ports.Payment,
        map: payments,
        references: { company: "Account", "applied[].invoice": "Invoice" },
      }),
    ]
    for (const flow of flows) {
      yield* Stream.runForEach(flow.steps, (step) => Effect.sync(() => settings.onStep(flow.name, step)))
    }
  })
