/**
 * Writing one record so that writing it again reaches the same one. It is looked up first and compared with what it
 * holds; only what differs is sent. A new record is sent with a filter on its external reference and only if there is
 * none: a record that another writer made meanwhile is refused by the server, looked up and compared. Two writers of one
 * record take turns.
 */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import {
  Conflict,
  ConnectorError,
  Invalid,
  type Issue,
  NotFound,
  type Reason,
  UnknownOutcome,
  Unsupported,
} from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Scope from "@mortise/core/Scope"
import * as WriteTurns from "@mortise/core/WriteTurns"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "./Adopt.ts"
import type { Context } from "./internal/Context.ts"
import * as Custom from "./internal/custom.ts"
import type { Put } from "./internal/Form.ts"
import * as References from "./internal/References.ts"
import * as Saving from "./internal/Saving.ts"
import { KEYS_PER_QUESTION } from "./Limits.ts"

export interface Writable<E extends Entity.Any> extends Adopt.Adopting<E> {
  readonly context: Context
  readonly features: Features.Features<E>
  readonly references: References.Finders
}

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>
type Ready<E extends Entity.Any> = BatchUpsert.Ready<E, Entity.Custom, Saving.Plan<E>>

/** True when the body has lines: what is planned for them holds for the lines that were read, not for later ones. */
const hasLines = ({ body }: Put): boolean => Object.values(body).some(Array.isArray)

export const make = <E extends Entity.Any>(writable: Writable<E>) => {
  const { context, entity, features, references } = writable
  const { settings } = context
  const operation = `acumatica.${entity.name}.upsert`
  const error = (reason: Reason) => new ConnectorError({ system: "acumatica", operation, reason })

  const invalid = (issues: ReadonlyArray<Issue>) =>
    error(
      new Invalid({ message: issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "), issues }),
    )

  const unproven = () =>
    error(new UnknownOutcome({ message: "answered 200, and the record does not hold what was sent" }))

  const saving = Saving.make({ adopting: writable, lateCommit: settings.lateCommit, invalid, unproven })

  /** Why a record that is not there cannot be made. */
  const refusal = (item: Item<E>, { form, held }: Adopt.Target<E>): ConnectorError | undefined => {
    if (held !== undefined) return undefined
    if (item.create === false)
      return error(
        new NotFound({ message: `no ${entity.name} is there, and none was to be created`, entity: entity.name }),
      )
    if (writable.clientId !== undefined && writable.clientId(item) === undefined) {
      const message = `is missing, and the key does not fit into ${features.identity?.field ?? "the field that names it"}`
      return invalid([{ path: [entity.naturalKeys[0] ?? "key"], message }])
    }
    if (form.carrier !== undefined || writable.clientId !== undefined) return undefined
    const message = `${form.resource} has no field in version ${settings.version} that could carry our key; nothing was created`
    return error(
      new Unsupported({
        message,
        feature: "identity",
        mend: "grant a user-defined field (contacts.keyField) or pin 24.200.001",
      }),
    )
  }

  /** What names a record, or says what it is, cannot be changed: sent along, it would mean another record. */
  const renaming = ({ form, held }: Adopt.Target<E>, changed: ReadonlyArray<string>): ConnectorError | undefined => {
    const field = held === undefined ? undefined : changed.find((each) => form.writer.fixed.includes(each as never))
    if (field === undefined) return undefined
    const message = `${field} of a record that is there cannot be changed; nothing was sent`
    return error(
      new Unsupported({ message, feature: `change.${field}`, mend: "leave the field out, or change it in the ERP" }),
    )
  }

  const namedBy = (item: Item<E>) => {
    const named = writable.clientId?.(item)
    return named === undefined ? {} : { named }
  }

  const plan = (item: Item<E>, carried: Parameters<typeof Adopt.locate<E>>[2], compare: boolean) =>
    Effect.gen(function* () {
      const target = yield* Adopt.locate(writable, item, carried)
      const { form, held } = target
      const refused = refusal(item, target)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const pointers = form.writer.pointers(item.fields)
      const resolved = yield* References.resolve(settings, references, pointers)
      const lost = References.missing(pointers, resolved)
      if (lost !== undefined) return yield* Effect.fail(error(lost))
      const own = settings.custom[entity.name] ?? {}
      const faults = Custom.faults(item.fields.custom ?? {}, own)
      if (faults.length > 0) return yield* Effect.fail(invalid(faults))
      const { custom } = item.fields
      const wanted: Members = {
        ...References.byId(item.fields as Members, pointers, resolved),
        ...(custom === undefined ? {} : { custom: Custom.normal(custom, own) }),
      }
      const differing = Saving.differing(form, held, wanted)
      const fixed = renaming(target, differing)
      if (fixed !== undefined) return yield* Effect.fail(fixed)
      const all = compare ? differing : Saving.differing(form, undefined, wanted)
      const changed = held === undefined ? all : all.filter((field) => !form.writer.fixed.includes(field as never))
      if (held !== undefined && changed.length === 0 && target.carry === undefined)
        return { trace: item.trace, outcome: { _tag: "Unchanged", id: held.id } as const }
      const patch = Object.fromEntries(changed.map((field) => [field, (item.fields as Members)[field]]))
      const encoded = yield* form.encode(patch as Entity.Patch<E>, {
        ...(held === undefined ? namedBy(item) : { existing: held }),
        ...(target.carry === undefined ? {} : { carry: target.carry }),
        idOf: (to, reference) => resolved.idOf(to, reference) ?? "",
      })
      if ("issues" in encoded) return yield* Effect.fail(invalid(encoded.issues))
      return { trace: item.trace, ready: { target, put: encoded.put, changed, wanted } }
    })

  const prepare =
    (compare: boolean) =>
    (
      items: ReadonlyArray<Item<E>>,
    ): Effect.Effect<ReadonlyArray<BatchUpsert.Prepared<Saving.Plan<E>>>, ConnectorError> =>
      Effect.gen(function* () {
        const keys = items.flatMap((item) => (item.key === undefined || item.id !== undefined ? [] : [item.key]))
        const carried = yield* Adopt.carrying(writable, keys)
        return yield* Effect.forEach(items, (item) =>
          plan(item, carried, compare).pipe(
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

  /** Looks once more: what another writer made meanwhile is not written over blindly. */
  const replan = ({ item }: Ready<E>, compare: boolean) =>
    Effect.flatMap(
      Adopt.carrying(writable, item.key === undefined || item.id !== undefined ? [] : [item.key]),
      (carried) => plan(item, carried, compare),
    )

  const again = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.flatMap(replan(ready, compare), (planned) =>
      "ready" in planned ? sendOne({ ...ready, ready: planned.ready }, compare) : Effect.succeed(planned.outcome),
    )

  /** A record with our key came between: of another writer, or of our own request whose answer was lost. */
  const wasMade = (ready: Ready<E>, compare: boolean, doubtful: boolean) =>
    Effect.gen(function* () {
      const found = yield* saving.search(ready)
      if (Option.isNone(found)) {
        const message = "the server has a record with this key, and its lists do not show it"
        return yield* Effect.fail(error(new Conflict({ message })))
      }
      const outcome = yield* again(ready, compare)
      return doubtful && outcome._tag === "Unchanged" ? ({ _tag: "Written", id: outcome.id } as const) : outcome
    })

  /** Contract 3 refuses with a text alone: what a record points to is looked for, to name what is missing. */
  const named = (ready: Ready<E>, failure: ConnectorError) =>
    Effect.gen(function* () {
      const pointers = ready.ready.target.form.writer.pointers(ready.item.fields)
      const resolved = yield* References.resolve(settings, references, pointers)
      const lost = yield* References.unknown(references, pointers, resolved)
      return yield* Effect.fail(lost === undefined ? failure : error(lost))
    })

  const sendOne = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.suspend(() => {
      let doubtful = false
      const lookup = Effect.suspend(() => {
        doubtful = true
        return saving.search(ready)
      })
      return ready.ready.target.form.put(ready.ready.put, lookup).pipe(
        Effect.flatMap((answer) =>
          "found" in answer
            ? Effect.succeed<Outcome.Outcome>({ _tag: "Written", id: answer.found.id })
            : saving.confirm(ready, answer.id),
        ),
        Effect.catch((failure) => {
          const { reason } = failure
          if (reason._tag === "Conflict" && ready.ready.put.precondition === "missing")
            return wasMade(ready, compare, doubtful)
          if (reason._tag === "MissingReference") return Effect.fail(error(References.inOurWords(reason)))
          return reason._tag === "Invalid" && context.codec.contract === 3
            ? named(ready, failure)
            : Effect.fail(failure)
        }),
      )
    })

  const inTurn = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    WriteTurns.send<Saving.Plan<E>, Outcome.Outcome>(context.alone, ready.ready, {
      names: ({ target }) =>
        WriteTurns.names(
          `${Scope.format(context.scope)}|${entity.name}`,
          ready.item,
          target.held?.id ?? writable.clientId?.(ready.item),
        ),
      isOld: ({ put, target }) => target.held !== undefined && (target.carry !== undefined || hasLines(put)),
      plan: replan(ready, compare),
      send: (planned) => sendOne({ ...ready, ready: planned }, compare),
    })

  const send =
    (compare: boolean) =>
    ([ready]: ReadonlyArray<Ready<E>>): Effect.Effect<ReadonlyArray<BatchUpsert.Result>, ConnectorError> => {
      if (ready === undefined) return Effect.succeed([])
      return inTurn(ready, compare).pipe(
        Effect.map((outcome) => [{ trace: ready.trace, outcome }]),
        Effect.catch((failure) =>
          failure.reason._tag === "Locked"
            ? Effect.succeed([{ trace: ready.trace, outcome: { _tag: "NotAttempted" as const, error: failure } }])
            : Effect.fail(failure),
        ),
      )
    }

  const upsert: Port.Port<E>["upsert"] = (records, options = {}) => {
    if (settings.readOnly) return Effect.succeed(records.map(() => ({ _tag: "Rejected", error: readOnly() }) as const))
    const compare = options.compare ?? true
    return BatchUpsert.run<E, Entity.Custom, Saving.Plan<E>>({
      system: "acumatica",
      operation,
      entity,
      records,
      limits: { records: 1, prepare: KEYS_PER_QUESTION },
      features: {
        writable: features.writable,
        notClearable: features.notClearable,
        revisions: false,
        existingOnly: true,
        adoptable: writable.forms.flatMap(({ writer }) => Object.keys(writer.natural)),
        ...(features.identity === undefined || writable.clientId !== undefined ? {} : { identity: features.identity }),
      },
      prepare: prepare(compare),
      send: send(compare),
      concurrency: context.concurrency,
      upsert: options,
    })
  }

  const readOnly = () =>
    error(
      new Unsupported({
        message: "this connector was opened read-only; nothing was sent",
        feature: "write",
        mend: "open the connector without `readOnly` to let it write",
      }),
    )

  return { upsert }
}
