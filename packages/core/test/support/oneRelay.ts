/** One world with one relay, accounts to companies, and what the store knows of it afterwards. */
import { it } from "@effect/vitest"
import { Account, Company } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import { layerMemory, StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { ports, table, toCrm } from "./leadToLedger.ts"
import { ModelSystem } from "./modelSystem.ts"

export const world = (settings: Parameters<typeof ports>[1] = {}) => {
  const erp = new ModelSystem("erp")
  const crm = new ModelSystem("crm")
  return { erp, crm, ...ports({ erp: erp.fetch, crm: crm.fetch }, settings) }
}
export type World = ReturnType<typeof world>

export const toErp = { writer: "crm", target: "erp" } as const
const mapped = Ownership.mapping(table, toCrm, Account, Company, ({ name, number, phone }) => ({
  name,
  phone,
  erpNumber: number,
}))

export const companies = ({ accounts, companies }: World, more: Partial<Parameters<typeof Relay.make>[0]> = {}) =>
  Relay.make({
    name: "companies",
    source: accounts,
    target: companies,
    table,
    direction: toCrm,
    map: mapped,
    keyScope: "E",
    ...(more as object),
  })

export const journal = (relay: string) =>
  Effect.gen(function* () {
    const store = yield* StateStore
    return yield* store.journal({ relay, limit: 1000 })
  })

export const deadLetters = (relay: string) =>
  Effect.gen(function* () {
    const store = yield* StateStore
    return yield* store.deadLetters(relay, { limit: 100 })
  })

export const it_ = <A, E>(promise: string, test: Effect.Effect<A, E, StateStore>) =>
  it.effect(promise, () => Effect.provide(test, layerMemory()))
