/**
 * What became of a write. An unknown outcome is searched for as long as the server may still be at work, and a success is
 * believed only when the record shows it.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import { covers } from "@mortise/core/Covers"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import * as Written from "@mortise/core/Written"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "../Adopt.ts"
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

const comparers: { readonly [field: string]: (wanted: unknown, found: unknown) => boolean } = { lines: coversLines }

/** The fields that a record does not hold as they are wanted; all of them when there is no record. */
export const differing = <E extends Entity.Any>(
  form: Form<E>,
  held: Held<E> | undefined,
  wanted: Members,
): ReadonlyArray<string> =>
  Written.differing(
    wanted,
    held?.record as Members | undefined,
    (field) => form.writer.compare?.[field] ?? comparers[field] ?? covers,
  )

/** The id and revision of a record, for an outcome. */
export const known = <E extends Entity.Any>({ id, revision }: Held<E>) => ({
  id,
  ...(revision === undefined ? {} : { revision }),
})

/** True when lines have to be made until the document has all of them. */
const addsLines = <E extends Entity.Any>({ put }: Plan<E>, { wire }: Held<E>): boolean =>
  put.lines(wire).some(({ _tag }) => _tag === "Create")

const overruled = (field: string): Issue => ({
  path: [field],
  message: "was accepted and not kept: the service has a value of its own; the other fields were written",
})

export interface Saving<E extends Entity.Any> {
  /**
   * The record, once it was written; none when the server cannot be at work on it any more. Where lines were to be made
   * never none, but the record as it was: sent again they would be there twice, so they are to be planned anew.
   */
  readonly search: (ready: Ready<E>) => Effect.Effect<Option.Option<Held<E>>, ConnectorError>
  /** After a success: what became of what was sent, by the answer where that tells, else by a fresh read. */
  readonly confirm: (ready: Ready<E>, saved: Held<E> | undefined) => Effect.Effect<Outcome.Outcome, ConnectorError>
}

export const make = <E extends Entity.Any>(options: {
  readonly adopting: Adopt.Adopting<E>
  readonly lateCommit: Duration.Duration
  readonly invalid: (issues: ReadonlyArray<Issue>) => ConnectorError
  readonly unproven: () => ConnectorError
}): Saving<E> => {
  const { adopting, invalid, lateCommit, unproven } = options
  const { form } = adopting

  const findAgain = ({ item, ready }: Ready<E>): Effect.Effect<Option.Option<Held<E>>, ConnectorError> => {
    if (ready.target.held !== undefined) return form.byId(ready.target.held.id)
    const text = Adopt.textOf(adopting, item.key)
    return text === undefined
      ? Effect.succeed(Option.none())
      : Effect.map(form.carrying([text]), (found) =>
          Option.fromUndefinedOr(found.find((held) => Adopt.same(held.carried, text))),
        )
  }

  /**
   * A changeset is applied whole or not at all, so one that made lines was taken when no line is left to be made, and one
   * that made a header when the header is there. Anything else is seen by the fields alone.
   */
  const took = ({ ready }: Ready<E>, adds: boolean, found: Held<E>): boolean => {
    if (ready.target.held === undefined) return true
    return adds ? !addsLines(ready, found) : differing(form, found, ready.wanted).length === 0
  }

  const search: Saving<E>["search"] = (ready) =>
    Effect.gen(function* () {
      const { held } = ready.ready.target
      const adds = held !== undefined && addsLines(ready.ready, held)
      const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(lateCommit)
      const look = Effect.map(
        findAgain(ready),
        Option.filter((found) => took(ready, adds, found)),
      )
      const found = yield* Written.lookUntil(look, until)
      // Lines have no key that the service would refuse twice: what makes them is planned anew, and not sent again.
      return adds ? Option.orElseSome(found, () => held) : found
    })

  const verdict = ({ ready }: Ready<E>, found: Held<E>): Outcome.Outcome | undefined => {
    const { changed, target, wanted } = ready
    const { carry, held } = target
    const lost = differing(form, found, wanted).filter((field) => changed.includes(field))
    const keyless = carry !== undefined && !Adopt.same(found.carried, carry)
    // Nothing at all of an update: it was not saved, or it is not seen yet.
    if (held !== undefined && lost.length === changed.length && (keyless || carry === undefined)) return undefined
    if (lost.length === 0 && !keyless) return { _tag: held === undefined ? "Created" : "Updated", ...known(found) }
    return { _tag: "Rejected", id: found.id, error: invalid([...(keyless ? ["key"] : []), ...lost].map(overruled)) }
  }

  const confirm: Saving<E>["confirm"] = (ready, saved) =>
    Effect.gen(function* () {
      const told = saved === undefined ? undefined : verdict(ready, saved)
      if (told?._tag === "Created") return told
      const found = saved === undefined ? findAgain(ready) : form.byId(saved.id)
      const outcome = yield* Written.readBack(
        Effect.map(
          found,
          Option.flatMapNullishOr((held) => verdict(ready, held)),
        ),
      )
      return Option.getOrElse(outcome, (): Outcome.Outcome => ({ _tag: "Unknown", error: unproven() }))
    })

  return { search, confirm }
}
