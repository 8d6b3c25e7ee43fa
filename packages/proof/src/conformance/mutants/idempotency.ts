/** Mutants that the rules of this family have to catch. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import { counter, door, each, isWrite, renamed, underAnotherKey, type Write, writing } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const blindRetry = door("sends a write again blindly", async (request, fetch) => {
  if (!isWrite(request)) return fetch(request)
  const again = await underAnotherKey(request.clone())
  try {
    const response = await fetch(request)
    return response.status >= 500 ? fetch(again) : response
  } catch {
    return fetch(again)
  }
})

const takesTheFirst: Mutant = {
  name: "takes the first of several that might be meant",
  port: (port) => ({
    ...port,
    upsert: (records, options) =>
      Effect.flatMap(port.upsert(records, options), (outcomes) =>
        Effect.forEach(outcomes, (outcome, index) => {
          const reason = outcome._tag === "Rejected" ? outcome.error.reason : undefined
          const id = reason?._tag === "Ambiguous" ? reason.candidates[0]?.id : undefined
          if (id === undefined) return Effect.succeed<Outcome.Outcome>(outcome)
          return Effect.map(port.upsert([{ ...records[index], id } as Write]), ([one]) => one ?? outcome)
        }),
      ),
  }),
}

const namesByProcess = (): Mutant => {
  const next = counter()
  return {
    name: "names records by the process that wrote them",
    port: (port) => {
      const mine = `x${next()}`
      return { ...port, upsert: (records, options) => port.upsert(each((one) => renamed(one, mine))(records), options) }
    },
  }
}

const forgetsWhatItWrote = (): Mutant => {
  const next = counter()
  return writing(
    "takes every write for a new record",
    each((one) => renamed(one, `x${next()}`)),
  )
}

const mixesUpOutcomes: Mutant = {
  name: "gives outcomes in the order of the vendor's answer",
  port: (port) => ({
    ...port,
    upsert: (records, options) => Effect.map(port.upsert(records, options), (outcomes) => [...outcomes].reverse()),
  }),
}

export const idempotency: ReadonlyArray<Known> = [
  { make: forgetsWhatItWrote, caughtBy: ["I/again", "I/same-key-twice", "I/store-lost"] },
  { make: namesByProcess, caughtBy: ["I/store-lost", "I/two-callers"] },
  { make: () => blindRetry, caughtBy: ["I/lost-reply", "I/error-after-write", "I/late-commit"], sweptBy: "create" },
  {
    make: () =>
      writing(
        "adopts nothing",
        each(({ adoptBy: _, ...one }) => one),
      ),
    caughtBy: ["I/adopt", "I/adopt-ambiguous"],
  },
  { make: () => takesTheFirst, caughtBy: ["I/adopt-ambiguous"] },
  { make: () => mixesUpOutcomes, caughtBy: ["I/input-order"] },
]
