/** What is to become of each record of a call: found, compared, its references resolved; or why it is refused unsent. */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import {
  Conflict,
  ConnectorError,
  Invalid,
  type Issue,
  NotFound,
  type Reason,
  Unsupported,
} from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import type { Mapping } from "./Mapping.ts"
import * as References from "./References.ts"
import * as Saving from "./Saving.ts"
import type { Held } from "./Source.ts"

export interface Writable<E extends Entity.Any> extends Adopt.Adopting<E> {
  readonly context: Context
  readonly mapping: Mapping<E>
  readonly features: Features.Features<E>
  readonly references: References.Finders
}

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>

export type Planning<E extends Entity.Any> = ReturnType<typeof make<E>>

export const make = <E extends Entity.Any>(writable: Writable<E>) => {
  const { context, entity, features, mapping, references, source, writer } = writable
  const { settings } = context
  const { doctype } = mapping
  const operation = `erpnext.${entity.name}.upsert`
  const error = (reason: Reason) => new ConnectorError({ system: "erpnext", operation, reason })

  const invalid = (issues: ReadonlyArray<Issue>) =>
    error(
      new Invalid({ message: issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "), issues }),
    )

  /** Why a record that is not there cannot be made. */
  const refusal = (item: Item<E>, { held }: Adopt.Target<E>, carries: boolean): ConnectorError | undefined => {
    if (held !== undefined) return undefined
    if (item.create === false)
      return error(
        new NotFound({ message: `no ${entity.name} is there, and none was to be created`, entity: entity.name }),
      )
    if (writable.clientId !== undefined && writable.clientId(item) === undefined) {
      const message = `is missing, and the key does not fit into ${features.identity?.field ?? "the field that names it"}`
      return invalid([{ path: [entity.naturalKeys[0] ?? "key"], message }])
    }
    if (carries) return undefined
    return error(
      new Unsupported({
        message: `${doctype} has no unique field ${settings.keyField} that could carry our key; nothing was created`,
        feature: "identity",
        mend: "run prepare() as a user who may make Custom Fields, or let an administrator add it",
      }),
    )
  }

  /** What names a record, or says what it is, cannot be changed. */
  const renaming = (held: Held<E> | undefined, changed: ReadonlyArray<string>): ConnectorError | undefined => {
    const field = held === undefined ? undefined : changed.find((each) => writer.fixed.includes(each as never))
    if (field === undefined) return undefined
    const message = `${field} of a record that is there cannot be changed; nothing was sent`
    return error(
      new Unsupported({ message, feature: `change.${field}`, mend: "leave the field out, or change it in the ERP" }),
    )
  }

  const stale = (item: Item<E>, held: Held<E> | undefined): ConnectorError | undefined =>
    item.ifRevision === undefined || held === undefined || held.modified === item.ifRevision
      ? undefined
      : error(
          new Conflict({
            message: "the record was changed since it was read; nothing was sent",
            expected: item.ifRevision,
            found: held.modified,
          }),
        )

  const narrowed = (items: ReadonlyArray<Item<E>>) => Adopt.narrowed<E, Writable<E>>(writable, items)

  const plan = (item: Item<E>, known: Adopt.Known<E>, resolved: References.Resolved) =>
    Effect.gen(function* () {
      const target = yield* Adopt.locate(narrowed([item]), item, known)
      const { held } = target
      const carries = yield* source.carries
      const refused = refusal(item, target, carries) ?? stale(item, held)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const pointers = writer.pointers(item.fields)
      const lost = References.missing(pointers, resolved)
      if (lost !== undefined) return yield* Effect.fail(error(lost))
      const own = yield* source.own
      const { custom } = item.fields
      const faults = Custom.faults(custom ?? {}, own)
      if (faults.length > 0) return yield* Effect.fail(invalid(faults))
      const wanted: Members = {
        ...References.byId(item.fields as Members, pointers, resolved),
        ...(custom === undefined ? {} : { custom: Custom.normal(custom, own) }),
      }
      const fixed = renaming(held, Saving.differing(writer, held, wanted))
      if (fixed !== undefined) return yield* Effect.fail(fixed)
      return { target: carries ? target : { ...target, carry: undefined }, wanted, resolved } as Saving.Plan<E>
    })

  const isUnchanged = ({ target, wanted }: Saving.Plan<E>, compare: boolean): boolean =>
    compare &&
    target.held !== undefined &&
    target.carry === undefined &&
    Saving.differing(writer, target.held, wanted).length === 0

  const pointersOf = (items: ReadonlyArray<Item<E>>) => items.flatMap((item) => writer.pointers(item.fields))

  /** Looks for many records at once. */
  const prepare =
    (compare: boolean) =>
    (
      items: ReadonlyArray<Item<E>>,
    ): Effect.Effect<ReadonlyArray<BatchUpsert.Prepared<Saving.Plan<E>>>, ConnectorError> =>
      Effect.gen(function* () {
        const known = yield* Adopt.look(narrowed(items), items)
        const resolved = yield* References.resolve(references, pointersOf(items))
        return yield* Effect.forEach(items, (item) =>
          plan(item, known, resolved).pipe(
            Effect.map(
              (ready): BatchUpsert.Prepared<Saving.Plan<E>> =>
                isUnchanged(ready, compare)
                  ? { trace: item.trace, outcome: unchanged(ready.target.held as Held<E>) }
                  : { trace: item.trace, ready },
            ),
            Effect.catch((failure) => {
              // What says something about this record alone is its outcome; the rest is nobody's fault and stops the call.
              const own = BatchUpsert.fault(failure) === "record" || failure.reason._tag === "Unsupported"
              if (!own) return Effect.fail(failure)
              const outcome: Outcome.Outcome = { _tag: "Rejected", error: failure }
              return Effect.succeed<BatchUpsert.Prepared<Saving.Plan<E>>>({ trace: item.trace, outcome })
            }),
          ),
        )
      })

  const unchanged = ({ id, modified }: Held<E>): Outcome.Outcome => ({ _tag: "Unchanged", id, revision: modified })

  return { error, invalid, isUnchanged, narrowed, plan, prepare, renaming, stale, unchanged }
}
