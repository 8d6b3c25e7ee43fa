/** Mutants that the rules of the life cycle have to catch: what goes on though nobody waits for it any more. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { changing, REFERENCE, upserting } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const goesOn = upserting("goes on writing when it is interrupted", (port, records, options) =>
  Effect.uninterruptible(Effect.andThen(port.upsert(records, options), port.upsert(records, options))),
)

const leavesTimer = upserting("leaves a timer behind with every write", (port, records, options) =>
  Effect.andThen(Effect.forkDetach(Effect.sleep("2 days")), port.upsert(records, options)),
)

const keepsAlive: Mutant = {
  name: "keeps its session alive after its end",
  port: (port) => {
    let awake = false
    const beat = Effect.forever(Effect.andThen(Effect.sleep("5 minutes"), Effect.ignore(port.find(["a/b/c|Beat|1"]))))
    return {
      ...port,
      changes: (options) =>
        Stream.unwrap(
          Effect.suspend(() => {
            const begin = awake ? Effect.void : Effect.asVoid(Effect.forkDetach(beat))
            awake = true
            return Effect.as(begin, port.changes(options))
          }),
        ),
    }
  },
}

const readsBehind = changing(
  "reads on behind the back of who has left",
  (changes) => (asked) =>
    Stream.unwrap(
      Effect.as(
        Effect.forkDetach(Effect.andThen(Effect.sleep("10 minutes"), Effect.ignore(Stream.runDrain(changes(asked))))),
        changes(asked),
      ),
    ),
)

export const lifecycle: ReadonlyArray<Known> = [
  { make: () => goesOn, caughtBy: ["L/interruption"], on: REFERENCE },
  { make: () => leavesTimer, caughtBy: ["L/interruption"], on: REFERENCE },
  { make: () => keepsAlive, caughtBy: ["L/scope-ends"], on: REFERENCE },
  { make: () => readsBehind, caughtBy: ["L/leaves-stream", "L/scope-ends"], on: REFERENCE },
  {
    make: () =>
      upserting("takes no notice of a deadline", (port, records, { deadline: _, ...options } = {}) =>
        port.upsert(records, options),
      ),
    caughtBy: ["L/deadline"],
    on: REFERENCE,
  },
  {
    make: () =>
      upserting("gives outcomes only of what was over at the deadline", (port, records, options) =>
        Effect.map(port.upsert(records, options), (outcomes) =>
          options?.deadline === undefined ? outcomes : outcomes.filter(({ _tag }) => _tag !== "NotAttempted"),
        ),
      ),
    caughtBy: ["L/deadline"],
    on: REFERENCE,
  },
  {
    make: () =>
      upserting("takes no notice of a signal", (port, records, { signal: _, ...options } = {}) =>
        port.upsert(records, options),
      ),
    caughtBy: ["L/abort-signal"],
    on: REFERENCE,
  },
  {
    make: () =>
      upserting("goes on with the rest after a signal", (port, records, options) =>
        options?.signal === undefined
          ? port.upsert(records, options)
          : Effect.tap(port.upsert(records, options), () =>
              Effect.forkDetach(Effect.delay(port.upsert(records), "1 minute")),
            ),
      ),
    caughtBy: ["L/abort-signal"],
    on: REFERENCE,
  },
]
