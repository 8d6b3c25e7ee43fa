/**
 * Writing one record so that writing it again reaches the same one. It is looked up first and compared with what it
 * holds; only what differs is sent. A new record is sent with a filter on its external reference, which finds or inserts
 * in one request; two writers of one key take turns. An unknown outcome is searched for as long as the server may still
 * be at work, and a 200 is believed only after the record was read again.
 */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import {
  ConnectorError,
  Invalid,
  type Issue,
  MissingReference,
  type Reason,
  UnknownOutcome,
  Unsupported,
} from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Scope from "@mortise/core/Scope"
import type { Reference } from "@mortise/core/Values"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "./Adopt.ts"
import type { Context } from "./internal/Context.ts"
import { covers, coversApplied, coversLines } from "./internal/covers.ts"
import * as Custom from "./internal/custom.ts"
import type { Form, Held, Put } from "./internal/Form.ts"
import type { Pointer } from "./internal/Writer.ts"
import { KEYS_PER_QUESTION } from "./Limits.ts"

/** Finds the ids of records by our keys, for references; keys that nobody carries are left out. */
export type IdsOf = (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>

export interface Writable<E extends Entity.Any> extends Adopt.Adopting<E> {
  readonly context: Context
  readonly features: Features.Features<E>
  readonly references: { readonly [K in Pointer["entity"]]: IdsOf }
}

/** What `prepare` found out about an item. */
interface Plan<E extends Entity.Any> {
  readonly target: Adopt.Target<E>
  readonly put: Put
  /** Fields that differ from what the record holds. */
  readonly changed: ReadonlyArray<string>
  readonly wanted: Members
}

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>
type Ready<E extends Entity.Any> = BatchUpsert.Ready<E, Entity.Custom, Plan<E>>

const FIRST_LOOK = Duration.seconds(2)
const LONGEST_LOOK = Duration.minutes(1)

/** Before each look for what a 200 says is saved. */
const READ_BACK = [Duration.zero, Duration.seconds(2), Duration.seconds(8)]

const comparers: { readonly [field: string]: (wanted: unknown, found: unknown) => boolean } = {
  lines: coversLines,
  applied: coversApplied,
}

/** Two references are the same when they lead to the same id. */
const resolvedFields = (fields: Members, ids: ReadonlyMap<string, string>): Members => {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
    const id = ids.get(referenceKey(value as Reference))
    if (id !== undefined) return { id }
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]))
  }
  return walk(fields) as Members
}

const referenceKey = (reference: Reference): string =>
  JSON.stringify([reference.id ?? null, reference.key ?? null, reference.number ?? null])

/** True when a detail has no id: sent to a record that has it already, it would be there twice. */
const appends = ({ body }: Put): boolean =>
  Object.values(body).some(
    (member) => Array.isArray(member) && member.some((detail: { readonly id?: string }) => detail.id === undefined),
  )

export const make = <E extends Entity.Any>(writable: Writable<E>) => {
  const { context, entity, features, references } = writable
  const { settings } = context
  const operation = `acumatica.${entity.name}.upsert`
  const error = (reason: Reason) => new ConnectorError({ system: "acumatica", operation, reason })

  /** The ids that references lead to. By key they are looked up together; an id or a number is taken at its word. */
  const resolve = (pointers: ReadonlyArray<Pointer>): Effect.Effect<ReadonlyMap<string, string>, ConnectorError> =>
    Effect.gen(function* () {
      const ids = new Map<string, string>()
      const byKey = new Map<Pointer["entity"], Set<string>>()
      for (const { entity: to, reference } of pointers) {
        const id = reference.id ?? (reference.key === undefined ? numbered(to, reference.number) : undefined)
        if (id !== undefined) ids.set(referenceKey(reference), id)
        else if (reference.key !== undefined) byKey.set(to, (byKey.get(to) ?? new Set()).add(reference.key))
      }
      for (const [to, keys] of byKey) {
        const found = yield* references[to]([...keys])
        for (const { entity: which, reference } of pointers) {
          const id = which === to && reference.key !== undefined ? found.get(reference.key) : undefined
          const fallback = id ?? (which === to ? numbered(to, reference.number) : undefined)
          if (fallback !== undefined) ids.set(referenceKey(reference), fallback)
        }
      }
      return ids
    })

  const numbered = (to: Pointer["entity"], number: string | undefined): string | undefined => {
    if (number === undefined || number === "") return undefined
    if (to === "Order") return `${settings.orderType}/${number}`
    return to === "Invoice" ? `Invoice/${number}` : number
  }

  const missing = (
    pointers: ReadonlyArray<Pointer>,
    ids: ReadonlyMap<string, string>,
  ): MissingReference | undefined => {
    const pointer = pointers.find(({ reference }) => !ids.has(referenceKey(reference)))
    if (pointer === undefined) return undefined
    const reference = pointer.reference.key ?? pointer.reference.number ?? "nothing"
    const message = `${pointer.path} points to a record that is not there`
    return new MissingReference({ message, field: pointer.path, reference })
  }

  const isHeld = (form: Form<E>, held: Held<E> | undefined, field: string, wanted: unknown): boolean => {
    if (held === undefined) return false
    const found = (held.record as Members)[field]
    const compare = form.writer.compare?.[field] ?? comparers[field] ?? covers
    return compare(wanted, found)
  }

  const differing = (form: Form<E>, held: Held<E> | undefined, wanted: Members): ReadonlyArray<string> =>
    Object.keys(wanted).filter((field) => wanted[field] !== undefined && !isHeld(form, held, field, wanted[field]))

  const carriesNothing = (form: Form<E>): boolean => form.carrier === undefined && writable.clientId === undefined

  const creatable = (target: Adopt.Target<E>): ConnectorError | undefined => {
    if (target.held !== undefined || !carriesNothing(target.form)) return undefined
    const message = `${target.form.resource} has no field in version ${settings.version} that could carry our key; nothing was created`
    return error(
      new Unsupported({
        message,
        feature: "identity",
        mend: "grant a user-defined field (contacts.keyField) or pin 24.200.001",
      }),
    )
  }

  const invalid = (issues: ReadonlyArray<Issue>) =>
    error(
      new Invalid({ message: issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "), issues }),
    )

  const plan = (item: Item<E>, carried: Parameters<typeof Adopt.locate<E>>[2], compare: boolean) =>
    Effect.gen(function* () {
      const target = yield* Adopt.locate(writable, item, carried)
      const { form, held } = target
      const refused = creatable(target)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const pointers = form.writer.pointers(item.fields)
      const ids = yield* resolve(pointers)
      const lost = missing(pointers, ids)
      if (lost !== undefined) return yield* Effect.fail(error(lost))
      const own = settings.custom?.[entity.name] ?? {}
      const faults = Custom.faults(item.fields.custom ?? {}, own)
      if (faults.length > 0) return yield* Effect.fail(invalid(faults))
      const { custom } = item.fields
      const wanted = {
        ...resolvedFields(item.fields as Members, ids),
        ...(custom === undefined ? {} : { custom: Custom.normal(custom, own) }),
      }
      const changed = differing(form, compare ? held : undefined, wanted)
      if (held !== undefined && changed.length === 0 && target.carry === undefined)
        return { trace: item.trace, outcome: { _tag: "Unchanged", id: held.id } as const }
      const patch = Object.fromEntries(changed.map((field) => [field, (item.fields as Members)[field]]))
      const encoded = yield* form.encode(patch as Entity.Patch<E>, {
        ...(held === undefined ? {} : { existing: held }),
        ...(target.carry === undefined ? {} : { carry: target.carry }),
        idOf: (_, reference) => ids.get(referenceKey(reference)) ?? "",
      })
      if ("issues" in encoded) return yield* Effect.fail(invalid(encoded.issues))
      return { trace: item.trace, ready: { target, put: encoded.put, changed, wanted } }
    })

  const prepare =
    (compare: boolean) =>
    (items: ReadonlyArray<Item<E>>): Effect.Effect<ReadonlyArray<BatchUpsert.Prepared<Plan<E>>>, ConnectorError> =>
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
              return Effect.succeed<BatchUpsert.Prepared<Plan<E>>>({ trace: item.trace, outcome })
            }),
          ),
        )
      })

  const findAgain = ({ item, ready }: Ready<E>): Effect.Effect<Option.Option<Held<E>>, ConnectorError> => {
    const { form, held } = ready.target
    const text = Adopt.textOf(settings, form as unknown as Form<Entity.Any>, item.key)
    const id = held?.id ?? writable.clientId?.(item)
    if (id !== undefined) return form.byId(id)
    return text === undefined
      ? Effect.succeed(Option.none())
      : Effect.map(form.carrying([text]), ([found]) => Option.fromUndefinedOr(found))
  }

  const took = ({ ready }: Ready<E>, held: Held<E>): boolean =>
    differing(ready.target.form, held, ready.wanted).length === 0

  /** Looks again and again while the server may still be at work on a request whose answer was lost. */
  const search = (ready: Ready<E>): Effect.Effect<Option.Option<Held<E>>, ConnectorError> =>
    Effect.gen(function* () {
      const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(settings.lateCommit)
      let wait = FIRST_LOOK
      for (;;) {
        const found = yield* findAgain(ready)
        const isNew = ready.ready.target.held === undefined
        if (Option.isSome(found) && (isNew || took(ready, found.value))) return found
        const left = until - (yield* Clock.currentTimeMillis)
        if (left <= 0) return Option.none()
        yield* Effect.sleep(Duration.min(wait, Duration.millis(left)))
        wait = Duration.min(Duration.times(wait, 2), LONGEST_LOOK)
      }
    })

  /** Reads what was just saved; it may take a moment to be seen. */
  const readBack = (ready: Ready<E>, id: string | undefined): Effect.Effect<Option.Option<Held<E>>, ConnectorError> =>
    Effect.gen(function* () {
      for (const wait of READ_BACK) {
        yield* Effect.sleep(wait)
        const read = id === undefined ? Option.none() : yield* ready.ready.target.form.byId(id)
        const found = Option.isSome(read) ? read : yield* findAgain(ready)
        if (Option.isSome(found)) return found
      }
      return Option.none()
    })

  /** After a 200: reads the record and tells what became of what was sent. */
  const confirm = (ready: Ready<E>, id: string | undefined): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const { carry, form, held } = ready.ready.target
      const found = yield* readBack(ready, id)
      const unproven = error(
        new UnknownOutcome({ message: "answered 200, and the record does not hold what was sent" }),
      )
      if (Option.isNone(found)) return { _tag: "Unknown", error: unproven }
      const { changed, wanted } = ready.ready
      const lost = differing(form, found.value, wanted).filter((field) => changed.includes(field))
      const keyless = carry !== undefined && found.value.carried?.toLowerCase() !== carry.toLowerCase()
      if (held !== undefined && lost.length === changed.length && (keyless || carry === undefined))
        return { _tag: "Unknown", error: unproven }
      if (lost.length > 0 || keyless)
        return {
          _tag: "Rejected",
          id: found.value.id,
          error: invalid([...(keyless ? ["key"] : []), ...lost].map(overruled)),
        }
      return { _tag: held === undefined ? "Created" : "Updated", id: found.value.id }
    })

  const overruled = (field: string): Issue => ({
    path: [field],
    message: "was accepted and not kept: the form has a value of its own; the other fields were written",
  })

  const sendOne = (ready: Ready<E>): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const answer = yield* ready.ready.target.form.put(ready.ready.put, search(ready))
      if ("found" in answer) return { _tag: "Written", id: answer.found.id } as const
      return yield* confirm(ready, answer.id)
    })

  const lockName = ({ item, ready }: Ready<E>): string => {
    const { form, held } = ready.target
    const name = item.key ?? held?.id ?? writable.clientId?.(item) ?? item.trace
    return `acumatica|${Scope.format(context.scope)}|${form.resource}|${name}`
  }

  /** Looks once more when it is this writer's turn: what another one wrote meanwhile would be written again. */
  const again = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const { item } = ready
      const carried = yield* Adopt.carrying(writable, item.key === undefined || item.id !== undefined ? [] : [item.key])
      const planned = yield* plan(item, carried, compare)
      return yield* "ready" in planned ? sendOne({ ...ready, ready: planned.ready }) : Effect.succeed(planned.outcome)
    })

  const send =
    (compare: boolean) =>
    ([ready]: ReadonlyArray<Ready<E>>): Effect.Effect<ReadonlyArray<BatchUpsert.Result>, ConnectorError> =>
      ready === undefined
        ? Effect.succeed([])
        : context
            .alone(lockName(ready), (waited) =>
              waited || appends(ready.ready.put) ? again(ready, compare) : sendOne(ready),
            )
            .pipe(
              Effect.map((outcome) => [{ trace: ready.trace, outcome }]),
              Effect.catch((failure) =>
                failure.reason._tag === "Locked"
                  ? Effect.succeed([{ trace: ready.trace, outcome: { _tag: "NotAttempted" as const, error: failure } }])
                  : Effect.fail(failure),
              ),
            )

  const upsert: Port.Port<E>["upsert"] = (records, options = {}) => {
    if (settings.readOnly) return Effect.succeed(records.map(() => ({ _tag: "Rejected", error: readOnly() }) as const))
    return BatchUpsert.run<E, Entity.Custom, Plan<E>>({
      system: "acumatica",
      operation,
      entity,
      records,
      limits: { records: 1, prepare: KEYS_PER_QUESTION },
      features: {
        writable: features.writable,
        notClearable: features.notClearable,
        revisions: false,
        ...(features.identity === undefined || writable.clientId !== undefined ? {} : { identity: features.identity }),
      },
      prepare: prepare(options.compare ?? true),
      send: send(options.compare ?? true),
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
