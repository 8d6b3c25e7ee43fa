/** What a write comes to, before anything is sent: what records mean, what they point to, and what of them differs. */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import { ConnectorError, Invalid, type Issue, NotFound, type Reason, Unsupported } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import * as References from "./References.ts"
import * as Saving from "./Saving.ts"

export interface Writable<E extends Entity.Any> extends Adopt.Adopting<E> {
  readonly context: Context
  readonly entity: E
  readonly features: Features.Features<E>
  readonly references: References.Finders
}

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>
type Prepared<E extends Entity.Any> = BatchUpsert.Prepared<Saving.Plan<E>>

export const make = <E extends Entity.Any>(writable: Writable<E>) => {
  const { context, entity, features, form, references } = writable
  const { settings } = context
  const operation = `netsuite.${entity.name}.upsert`
  const error = (reason: Reason) => new ConnectorError({ system: "netsuite", operation, reason })

  const invalid = (issues: ReadonlyArray<Issue>) =>
    error(
      new Invalid({ message: issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "), issues }),
    )

  /** Why a record that is not there cannot be made. */
  const refusal = (item: Item<E>, { carry, held }: Adopt.Target<E>): ConnectorError | undefined => {
    if (held !== undefined) return undefined
    if (item.create === false)
      return error(
        new NotFound({ message: `no ${entity.name} is there, and none was to be created`, entity: entity.name }),
      )
    if (!features.creates) {
      const message = `${entity.name} is not created here: ${features.absent?.["creates"] ?? "it is only read"}`
      return error(new Unsupported({ message, feature: "create" }))
    }
    return carry === undefined ? invalid([{ path: ["key"], message: "is needed to make a record" }]) : undefined
  }

  /** What says what a record is cannot be changed. */
  const renaming = ({ held }: Adopt.Target<E>, changed: ReadonlyArray<string>): ConnectorError | undefined => {
    const field = held === undefined ? undefined : changed.find((each) => form.writer.fixed.includes(each as never))
    if (field === undefined) return undefined
    const message = `${field} of a record that is there cannot be changed; nothing was sent`
    return error(
      new Unsupported({ message, feature: `change.${field}`, mend: "leave the field out, or change it in the ERP" }),
    )
  }

  const wantedOf = (item: Item<E>, resolved: References.Resolved): Effect.Effect<Members, ConnectorError> => {
    const pointers = form.writer.pointers(item.fields)
    const lost = References.missing(pointers, resolved)
    if (lost !== undefined) return Effect.fail(error(lost))
    const own = settings.custom[entity.name] ?? {}
    const { custom } = item.fields
    const faults = Custom.faults(custom ?? {}, own)
    if (faults.length > 0) return Effect.fail(invalid(faults))
    return Effect.succeed({
      ...References.byId(item.fields as Members, pointers, resolved),
      ...(custom === undefined ? {} : { custom: Custom.normal(custom, own) }),
    })
  }

  /** What was found of all items, asked for together. */
  const look = (items: ReadonlyArray<Item<E>>) =>
    Effect.gen(function* () {
      const known = yield* Adopt.look(writable, items)
      const pointers = items.flatMap(({ fields }) => form.writer.pointers(fields))
      return { known, resolved: yield* References.resolve(references, pointers) }
    })

  const plan = (
    item: Item<E>,
    { known, resolved }: Effect.Success<ReturnType<typeof look>>,
    compare: boolean,
  ): Effect.Effect<Prepared<E>, ConnectorError> =>
    Effect.gen(function* () {
      const target = yield* Adopt.locate(writable, item, known)
      const { carry, held } = target
      const refused = refusal(item, target)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const wanted = yield* wantedOf(item, resolved)
      const differing = Saving.differing(form, held, wanted)
      const fixed = renaming(target, differing)
      if (fixed !== undefined) return yield* Effect.fail(fixed)
      const all = compare ? differing : Saving.differing(form, undefined, wanted)
      const changed = held === undefined ? all : all.filter((field) => !form.writer.fixed.includes(field as never))
      if (held !== undefined && changed.length === 0 && carry === undefined)
        return { trace: item.trace, outcome: { _tag: "Unchanged", id: held.id } }
      const patch = Object.fromEntries(changed.map((field) => [field, (item.fields as Members)[field]]))
      const encoded = yield* form.encode(patch as Entity.Patch<E>, {
        ...(held === undefined ? {} : { existing: held }),
        ...(carry === undefined ? {} : { carry }),
        idOf: (to, reference) => resolved.idOf(to, reference) ?? "",
      })
      if ("issues" in encoded) return yield* Effect.fail(invalid(encoded.issues))
      return { trace: item.trace, ready: { target, put: encoded.put, changed, wanted } }
    })

  /** What says something about this record alone is its outcome; the rest is nobody's fault and stops the call. */
  const ownFault = (failure: ConnectorError): boolean =>
    BatchUpsert.fault(failure) === "record" || failure.reason._tag === "Unsupported"

  const prepare =
    (compare: boolean) =>
    (items: ReadonlyArray<Item<E>>): Effect.Effect<ReadonlyArray<Prepared<E>>, ConnectorError> =>
      Effect.gen(function* () {
        const found = yield* look(items)
        return yield* Effect.forEach(items, (item) =>
          plan(item, found, compare).pipe(
            Effect.catch((failure) => {
              if (!ownFault(failure)) return Effect.fail(failure)
              const outcome: Outcome.Outcome = { _tag: "Rejected", error: failure }
              return Effect.succeed<Prepared<E>>({ trace: item.trace, outcome })
            }),
          ),
        )
      })

  return { error, look, operation, plan, prepare }
}
