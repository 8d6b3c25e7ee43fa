import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Counterpart from "../kit/Counterpart.ts"
import type { Scenario } from "../kit/Scenario.ts"

const RECORDS = 4

export const relayPage: Scenario = {
  id: "relay-page",
  says: "a page of records of another system is relayed, and one of them once more",
  needs: ["writes"],
  play: (bench) => {
    const { party, subject } = bench
    return {
      program: Effect.gen(function* () {
        const target = party.port(yield* bench.connect())
        const rows = Array.from({ length: RECORDS }, (_, n) => ({ id: `R${n}`, fields: { name: `Relayed ${n}` } }))
        const source = Counterpart.source(target.entity, [...rows, { id: "R1", fields: { name: "Relayed again" } }])
        const writer = subject.side === "crm" ? "erp" : "crm"
        const table = Ownership.edit(Ownership.leadToLedger as Ownership.Table, {
          entities: {
            [party.entity]: { create: [writer], update: [writer], retire: [], rest: writer, fields: { name: writer } },
          },
        })
        const relay = Relay.make({
          name: "conformance",
          source,
          target,
          table: table as unknown as Ownership.Table,
          direction: { writer, target: subject.side },
          map: (({ name }: { name?: string }) => ({ name })) as never,
          keyScope: "counterpart",
        })
        const { rejected } = yield* relay.run
        const left = yield* (yield* StateStore).deadLetters("conformance", { limit: 10 })
        return Object.keys(rejected).length === 0 && left.length === 0
      }),
      problems: () => [],
    }
  },
}
