/** Mutants that the rules of adoption have to catch: what was there before we came. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { each, REFERENCE, SMALL, upserting, type Write, writing } from "./Breaking.ts"
import type { Known } from "./Known.ts"

type Natural = { readonly [field: string]: unknown }

/** What it does with a record for which several, or none that is free, might be meant. */
const deciding = (name: string, decide: (write: Write, ids: ReadonlyArray<string>) => Write | undefined): Mutant =>
  upserting(name, (port, records, options) =>
    Effect.flatMap(port.upsert(records, options), (outcomes) =>
      Effect.forEach(outcomes, (outcome, index) => {
        const reason = outcome._tag === "Rejected" ? outcome.error.reason : undefined
        if (reason?._tag !== "Ambiguous") return Effect.succeed<Outcome.Outcome>(outcome)
        const decided = decide(
          records[index] as Write,
          reason.candidates.map(({ id }) => id),
        )
        if (decided === undefined) return Effect.succeed<Outcome.Outcome>(outcome)
        return Effect.map(port.upsert([decided]), ([one]) => one ?? outcome)
      }),
    ),
  )

/** The id of the one record of this name; a reader's way, from the beginning. */
const named = (port: Port.Any, name: unknown) =>
  Effect.map(Effect.orDie(Stream.runCollect(port.changes())), (pages) => {
    const ids = [...pages].flatMap(({ changes }) =>
      changes.flatMap((one) => (one._tag === "Upserted" && one.record.name === name ? one.id : [])),
    )
    return ids.length === 1 ? ids[0] : undefined
  })

const byName: Mutant = upserting("adopts the only one of the name", (port, records, options) =>
  Effect.flatMap(
    Effect.forEach(records, (one) =>
      one.adoptBy === undefined
        ? Effect.succeed(one)
        : Effect.map(named(port, (one.fields as { readonly name?: unknown }).name), (id) =>
            id === undefined ? one : { ...one, id },
          ),
    ),
    (writes) => port.upsert(writes, options),
  ),
)

/** What the first of a call has adopted, the others of the same natural key write over by its id. */
const sharing: Mutant = upserting("gives one record to all of a call that match it", (port, records, options) => {
  const naturalOf = ({ adoptBy = [], fields }: Write) => String(adoptBy.map((field) => (fields as Natural)[field]))
  const adopting = records.filter(({ adoptBy }) => adoptBy !== undefined)
  const first = new Map(adopting.toReversed().map((one) => [naturalOf(one), one]))
  const isLater = (one: Write) => one.adoptBy !== undefined && first.get(naturalOf(one)) !== one
  if (!records.some(isLater)) return port.upsert(records, options)
  return Effect.flatMap(
    port.upsert(
      records.filter((one) => !isLater(one)),
      options,
    ),
    (outcomes) => {
      const ids = outcomes.flatMap((outcome) => ("id" in outcome && outcome.id !== undefined ? [outcome.id] : []))
      const over = records.filter(isLater).map(({ fields }) => ({ id: ids[0] ?? "", fields }))
      return Effect.map(port.upsert(over, options), (more) => [...outcomes, ...more])
    },
  )
})

const withoutAdoption = ({ adoptBy: _, ...one }: Write): Write => one

export const adoption: ReadonlyArray<Known> = [
  {
    make: () => writing("adopts nothing", each(withoutAdoption)),
    caughtBy: ["I/adopt", "I/adopt-ambiguous", "O/key-alone"],
    on: SMALL,
  },
  {
    make: () =>
      deciding("takes the first of several that might be meant", (write, [first, ...more]) =>
        first === undefined || more.length === 0 ? undefined : { ...write, id: first },
      ),
    caughtBy: ["I/adopt-ambiguous"],
    on: REFERENCE,
  },
  {
    make: () =>
      deciding("makes one more where several might be meant", (write, ids) =>
        ids.length > 1 ? withoutAdoption(write) : undefined,
      ),
    caughtBy: ["I/adopt-ambiguous"],
    on: REFERENCE,
  },
  {
    make: () =>
      deciding("takes a record that belongs to another key", (write, [only, ...more]) =>
        only === undefined || more.length > 0 ? undefined : { ...write, id: only },
      ),
    caughtBy: ["I/adopt-taken"],
    on: REFERENCE,
  },
  {
    make: () => sharing,
    caughtBy: ["I/adopt-once"],
    on: REFERENCE,
  },
  {
    make: () => byName,
    caughtBy: ["I/name-alone"],
    on: REFERENCE,
  },
  {
    make: () =>
      writing(
        "names what it adopts as it likes",
        each((one) => (one.adoptBy === undefined ? one : { ...one, fields: { name: "Adopted", ...one.fields } })),
      ),
    caughtBy: ["O/key-alone"],
    on: REFERENCE,
  },
]
