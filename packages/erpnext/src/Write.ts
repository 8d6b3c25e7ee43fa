/**
 * Writing one record so that writing it again reaches the same one. It is looked up by the unique field first and compared
 * with what it holds; only what differs is sent. A create that another writer came before is refused by that field, and
 * then the record is looked up; an update carries the stamp that was read, and is refused when somebody saved the document
 * since, whose lines it would otherwise replace.
 */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Conflict, type ConnectorError, Duplicate, NotFound, Unsupported } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "./Adopt.ts"
import type { Doc } from "./internal/Doc.ts"
import * as Encoding from "./internal/Encoding.ts"
import * as Planning from "./internal/Planning.ts"
import * as Saving from "./internal/Saving.ts"
import type { Held } from "./internal/Source.ts"
import { KEYS_PER_QUESTION } from "./Limits.ts"

type Members = { readonly [field: string]: unknown }
type Ready<E extends Entity.Any> = BatchUpsert.Ready<E, Entity.Custom, Saving.Plan<E>>

/** Writers that meet in one record go round this often before one of them gives up. */
const ROUNDS = 4

export const make = <E extends Entity.Any>(writable: Planning.Writable<E>) => {
  const { context, entity, features, mapping, writer } = writable
  const { documents, settings } = context
  const { doctype } = mapping
  const planning = Planning.make(writable)
  const { error, invalid, isUnchanged, narrowed, plan, renaming, stale, unchanged } = planning
  const { encode, named } = Encoding.make(writable, planning)

  /** What the site made of it: the answer is the document as it stands. */
  const settle = (ready: Ready<E>, sending: Saving.Sending, doc: Doc, tag: "Created" | "Updated") =>
    Effect.gen(function* (): Effect.fn.Return<Outcome.Outcome, ConnectorError> {
      const answered = yield* narrowed([ready.item]).source.held(doc)
      const issues = Saving.lost(writer, sending, ready.ready, answered)
      const refused = yield* completed(ready, sending, answered)
      if (refused !== undefined) return refused
      if (issues.length > 0) return { _tag: "Rejected", id: answered.id, error: invalid(issues) }
      return { _tag: tag, id: answered.id, revision: answered.modified }
    })

  /** Writes what stands beside; undefined when all of it is there. The record is, whatever is refused of the rest. */
  const completed = (ready: Ready<E>, sending: Saving.Sending, held: Held<E>) =>
    beside(ready, sending, held).pipe(
      Effect.as(undefined),
      Effect.catch((failure) => {
        if (BatchUpsert.fault(failure) !== "record") return Effect.fail(failure)
        return Effect.succeed<Outcome.Outcome>({ _tag: "Rejected", id: held.id, error: failure })
      }),
    )

  /** The documents beside the record, of which some fields are made. */
  const beside = ({ item }: Ready<E>, { changed }: Saving.Sending, { carried, doc, id }: Held<E>) => {
    const { after } = writer
    const later = (after?.fields ?? []).filter((field) => changed.includes(field))
    if (after === undefined || later.length === 0) return Effect.void
    const patch = Object.fromEntries(later.map((field) => [field, (item.fields as Members)[field]]))
    return after.write(context, patch as Entity.Patch<E>, { id, doc, text: carried })
  }

  /** The document that the record takes fields from. */
  const ahead = ({ item }: Ready<E>, { changed }: Saving.Sending, { doc }: Held<E>) => {
    const { before } = writer
    const first = (before?.fields ?? []).filter((field) => changed.includes(field))
    if (before === undefined || first.length === 0) return Effect.void
    const patch = Object.fromEntries(first.map((field) => [field, (item.fields as Members)[field]]))
    return before.write(context, patch as Entity.Patch<E>, doc)
  }

  interface Round {
    readonly left: number
    /** An earlier attempt may have been applied: what is unchanged then is what it wrote. */
    readonly doubtful: boolean
    readonly compare: boolean
  }

  /** Looks once more: another writer came between, or our own request whose answer was lost. */
  const again = (
    ready: Ready<E>,
    round: Round,
    cause: ConnectorError,
  ): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const { item } = ready
      if (round.left === 0) return yield* Effect.fail(cause)
      const known = yield* Adopt.look(narrowed([item]), [item])
      const planned = yield* plan(item, known, ready.ready.resolved)
      if (planned.target.held === undefined && cause.reason._tag === "Duplicate")
        return yield* Effect.fail(taken(cause))
      if (isUnchanged(planned, true)) {
        const { id, modified } = planned.target.held as Held<E>
        return { _tag: round.doubtful ? "Written" : "Unchanged", id, revision: modified } as const
      }
      return yield* sendOne({ ...ready, ready: planned }, { ...round, compare: true, left: round.left - 1 })
    })

  /** Something of the record is taken, and it is not our key; or our key is, by a document that is not for us to see. */
  const taken = (cause: ConnectorError) => {
    const message = `${cause.reason.message}; none that we may see carries our key, and the record was not made`
    return error(new Duplicate({ message }))
  }

  const create = (ready: Ready<E>, round: Round): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const { item } = ready
      const sending = yield* encode(item, ready.ready, undefined, true)
      let doubtful = round.doubtful
      const lookup = Effect.suspend(() => {
        doubtful = true
        return Effect.map(Adopt.look(narrowed([item]), [item]), ({ carried, named }) =>
          Option.fromUndefinedOr(carried[0] ?? named[0]),
        )
      })
      const made = yield* Effect.result(documents.create(doctype, sending.body, lookup))
      if (made._tag === "Failure") {
        return made.failure.reason._tag === "Duplicate"
          ? yield* again(ready, { ...round, doubtful }, made.failure)
          : yield* Effect.fail(yield* named(ready, sending, made.failure))
      }
      if ("created" in made.success) return yield* settle(ready, sending, made.success.created, "Created")
      const unknown = error(new Conflict({ message: "the record changes as often as it is written" }))
      return yield* again(ready, { ...round, doubtful: true }, unknown)
    })

  const update = (ready: Ready<E>, round: Round, id: string): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.gen(function* () {
      const { item } = ready
      const here = narrowed([item]).source
      const read = yield* here.whole(id)
      if (Option.isNone(read)) {
        const message = "the record went away while it was to be written"
        return yield* Effect.fail(error(new NotFound({ message, entity: entity.name, id })))
      }
      const held = read.value
      const { carry } = ready.ready.target
      if (carry !== undefined && held.carried !== undefined && held.carried !== carry) {
        const message = "another key was written into the record between the look and the write"
        return yield* again(ready, round, error(new Conflict({ message })))
      }
      const moved = stale(item, held)
      if (moved !== undefined) return yield* Effect.fail(moved)
      const fixed = renaming(held, Saving.differing(writer, held, ready.ready.wanted))
      if (fixed !== undefined) return yield* Effect.fail(fixed)
      const sending = yield* encode(item, ready.ready, held, round.compare)
      if (Object.keys(sending.body).length === 0) return yield* onlyBeside(ready, sending, held)
      yield* ahead(ready, sending, held)
      let doubtful = round.doubtful
      const lookup = Effect.suspend(() => {
        doubtful = true
        return Effect.map(
          here.whole(id),
          Option.filter(({ modified }) => modified !== held.modified),
        )
      })
      const saved = yield* Effect.result(
        documents.updateIfKnown(doctype, id, { modified: held.modified, changes: sending.body, lookup }),
      )
      if (saved._tag === "Failure") {
        const mine = saved.failure.reason._tag === "Conflict" && item.ifRevision === undefined
        return mine ? yield* again(ready, { ...round, doubtful }, saved.failure) : yield* Effect.fail(saved.failure)
      }
      if ("updated" in saved.success) return yield* settle(ready, sending, saved.success.updated, "Updated")
      const unknown = error(new Conflict({ message: "the record changes as often as it is written" }))
      return yield* again(ready, { ...round, doubtful: true }, unknown)
    })

  /** Only what stands in other documents differs: the record itself is not touched. */
  const onlyBeside = (ready: Ready<E>, sending: Saving.Sending, held: Held<E>) =>
    Effect.gen(function* () {
      if (sending.changed.length === 0) return unchanged(held)
      const refused = yield* completed(ready, sending, held)
      return refused ?? ({ _tag: "Updated", id: held.id, revision: held.modified } as const)
    })

  const sendOne = (ready: Ready<E>, round: Round): Effect.Effect<Outcome.Outcome, ConnectorError> => {
    const { held } = ready.ready.target
    return held === undefined ? create(ready, round) : update(ready, round, held.id)
  }

  const send =
    (compare: boolean) =>
    ([ready]: ReadonlyArray<Ready<E>>): Effect.Effect<ReadonlyArray<BatchUpsert.Result>, ConnectorError> => {
      if (ready === undefined) return Effect.succeed([])
      return sendOne(ready, { left: ROUNDS, doubtful: false, compare }).pipe(
        Effect.map((outcome) => [{ trace: ready.trace, outcome }]),
        Effect.catch((failure) => {
          // A document that a job holds, or rows that others lock: this record waits, the others do not.
          const passes = failure.reason._tag === "Locked"
          return passes
            ? Effect.succeed([{ trace: ready.trace, outcome: { _tag: "NotAttempted" as const, error: failure } }])
            : Effect.fail(failure)
        }),
      )
    }

  const upsert: Port.Port<E>["upsert"] = (records, options = {}) => {
    if (settings.readOnly) return Effect.succeed(records.map(() => ({ _tag: "Rejected", error: readOnly() }) as const))
    if (features.identity === undefined)
      return Effect.succeed(records.map(() => ({ _tag: "Rejected", error: onlyRead() }) as const))
    const compare = options.compare ?? true
    return BatchUpsert.run<E, Entity.Custom, Saving.Plan<E>>({
      system: "erpnext",
      operation: `erpnext.${entity.name}.upsert`,
      entity,
      records,
      limits: { records: 1, prepare: KEYS_PER_QUESTION },
      features: {
        writable: features.writable,
        notClearable: features.notClearable,
        revisions: features.revisions,
        existingOnly: true,
        adoptable: Object.keys(writer.natural),
        ...(features.identity === undefined || writable.clientId !== undefined ? {} : { identity: features.identity }),
      },
      prepare: planning.prepare(compare),
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

  const onlyRead = () =>
    error(
      new Unsupported({
        message: `${entity.name} is only read: ${features.absent?.["write"] ?? "the port has no way to write it"}`,
        feature: "write",
        mend: "leave it to the ERP",
      }),
    )

  return { upsert }
}
