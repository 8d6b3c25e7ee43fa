/**
 * The program that a team would write: an ERP on the one side, a HubSpot portal on the other, and five flows between
 * them. Stop it anywhere and start it again; it goes on where it stood.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import { Account, Company, Contact, Invoice, Payment, Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import type { StateStore } from "@mortise/core/StateStore"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { FlowName, Profile, Source } from "./Erp.ts"

export interface Settings {
  /** Opens the ERP, read-only: `Acumatica.make({ ..., readOnly: true })`, or another one's. */
  readonly erp: Effect.Effect<Source, ConnectorError, StateStore | Scope.Scope>
  readonly profile: Profile
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

/** Of one list the price that holds now, which is the last one; the CRM shows it as the price. */
const pricesOf = ({ prices }: Entity.Record<typeof Product>, { priceList }: Profile) =>
  priceList === undefined || !prices
    ? prices
    : prices
        .filter(({ list }) => list === priceList)
        .slice(-1)
        .map(({ list: _, ...price }) => price)

const products = (profile: Profile) =>
  Ownership.mapping(table, toCrm, Product, Product, (item) => ({
    sku: item.sku,
    name: item.name,
    prices: pricesOf(item, profile),
  }))

/** Where the ERP tells what an account owes, and its invoices do not move. */
const standing = ({ balance, creditHold, overdueBalance }: Entity.Record<typeof Account>) => ({
  outstanding: balance,
  financialStatus:
    creditHold === true
      ? ("creditHold" as const)
      : overdueBalance && BigDecimal.isPositive(overdueBalance.amount)
        ? ("overdue" as const)
        : balance
          ? ("current" as const)
          : undefined,
})

const companies = (profile: Profile) =>
  Ownership.mapping(table, toCrm, Account, Company, (account) => ({
    name: account.name,
    domain: account.domain?.name,
    phone: account.phone,
    address: account.billingAddress,
    erpNumber: account.number,
    accountStatus: account.status?.code,
    ...(profile.standing ? standing(account) : {}),
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
    const erp = yield* settings.erp
    const crm = yield* HubSpot.make({
      baseUrl: settings.hubspot.url,
      credentials: { token: settings.hubspot.token },
      payments: true,
      ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
    })
    // Creates the properties that carry our keys and the ERP's values, or verifies that they are there.
    yield* crm.prepare()

    const common = { table, direction: toCrm, keyScope: "erp", readAhead: true } as const
    const flows = [
      Relay.make({
        ...common,
        name: "products",
        source: erp.ports.Product,
        target: crm.ports.Product,
        map: products(settings.profile),
      }),
      Relay.make({
        ...common,
        name: "companies",
        source: erp.ports.Account,
        target: crm.ports.Company,
        map: companies(settings.profile),
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
    for (const flow of flows.filter(({ name }) => settings.profile.flows.includes(name as FlowName))) {
      yield* Stream.runForEach(flow.steps, (step) => Effect.sync(() => settings.onStep(flow.name, step)))
    }
  })
