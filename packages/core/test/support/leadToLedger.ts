/** Accounts and their contacts from an ERP into a CRM: the pair of relays that the tests run. */
import { Account, Company, Contact } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import * as Effect from "effect/Effect"
import { modelPort } from "./modelPort.ts"
import type { ModelSystem } from "./modelSystem.ts"

export const ERP = { system: "erp", instance: "one" }
export const CRM = { system: "crm", instance: "two" }
export const toCrm = { writer: "erp", target: "crm" } as const

/** A tenant whose companies and contacts come from the ERP. */
export const table = Ownership.edit(Ownership.leadToLedger, {
  entities: {
    Company: { create: ["erp"], update: ["erp"], fields: { name: "erp", phone: "erp" } },
    Contact: { create: ["erp"], update: ["erp"], rest: "erp" },
  },
})

export interface Doors {
  readonly erp: typeof globalThis.fetch
  readonly crm: typeof globalThis.fetch
}

export interface Settings {
  readonly pageSize?: number
  readonly batchSize?: number
  readonly revisions?: boolean
  readonly blind?: boolean
  readonly missing?: "wait" | "key" | "drop"
}

export const ports = ({ crm, erp }: Doors, settings: Settings = {}) => {
  const at = {
    pageSize: settings.pageSize ?? 4,
    batchSize: settings.batchSize ?? 3,
    revisions: settings.revisions ?? false,
    blind: settings.blind ?? false,
  }
  return {
    accounts: modelPort(Account, { fetch: erp, scope: ERP, ...at }),
    people: modelPort(Contact, { fetch: erp, scope: ERP, ...at }),
    companies: modelPort(Company, { fetch: crm, scope: CRM, ...at }),
    contacts: modelPort(Contact, { fetch: crm, scope: CRM, ...at }),
  }
}

export const relays = (doors: Doors, settings: Settings = {}) => {
  const { accounts, companies, contacts, people } = ports(doors, settings)
  const companiesRelay = Relay.make({
    name: "accounts to companies",
    source: accounts,
    target: companies,
    table,
    direction: toCrm,
    map: ({ name, number, phone }) => ({
      ...(name === undefined ? {} : { name }),
      ...(phone === undefined ? {} : { phone }),
      erpNumber: number ?? null,
    }),
    aliases: ({ number }) => (number ? [number] : []),
    keyScope: "E",
  })
  const contactsRelay = Relay.make({
    name: "contacts",
    source: people,
    target: contacts,
    table,
    direction: toCrm,
    map: ({ account, email, lastName }) => ({
      ...(email === undefined ? {} : { email }),
      ...(lastName === undefined ? {} : { lastName }),
      ...(account === undefined ? {} : { company: account }),
    }),
    references: { company: { entity: "Account", missing: settings.missing ?? "wait" } },
    adoptBy: ["email"],
    keyScope: "E",
  })
  return { companiesRelay, contactsRelay }
}

/** Both, contacts first, so that some of them have to wait. */
export const both = (doors: Doors, settings: Settings = {}) =>
  Effect.gen(function* () {
    const { companiesRelay, contactsRelay } = relays(doors, settings)
    const early = yield* contactsRelay.run
    const companies = yield* companiesRelay.run
    const late = yield* contactsRelay.run
    return { early, companies, late }
  })

export const fill = (erp: ModelSystem, accounts: number, contacts: number): void => {
  for (let n = 1; n <= accounts; n++)
    erp.put("Account", `a${n}`, { name: `Account ${n}`, number: `C${n}`, phone: `+${n}` })
  for (let n = 1; n <= contacts; n++) {
    const account = n % 2 === 0 ? { id: `a${((n - 1) % accounts) + 1}` } : { number: `C${((n - 1) % accounts) + 1}` }
    erp.put("Contact", `p${n}`, { lastName: `Person ${n}`, email: `p${n}@example.com`, account })
  }
}
