/** Resolves what records point to before they are written, so that nothing is sent for one that points to nothing. */
import { ConnectorError, MissingReference } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"

type Write = Parameters<Port.Any["upsert"]>[0][number]
type Pointer = { readonly id?: string; readonly key?: string; readonly number?: string }

/** The record with its references by id, or what it points to in vain. */
export type Resolve = (write: Write) => Effect.Effect<Write | Outcome.Outcome, ConnectorError>

export const missing = (system: string, field: string, reference: string): Outcome.Outcome => ({
  _tag: "Rejected",
  error: new ConnectorError({
    system,
    reason: new MissingReference({ message: `${field} points to a record that is not there`, field, reference }),
  }),
})

const fieldOf = (write: Write, field: string): Pointer | undefined =>
  (write.fields as Readonly<Record<string, Pointer | undefined>>)[field]

/** A reference by our key becomes one by the id of the record that carries it. */
export const byKey =
  (system: string, field: string, parents: Port.Any): Resolve =>
  (write) => {
    const pointer = fieldOf(write, field)
    if (pointer?.key === undefined || pointer.id !== undefined) return Effect.succeed(write)
    const { key } = pointer
    return Effect.map(parents.find([key]), (found) => {
      const id = found.get(key)?.id
      return id === undefined ? missing(system, field, key) : { ...write, fields: { ...write.fields, [field]: { id } } }
    })
  }

/** The port, writing only what is resolved; the rest has its outcome, in the order of the inputs. */
export const resolving = (port: Port.Any, ...steps: ReadonlyArray<Resolve>): Port.Any => {
  const resolved = (write: Write): Effect.Effect<Write | Outcome.Outcome> =>
    Effect.gen(function* () {
      let current = write
      for (const step of steps) {
        const next = yield* step(current)
        if ("_tag" in next) return next
        current = next
      }
      return current
    }).pipe(Effect.catch((error) => Effect.succeed<Outcome.Outcome>({ _tag: "NotAttempted", error })))
  return {
    ...port,
    upsert: (records, options) =>
      Effect.gen(function* () {
        const ready = yield* Effect.forEach(records, resolved)
        const writes = ready.filter((one): one is Write => !("_tag" in one))
        const outcomes = [...(yield* port.upsert(writes, options))]
        return ready.map((one) => ("_tag" in one ? one : (outcomes.shift() as Outcome.Outcome)))
      }),
  }
}
