/**
 * Writing one record so that writing it again reaches the same one. No field of the vendor is unique but keys that it
 * gives itself, so a record is looked up first and compared with what it holds; only what differs is sent, with the ETag
 * that was read. A new one is sent only if there is none, and never again before it was looked for. Two writers of one
 * key take turns.
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
import * as Adopt from "./Adopt.ts"
import type { Context } from "./internal/Context.ts"
import * as Custom from "./internal/custom.ts"
import type { Held } from "./internal/Form.ts"
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

/** How often a record is looked at anew when others keep changing it. */
const CONFLICTS = 3

export const make = <E extends Entity.Any>(writable: Writable<E>) => {
  const { context, entity, features, form, references } = writable
  const { settings } = context
  const operation = `dynamics.${entity.name}.upsert`
  const error = (reason: Reason) => new ConnectorError({ system: "dynamics", operation, reason })

  const invalid = (issues: ReadonlyArray<Issue>) =>
    error(
      new Invalid({ message: issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "), issues }),
    )

  const unproven = () =>
    error(new UnknownOutcome({ message: "answered with success, and the record does not hold what was sent" }))

  const saving = Saving.make({ adopting: writable, lateCommit: settings.lateCommit, invalid, unproven })

  /** Why a record cannot be written, before anything else is asked. */
  const refusal = (item: Item<E>, { held }: Adopt.Target<E>): ConnectorError | undefined => {
    if (held !== undefined) {
      if (item.ifRevision === undefined || item.ifRevision === held.revision) return undefined
      const message = "the record changed since it was read"
      return error(
        new Conflict({
          message,
          expected: item.ifRevision,
          ...(held.revision === undefined ? {} : { found: held.revision }),
        }),
      )
    }
    if (item.create === false)
      return error(
        new NotFound({ message: `no ${entity.name} is there, and none was to be created`, entity: entity.name }),
      )
    return item.ifRevision === undefined
      ? undefined
      : error(new Conflict({ message: "the record is not there any more", expected: item.ifRevision }))
  }

  /** What was posted is the ERP's alone. */
  const posted = ({ held }: Adopt.Target<E>): ConnectorError | undefined => {
    const message = held === undefined ? undefined : form.writer.refusal?.(held.wire as never)
    return message === undefined
      ? undefined
      : error(new Unsupported({ message, feature: "postedDocument", mend: "correct it in the ERP" }))
  }

  /** What names a record, or says whose it is, cannot be changed. */
  const renaming = ({ held }: Adopt.Target<E>, changed: ReadonlyArray<string>): ConnectorError | undefined => {
    const field = held === undefined ? undefined : changed.find((each) => form.writer.fixed.includes(each as never))
    if (field === undefined) return undefined
    const message = `${field} of a record that is there cannot be changed; nothing was sent`
    return error(
      new Unsupported({ message, feature: `change.${field}`, mend: "leave the field out, or change it in the ERP" }),
    )
  }

  /** What is to be written, with references told by id and own fields as they would be read. */
  const wantedOf = (item: Item<E>, pointers: Parameters<typeof References.byId>[1], resolved: References.Resolved) => {
    const own = settings.custom[entity.name] ?? {}
    const { custom } = item.fields
    const faults = Custom.faults(custom ?? {}, own)
    if (faults.length > 0) return Effect.fail(invalid(faults))
    return Effect.succeed<Members>({
      ...References.byId(item.fields as Members, pointers, resolved),
      ...(custom === undefined ? {} : { custom: Custom.normal(custom, own) }),
    })
  }

  const planFor = (item: Item<E>, target: Adopt.Target<E>, compare: boolean) =>
    Effect.gen(function* () {
      const { carry, held } = target
      const refused = refusal(item, target)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const pointers = form.writer.pointers(item.fields)
      const resolved = yield* References.resolve(references, pointers)
      const lost = References.missing(pointers, resolved)
      if (lost !== undefined) return yield* Effect.fail(error(lost))
      const wanted = yield* wantedOf(item, pointers, resolved)
      const differing = Saving.differing(form, held, wanted)
      const fixed = renaming(target, differing)
      if (fixed !== undefined) return yield* Effect.fail(fixed)
      const all = compare ? differing : Saving.differing(form, undefined, wanted)
      const changed = held === undefined ? all : all.filter((field) => !form.writer.fixed.includes(field as never))
      if (held !== undefined && changed.length === 0 && carry === undefined)
        return { trace: item.trace, outcome: { _tag: "Unchanged", ...Saving.known(held) } as const }
      const closed = posted(target)
      if (closed !== undefined) return yield* Effect.fail(closed)
      const number = held === undefined ? Adopt.numberOf(writable, item) : undefined
      const patch = Object.fromEntries(changed.map((field) => [field, (item.fields as Members)[field]]))
      const encoded = yield* form.encode(patch as Entity.Patch<E>, {
        ...(held === undefined ? {} : { existing: held }),
        ...(carry === undefined ? {} : { carry }),
        ...(number === undefined ? {} : { number }),
        idOf: (to, reference) => resolved.idOf(to, reference) ?? "",
      })
      if ("issues" in encoded) return yield* Effect.fail(invalid(encoded.issues))
      return { trace: item.trace, ready: { target, put: encoded.put, changed, wanted } }
    })

  const plan = (item: Item<E>, carried: ReadonlyArray<Held<E>>, compare: boolean) =>
    Effect.flatMap(Adopt.locate(writable, item, carried), (target) => planFor(item, target, compare))

  const keyOf = (item: Item<E>): ReadonlyArray<string> =>
    item.key === undefined || item.id !== undefined ? [] : [item.key]

  const prepare =
    (compare: boolean) =>
    (
      items: ReadonlyArray<Item<E>>,
    ): Effect.Effect<ReadonlyArray<BatchUpsert.Prepared<Saving.Plan<E>>>, ConnectorError> =>
      Effect.gen(function* () {
        const carried = yield* Adopt.carrying(writable, items.flatMap(keyOf))
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

  /** Looks once more: what another writer did meanwhile is not written over blindly. */
  const replan = ({ item }: Ready<E>, compare: boolean) =>
    Effect.flatMap(Adopt.carrying(writable, keyOf(item)), (carried) => plan(item, carried, compare))

  const again = (ready: Ready<E>, compare: boolean, left: number): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.flatMap(replan(ready, compare), (planned) =>
      "ready" in planned ? sendOne({ ...ready, ready: planned.ready }, compare, left) : Effect.succeed(planned.outcome),
    )

  /** The lines of a header that has just been made. What stops them leaves the header, and says so. */
  const linesOf = (ready: Ready<E>, header: Held<E>, left: number): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const planned = yield* planFor({ ...ready.item, id: header.id }, { held: header }, true)
      const outcome =
        "ready" in planned ? yield* sendOne({ ...ready, ready: planned.ready }, true, left) : planned.outcome
      return outcome._tag === "Updated" || outcome._tag === "Unchanged"
        ? { ...outcome, _tag: "Created" as const }
        : outcome
    }).pipe(
      Effect.catch((failure) =>
        BatchUpsert.fault(failure) === "record"
          ? Effect.succeed<Outcome.Outcome>({ _tag: "Rejected", id: header.id, error: failure })
          : Effect.fail(failure),
      ),
    )

  /**
   * Found after an answer was lost: a header may have been made without its lines, and a field not been kept. What is
   * missing is planned anew, no more often than after a conflict.
   */
  const settle = (ready: Ready<E>, found: Held<E>, left: number): Effect.Effect<Outcome.Outcome, ConnectorError> => {
    if (Saving.differing(form, found, ready.ready.wanted).length === 0)
      return Effect.succeed({ _tag: "Written", ...Saving.known(found) })
    if (left === 0) return Effect.fail(error(new UnknownOutcome({ message: "the write was sent and never answered" })))
    return Effect.map(again(ready, true, left - 1), (outcome) =>
      outcome._tag === "Updated" || outcome._tag === "Unchanged" ? { ...outcome, _tag: "Written" as const } : outcome,
    )
  }

  const sendOne = (ready: Ready<E>, compare: boolean, left: number): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    form.send(ready.ready.put, saving.search(ready)).pipe(
      Effect.flatMap((sent) => {
        if ("found" in sent) return settle(ready, sent.found, left)
        return sent.rest && sent.saved !== undefined
          ? linesOf(ready, sent.saved, left)
          : saving.confirm(ready, sent.saved)
      }),
      Effect.catch((failure) => {
        // A stale ETag, a number that another writer took, a record that went away: it is looked at anew.
        const meanwhile = ["Conflict", "Duplicate", "NotFound"].includes(failure.reason._tag)
        return meanwhile && left > 0
          ? Effect.map(again(ready, compare, left - 1), (outcome) =>
              outcome._tag === "Unchanged" ? { ...outcome, _tag: "Written" as const } : outcome,
            )
          : Effect.fail(failure)
      }),
    )

  /**
   * Nothing refuses a second record with our key, so what has to be made is looked for once more in its turn. Lines are
   * planned against those that were read, and have no ETag of their own.
   */
  const isOld = ({ changed, target }: Saving.Plan<E>): boolean => target.held === undefined || changed.includes("lines")

  const inTurn = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    WriteTurns.send<Saving.Plan<E>, Outcome.Outcome>(context.alone, ready.ready, {
      names: ({ target }) =>
        WriteTurns.names(`${Scope.format(context.scope)}|${entity.name}`, ready.item, target.held?.id),
      isOld,
      plan: replan(ready, compare),
      send: (planned) => sendOne({ ...ready, ready: planned }, compare, CONFLICTS),
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
      system: "dynamics",
      operation,
      entity,
      records,
      limits: { records: 1, prepare: KEYS_PER_QUESTION },
      features: {
        writable: features.writable,
        notClearable: features.notClearable,
        revisions: true,
        existingOnly: true,
        adoptable: Object.keys(form.writer.natural),
        ...(features.identity === undefined ? {} : { identity: features.identity }),
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
