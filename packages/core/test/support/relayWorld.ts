/** Both systems behind one door, with a store that outlives the processes that use it. */
import * as Epoch from "@mortise/conformance/Epoch"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { type Doors, relays, type Settings } from "./leadToLedger.ts"
import { ModelSystem } from "./modelSystem.ts"

export interface RelayWorld {
  readonly erp: ModelSystem
  readonly crm: ModelSystem
  readonly clock: VirtualClock.VirtualClock
  backend: MemoryBackend.MemoryBackend
}

export const relayWorld = (): RelayWorld => ({
  erp: new ModelSystem("erp"),
  crm: new ModelSystem("crm"),
  clock: VirtualClock.make({ start: Date.UTC(2026, 0, 1) }),
  backend: MemoryBackend.make(),
})

/** One process, from its start until its end or its crash. */
export const open = (world: RelayWorld): Epoch.Epoch => {
  const door: typeof globalThis.fetch = (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : String(input))
    return hostname.startsWith("erp") ? world.erp.fetch(input, init) : world.crm.fetch(input, init)
  }
  return Epoch.open({ clock: world.clock, fetch: door, backend: world.backend })
}

type Program = (doors: Doors) => Effect.Effect<unknown, ConnectorError, StateStore.StateStore>

type Wrap = (store: StateStore.Service) => StateStore.Service

/** `wrap` breaks the store on purpose. */
export const run = (epoch: Epoch.Epoch, program: Program, wrap: Wrap = (store) => store) =>
  epoch.run(
    Effect.gen(function* () {
      const store = wrap(yield* StateStore.make(epoch.backend))
      return yield* Effect.provideService(program({ erp: epoch.fetch, crm: epoch.fetch }), StateStore.StateStore, store)
    }),
  )

export const stored = <A>(world: RelayWorld, use: (store: StateStore.Service) => Effect.Effect<A, ConnectorError>) =>
  Effect.runPromise(
    Effect.gen(function* () {
      return yield* use(yield* StateStore.StateStore)
    }).pipe(Effect.provide(StateStore.layer(world.backend))),
  )

/** What the CRM must hold of what is in the ERP, in words; empty when it does. */
export const faults = (world: RelayWorld): ReadonlyArray<string> => {
  const { crm, erp } = world
  const out: Array<string> = []
  const companies = new Map<string, string>()
  for (const row of erp.rows("Account")) {
    const found = crm.rows("Company").filter((each) => each.fields["erpNumber"] === row.fields["number"])
    if (found.length !== 1) out.push(`${row.id} is there ${found.length} times`)
    else if (found[0]?.fields["name"] !== row.fields["name"]) out.push(`${row.id} has another name`)
    companies.set(row.id, found[0]?.id ?? "none")
    companies.set(row.fields["number"] as string, found[0]?.id ?? "none")
  }
  for (const row of erp.rows("Contact")) {
    const found = crm.rows("Contact").filter((each) => each.fields["email"] === row.fields["email"])
    if (found.length !== 1) out.push(`${row.id} is there ${found.length} times`)
    const account = row.fields["account"] as { readonly id?: string; readonly number?: string }
    const company = companies.get(account.id ?? account.number ?? "")
    const held = found[0]?.fields["company"] as { readonly id?: string } | undefined
    if (held?.id !== company) out.push(`${row.id} belongs to ${held?.id} instead of ${company}`)
  }
  return out
}

export const left = async (world: RelayWorld): Promise<ReadonlyArray<string>> => {
  const names = Object.values(relays({ erp: fetch, crm: fetch })).map(({ name }) => name)
  const all = await Promise.all(
    names.map((name) =>
      stored(world, (store) =>
        Effect.gen(function* () {
          const intents = yield* store.intents(name)
          const parked = yield* store.parked(name, { limit: 100 })
          const dead = yield* store.deadLetters(name, { limit: 100 })
          return [
            ...intents.map(({ key }) => `intent ${key} stands`),
            ...parked.map(({ source }) => `${source.id} is parked`),
            ...dead.map(({ reason, source }) => `${source.id} is dead: ${reason}`),
          ]
        }),
      ),
    ),
  )
  return all.flat()
}

export type { Settings }
