/** Mutants that tell something else of a write than what became of it. */
import * as ConnectorErrors from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import { REFERENCE, reasonOf, SMALL, telling, upserting } from "./Breaking.ts"
import type { Known } from "./Known.ts"

/** The same error with another reason. */
const because = (error: ConnectorErrors.ConnectorError, reason: ConnectorErrors.Reason) =>
  new ConnectorErrors.ConnectorError({
    system: error.system,
    ...(error.operation === undefined ? {} : { operation: error.operation }),
    ...(error.correlationId === undefined ? {} : { correlationId: error.correlationId }),
    reason,
  })

const refused = (error: ConnectorErrors.ConnectorError): Outcome.Outcome => ({ _tag: "Rejected", error })

export const outcomes: ReadonlyArray<Known> = [
  {
    make: () =>
      upserting("gives outcomes in the order of the vendor's answer", (port, records, options) =>
        Effect.map(port.upsert(records, options), (all) => [...all].reverse()),
      ),
    caughtBy: ["I/input-order"],
    on: SMALL,
  },
  {
    make: () =>
      upserting("gives no outcome for what was refused", (port, records, options) =>
        Effect.map(port.upsert(records, options), (all) => all.filter(({ _tag }) => _tag !== "Rejected")),
      ),
    caughtBy: ["I/input-order", "I/partial-failure"],
    on: REFERENCE,
  },
  {
    make: () =>
      upserting("tells all to be refused when one is", (port, records, options) =>
        Effect.map(port.upsert(records, options), (all) => {
          const first = all.find(({ _tag }) => _tag === "Rejected")
          return first === undefined ? all : all.map(() => first)
        }),
      ),
    caughtBy: ["I/partial-failure", "E/bad-input"],
    on: REFERENCE,
  },
  {
    make: () =>
      upserting("leaves the rest when one is refused", (port, records, options) =>
        Effect.gen(function* () {
          const all: Array<Outcome.Outcome> = []
          for (const record of records) {
            const bad = all.find(({ _tag }) => _tag === "Rejected")
            if (bad !== undefined && "error" in bad) all.push({ _tag: "NotAttempted", error: bad.error })
            else all.push(...(yield* port.upsert([record], options)))
          }
          return all
        }),
      ),
    caughtBy: ["I/partial-failure"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("tells what was refused to be written", (outcome) =>
        outcome._tag === "Rejected" ? { _tag: "Written", id: "" } : outcome,
      ),
    caughtBy: ["I/partial-failure", "E/refusal-explained"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("tells to have failed what may have been written", (outcome) =>
        outcome._tag === "Unknown"
          ? refused(because(outcome.error, new ConnectorErrors.Unavailable({ message: "it failed" })))
          : outcome,
      ),
    caughtBy: ["E/no-answer", "L/deadline"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("tells not to have been sent what may have been written", (outcome) =>
        outcome._tag === "Unknown" ? { _tag: "NotAttempted", error: outcome.error } : outcome,
      ),
    caughtBy: ["E/no-answer", "L/deadline"],
    on: REFERENCE,
  },
  {
    make: () =>
      upserting("writes without looking whether anything differs", (port, records, options) =>
        port.upsert(records, { ...options, compare: false }),
      ),
    caughtBy: ["I/again", "I/store-lost"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("says nothing of why a record was refused", (outcome) =>
        outcome._tag === "Rejected" && reasonOf(outcome) === "Invalid"
          ? refused(
              new ConnectorErrors.ConnectorError({
                system: outcome.error.system,
                reason: new ConnectorErrors.Invalid({ message: "invalid", issues: [] }),
              }),
            )
          : outcome,
      ),
    caughtBy: ["E/refusal-explained"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("takes a refusal for a vendor that is out of order", (outcome) =>
        outcome._tag === "Rejected" && reasonOf(outcome) === "Invalid"
          ? refused(because(outcome.error, new ConnectorErrors.Unavailable({ message: outcome.error.reason.message })))
          : outcome,
      ),
    caughtBy: ["E/refusal-explained", "E/bad-input"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("loses the vendor's id of an exchange", (outcome) =>
        "error" in outcome && outcome.error.correlationId !== undefined
          ? {
              ...outcome,
              error: new ConnectorErrors.ConnectorError({ system: outcome.error.system, reason: outcome.error.reason }),
            }
          : outcome,
      ),
    caughtBy: ["E/correlation"],
    on: ["hubspot"],
  },
  {
    make: () =>
      telling("makes up an id of an exchange", (outcome) =>
        "error" in outcome
          ? {
              ...outcome,
              error: new ConnectorErrors.ConnectorError({
                system: outcome.error.system,
                correlationId: "0000-made-up",
                reason: outcome.error.reason,
              }),
            }
          : outcome,
      ),
    caughtBy: ["E/correlation"],
    on: ["hubspot"],
  },
]
