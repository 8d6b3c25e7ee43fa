/**
 * What became of a write. It is answered without a body, and by external id not even with what it did: a record that was
 * not there when it was looked for was created. An unknown outcome is looked up; an upsert may be sent again at once, for
 * it makes no second record and adds no second line.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import { Unsupported } from "@mortise/core/ConnectorError"
import { covers } from "@mortise/core/Covers"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import * as Written from "@mortise/core/Written"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "../Adopt.ts"
import type * as Keys from "../Keys.ts"
import { coversLines } from "./covers.ts"
import type { Form, Held, Put } from "./Form.ts"

type Members = { readonly [field: string]: unknown }

/** What was found out about a record that is to be written. */
export interface Plan<E extends Entity.Any> {
  readonly target: Adopt.Target<E>
  readonly put: Put
  /** Fields that differ from what the record holds. */
  readonly changed: ReadonlyArray<string>
  readonly wanted: Members
}

export interface Ready<E extends Entity.Any> {
  readonly item: BatchUpsert.Item<E>
  readonly ready: Plan<E>
}

/** The fields that a record does not hold as they are wanted; all of them when there is no record. */
export const differing = <E extends Entity.Any>(
  { writer }: Form<E>,
  held: Held<E> | undefined,
  wanted: Members,
): ReadonlyArray<string> =>
  Written.differing(
    wanted,
    held?.record as Members | undefined,
    (field) => writer.compare?.[field] ?? (field === "lines" ? coversLines : covers),
  )

export interface Saving<E extends Entity.Any> {
  /** The record, once it is there as it was to be written; none when it may be sent again. */
  readonly search: (ready: Ready<E>) => Effect.Effect<Option.Option<Held<E>>, ConnectorError>
  /** The outcome of a write that was answered. */
  readonly confirm: (ready: Ready<E>, named: Keys.Named | undefined) => Effect.Effect<Outcome.Outcome, ConnectorError>
  /** The outcome of a write that was not answered, and was found to have been applied. */
  readonly found: (ready: Ready<E>, held: Held<E>) => Outcome.Outcome
  /** The outcome by what the record holds; undefined when it does not hold what was to be written. */
  readonly verdict: (ready: Ready<E>, held: Held<E>) => Outcome.Outcome | undefined
}

export interface SavingOptions<E extends Entity.Any> {
  readonly adopting: Adopt.Adopting<E>
  readonly lateCommit: Duration.Duration
  readonly error: (reason: Unsupported) => ConnectorError
  readonly unproven: () => ConnectorError
}

export const make = <E extends Entity.Any>(options: SavingOptions<E>): Saving<E> => {
  const { adopting, error, lateCommit, unproven } = options
  const { form } = adopting

  const findAgain = ({ item, ready }: Ready<E>): Effect.Effect<Option.Option<Held<E>>, ConnectorError> => {
    const { held } = ready.target
    if (held !== undefined) return Effect.map(form.byIds([held.id]), ([found]) => Option.fromUndefinedOr(found))
    const text = Adopt.textOf(adopting, item.key)
    return text === undefined
      ? Effect.succeed(Option.none())
      : Effect.map(form.carrying([text]), ([found]) => Option.fromUndefinedOr(found))
  }

  const took = ({ ready }: Ready<E>, held: Held<E>): boolean =>
    differing(form, held, ready.wanted).filter((field) => ready.changed.includes(field)).length === 0

  /** Whoever makes a record without an external id waits as long as the first request may still be at work on it. */
  const search: Saving<E>["search"] = (ready) =>
    Effect.gen(function* () {
      const isInsert = ready.ready.put.to.way === "insert"
      const isMade = (held: Held<E>) => isInsert || took(ready, held)
      const until = (yield* Clock.currentTimeMillis) + (isInsert ? Duration.toMillis(lateCommit) : 0)
      return yield* Written.lookUntil(Effect.map(findAgain(ready), Option.filter(isMade)), until)
    })

  const outcomeOf = ({ ready }: Ready<E>, id: string): Outcome.Outcome => ({
    _tag: ready.target.held === undefined ? "Created" : "Updated",
    id,
  })

  const mismade = (ready: Ready<E>, held: Held<E>): Outcome.Outcome | undefined => {
    const fault = ready.ready.target.held === undefined ? form.writer.mismade?.(held.record) : undefined
    if (fault === undefined) return undefined
    const reason = new Unsupported({
      message: fault,
      feature: "draft",
      mend: "correct the record in NetSuite, and the way that such records are approved",
    })
    return { _tag: "Rejected", id: held.id, error: error(reason) }
  }

  const found: Saving<E>["found"] = (ready, held) => mismade(ready, held) ?? { _tag: "Written", id: held.id }

  const verdict: Saving<E>["verdict"] = (ready, held) =>
    mismade(ready, held) ?? (took(ready, held) ? outcomeOf(ready, held.id) : undefined)

  const confirm: Saving<E>["confirm"] = (ready, named) =>
    Effect.gen(function* () {
      const { held } = ready.ready.target
      const id = held?.id ?? (named !== undefined && "id" in named ? named.id : undefined)
      const isSeen = held !== undefined || form.writer.mismade === undefined
      if (id !== undefined && isSeen) return outcomeOf(ready, id)
      // The answer names an external id, or none, or what was made has to be looked at.
      const found = yield* Written.readBack(findAgain(ready))
      return Option.match(found, {
        onNone: (): Outcome.Outcome => ({ _tag: "Unknown", error: unproven() }),
        onSome: (made) => mismade(ready, made) ?? outcomeOf(ready, made.id),
      })
    })

  return { search, confirm, found, verdict }
}
