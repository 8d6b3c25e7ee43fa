/** Flows between the party and a counterpart in memory, for rules and scenarios. */
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import * as Effect from "effect/Effect"
import type { Bench } from "./Bench.ts"
import * as Counterpart from "./Counterpart.ts"
import type { Fields } from "./Probe.ts"
import type { Program } from "./Subject.ts"

export type Rows = ReadonlyArray<{ readonly id: string; readonly fields: Fields }>

export const NAME = "conformance"

export const emptyStore = (): MemoryBackend.MemoryBackend => MemoryBackend.make()

/** A table in which both sides own names, so that flows may go both ways. */
const tableFor = (entity: string, writer: Ownership.Side): Ownership.Table =>
  Ownership.edit(Ownership.leadToLedger as Ownership.Table, {
    entities: { [entity]: { create: [writer], update: [writer], retire: [], rest: writer, fields: { name: writer } } },
  }) as unknown as Ownership.Table

const across = (side: Ownership.Side): Ownership.Side => (side === "crm" ? "erp" : "crm")

const nameOnly = (({ name }: { readonly name?: string }) => ({ name })) as never

/** Records of the other system into the party. */
export const intoParty = (bench: Bench, rows: Rows): Program<Relay.Summary> =>
  Effect.gen(function* () {
    const { party, subject } = bench
    const target = party.port(yield* bench.connect())
    const writer = across(subject.side)
    return yield* Relay.make({
      name: NAME,
      source: Counterpart.source(target.entity, rows),
      target,
      table: tableFor(party.entity, writer),
      direction: { writer, target: subject.side },
      map: nameOnly,
      keyScope: "counterpart",
    }).run
  })

/** The party's changes into the other system. */
export const outOfParty = (bench: Bench, shelf: Counterpart.Shelf): Program<Relay.Summary> =>
  Effect.gen(function* () {
    const { party, subject } = bench
    const source = party.port(yield* bench.connect())
    return yield* Relay.make({
      name: `${NAME}-back`,
      source,
      target: Counterpart.target(source.entity, shelf),
      table: tableFor(party.entity, subject.side),
      direction: { writer: subject.side, target: across(subject.side) },
      map: nameOnly,
      fields: ["name"] as never,
    }).run
  })
