/**
 * Writing records so that writing them again reaches the same ones. They are looked up first and compared with what they
 * hold; only what differs is sent, and a new one by external id, which makes no second record however often it is sent. Two
 * writers of one record take turns. Many new records of one type are written by a job.
 */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Conflict, type ConnectorError, UnknownOutcome, Unsupported } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Scope from "@mortise/core/Scope"
import * as WriteTurns from "@mortise/core/WriteTurns"
import * as Effect from "effect/Effect"
import * as Adopt from "./Adopt.ts"
import * as Batch from "./internal/Batch.ts"
import { KEYS_PER_QUESTION } from "./internal/Form.ts"
import * as Planning from "./internal/Planning.ts"
import * as References from "./internal/References.ts"
import * as Saving from "./internal/Saving.ts"
import * as Limits from "./Limits.ts"

type Ready<E extends Entity.Any> = BatchUpsert.Ready<E, Entity.Custom, Saving.Plan<E>>

export const make = <E extends Entity.Any>(writable: Planning.Writable<E>) => {
  const { context, entity, features, form } = writable
  const { settings } = context
  const { error, look, operation, plan, prepare } = Planning.make(writable)

  const unproven = () =>
    error(
      new UnknownOutcome({ message: "answered as done, and the record is not there; look before sending it again" }),
    )

  const saving = Saving.make({ adopting: writable, lateCommit: settings.lateCommit, error, unproven })

  /** Looks once more: what another writer made meanwhile is not written over blindly. */
  const replan = ({ item }: Ready<E>, compare: boolean) =>
    Effect.flatMap(look([item]), (looked) => plan(item, looked, compare))

  const again = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.flatMap(replan(ready, compare), (planned) =>
      "ready" in planned ? sendOne({ ...ready, ready: planned.ready }, compare) : Effect.succeed(planned.outcome),
    )

  /** A record with our key came between: of another writer, or of our own request whose answer was lost. */
  const wasMade = (ready: Ready<E>, failure: ConnectorError, options: { compare: boolean; doubtful: boolean }) =>
    Effect.gen(function* () {
      const text = Adopt.textOf(writable, ready.item.key)
      const [found] = text === undefined ? [] : yield* form.carrying([text])
      if (found === undefined) return yield* Effect.fail(failure)
      const outcome = yield* again(ready, options.compare)
      return options.doubtful && outcome._tag === "Unchanged" ? ({ _tag: "Written", id: outcome.id } as const) : outcome
    })

  const sendOne = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.suspend(() => {
      const { put, target } = ready.ready
      let doubtful = false
      const lookup = Effect.suspend(() => {
        doubtful = true
        return saving.search(ready)
      })
      return form.put(put, lookup).pipe(
        Effect.flatMap((answer) =>
          "found" in answer ? Effect.succeed(saving.found(ready, answer.found)) : saving.confirm(ready, answer.named),
        ),
        Effect.catch((failure) => {
          const { reason } = failure
          const isThere = reason._tag === "Duplicate" || reason._tag === "Conflict"
          if (isThere && target.held === undefined) return wasMade(ready, failure, { compare, doubtful })
          if (reason._tag === "MissingReference") return Effect.fail(error(References.inOurWords(reason)))
          if (reason._tag === "NotFound" && target.held !== undefined) return Effect.fail(error(gone(target.held.id)))
          return Effect.fail(failure)
        }),
      )
    })

  const gone = (id: string) =>
    new Conflict({ message: `${entity.name} ${id} went away between the look and the write; nothing was written` })

  /** What is planned for lines, or for a record without a key, holds for what was read and not for what came later. */
  const isOld = ({ put, target }: Saving.Plan<E>): boolean =>
    target.held !== undefined && (target.carry !== undefined || "item" in put.body || put.replace.length > 0)

  const inTurn = (ready: Ready<E>, compare: boolean): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    WriteTurns.send<Saving.Plan<E>, Outcome.Outcome>(context.alone, ready.ready, {
      names: ({ target }) =>
        WriteTurns.names(`${Scope.format(context.scope)}|${entity.name}`, ready.item, target.held?.id),
      isOld,
      plan: replan(ready, compare),
      send: (planned) => sendOne({ ...ready, ready: planned }, compare),
    })

  const alone = (ready: Ready<E>, compare: boolean): Effect.Effect<BatchUpsert.Result, ConnectorError> =>
    inTurn(ready, compare).pipe(
      Effect.map((outcome): BatchUpsert.Result => ({ trace: ready.trace, outcome })),
      Effect.catch((failure) =>
        failure.reason._tag === "Locked"
          ? Effect.succeed<BatchUpsert.Result>({
              trace: ready.trace,
              outcome: { _tag: "NotAttempted", error: failure },
            })
          : Effect.fail(failure),
      ),
    )

  /** One of several that were tried together: how it fails is its own outcome. */
  const oneOfMany = (ready: Ready<E>, compare: boolean): Effect.Effect<BatchUpsert.Result> =>
    Effect.catch(alone(ready, compare), (failure) => {
      const fault = BatchUpsert.fault(failure)
      const _tag = fault === "ambiguous" ? "Unknown" : fault === "door" ? "NotAttempted" : "Rejected"
      return Effect.succeed<BatchUpsert.Result>({ trace: ready.trace, outcome: { _tag, error: failure } })
    })

  const verified = (batch: ReadonlyArray<Ready<E>>) =>
    Effect.map(
      Adopt.carrying(
        writable,
        batch.flatMap(({ item }) => item.key ?? []),
      ),
      (byText) =>
        batch.map((ready) => {
          const { to } = ready.ready.put
          const [found] = to.way === "upsert" ? (byText.get(to.externalId.toLowerCase()) ?? []) : []
          return { ready, outcome: found === undefined ? undefined : saving.verdict(ready, found) }
        }),
    )

  const together = (batch: ReadonlyArray<Ready<E>>, compare: boolean) =>
    Effect.gen(function* () {
      const puts = batch.map(({ ready }) => ready.put)
      const ran = context.batches.available && (yield* Batch.run(context, entity.name, puts))
      const looked = ran ? yield* verified(batch) : batch.map((ready) => ({ ready, outcome: undefined }))
      return yield* Effect.forEach(
        looked,
        ({ outcome, ready }) =>
          outcome === undefined ? oneOfMany(ready, compare) : Effect.succeed({ trace: ready.trace, outcome }),
        { concurrency: context.concurrency },
      )
    })

  const send =
    (compare: boolean) =>
    (batch: ReadonlyArray<Ready<E>>): Effect.Effect<ReadonlyArray<BatchUpsert.Result>, ConnectorError> => {
      const [first] = batch
      if (first === undefined) return Effect.succeed([])
      return batch.length === 1 ? Effect.map(alone(first, compare), (one) => [one]) : together(batch, compare)
    }

  /** A job looks the records up by our keys: what it writes are records with one, by external id. */
  const laneOf = ({ item, ready, trace }: Ready<E>): string =>
    (item.key === undefined || ready.target.held !== undefined ? undefined : Batch.laneOf(ready.put)) ?? trace

  const upsert: Port.Port<E>["upsert"] = (records, options = {}) => {
    if (settings.readOnly) return Effect.succeed(records.map(() => ({ _tag: "Rejected", error: readOnly() }) as const))
    const compare = options.compare ?? true
    const isMany = context.batches.available && records.length >= settings.batchFrom
    return BatchUpsert.run<E, Entity.Custom, Saving.Plan<E>>({
      system: "netsuite",
      operation,
      entity,
      records,
      limits: { records: isMany ? Limits.BATCH : 1, bytes: Limits.BATCH_BYTES, prepare: KEYS_PER_QUESTION },
      sizeOf: ({ ready }) => Batch.sizeOf(ready.put),
      features: {
        writable: features.writable,
        notClearable: features.notClearable,
        revisions: false,
        existingOnly: true,
        adoptable: Object.keys(form.writer.natural),
        ...(features.identity === undefined ? {} : { identity: features.identity }),
      },
      prepare: prepare(compare),
      lane: laneOf,
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
