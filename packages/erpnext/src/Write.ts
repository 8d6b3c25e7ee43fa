/**
 * Writing one record so that writing it again reaches the same one. It is looked up by the unique field first and compared
 * with what it holds; only what differs is sent. A create that another writer came before is refused by that field, and
 * then the record is looked up; an update carries the stamp that was read, and is refused when somebody saved the document
 * since, whose lines it would otherwise replace.
 */

import * as BatchUpsert from "@mortise/core/BatchUpsert"
import {
  Conflict,
  ConnectorError,
  Duplicate,
  Invalid,
  type Issue,
  MissingReference,
  NotFound,
  type Reason,
  Unsupported,
} from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "./Adopt.ts"
import type { Context } from "./internal/Context.ts"
import * as Custom from "./internal/custom.ts"
import type { Doc } from "./internal/Doc.ts"
import type { Mapping } from "./internal/Mapping.ts"
import * as References from "./internal/References.ts"
import * as Saving from "./internal/Saving.ts"
import type { Held } from "./internal/Source.ts"
import type { EncodeFacts } from "./internal/Writer.ts"
import { KEYS_PER_QUESTION } from "./Limits.ts"

export interface Writable<E extends Entity.Any> extends Adopt.Adopting<E> {
  readonly context: Context
  readonly mapping: Mapping<E>
  readonly features: Features.Features<E>
  readonly references: References.Finders
}

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>
type Ready<E extends Entity.Any> = BatchUpsert.Ready<E, Entity.Custom, Saving.Plan<E>>

/** Writers that meet in one record go round this often before one of them gives up. */
const ROUNDS = 4

export const make = <E extends Entity.Any>(writable: Writable<E>) => {
  const { context, entity, features, mapping, references, source, writer } = writable
  const { catalog, documents, settings } = context
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

  const factsOf = (item: Item<E>, { resolved }: Saving.Plan<E>, existing: Doc | undefined) =>
    Effect.gen(function* (): Effect.fn.Return<EncodeFacts, ConnectorError> {
      const table = Object.entries(mapping.tables).find(([field]) => field === "items")
      const lines = table === undefined ? undefined : yield* catalog.fields(doctype, table[1])
      const named = existing === undefined ? writable.clientId?.(item) : undefined
      return {
        settings,
        countries: context.countries,
        today: yield* context.today,
        idOf: (to, reference) => resolved.idOf(to, reference) ?? "",
        currency: writer.inCurrency ? yield* context.currency : "",
        lineKeys: lines?.has(settings.lineKeyField) ?? false,
        ...(existing === undefined ? {} : { existing }),
        ...(named === undefined ? {} : { named }),
      }
    })

  /** The body, or why there is none. */
  const encode = (item: Item<E>, ready: Saving.Plan<E>, held: Held<E> | undefined, compare: boolean) =>
    Effect.gen(function* (): Effect.fn.Return<Saving.Sending, ConnectorError> {
      const guarded = held === undefined ? undefined : writer.guard?.(held.doc)
      if (guarded !== undefined) return yield* Effect.fail(error(guarded))
      const differing = Saving.differing(writer, compare ? held : undefined, ready.wanted)
      const changed =
        held === undefined ? differing : differing.filter((field) => !writer.fixed.includes(field as never))
      const patch = Object.fromEntries(
        changed.map((field) => [field, (item.fields as Members)[field]]),
      ) as Entity.Patch<E>
      const facts = yield* factsOf(item, ready, held?.doc)
      const first = held === undefined ? writer.initial(patch, facts) : { body: {} }
      const rest = writer.encode(patch, facts)
      const issues = [...(first.issues ?? []), ...(rest.issues ?? []), ...(writer.after?.issues(patch, facts) ?? [])]
      if (issues.length > 0 || first.issues !== undefined || rest.issues !== undefined)
        return yield* Effect.fail(invalid(issues))
      const own = changed.includes("custom") ? (ready.wanted["custom"] as Doc) : {}
      const { carry } = ready.target
      const body = {
        ...first.body,
        ...rest.body,
        ...own,
        ...(carry === undefined ? {} : { [settings.keyField]: carry }),
      }
      return { body, changed }
    })

  /** What the site made of it: the answer is the document as it stands. */
  const settle = (ready: Ready<E>, sending: Saving.Sending, doc: Doc, tag: "Created" | "Updated") =>
    Effect.gen(function* (): Effect.fn.Return<Outcome.Outcome, ConnectorError> {
      const answered = yield* narrowed([ready.item]).source.held(doc)
      const issues = Saving.lost(writer, sending, ready.ready, answered)
      yield* beside(ready, sending, answered)
      if (issues.length > 0) return { _tag: "Rejected", id: answered.id, error: invalid(issues) }
      return { _tag: tag, id: answered.id, revision: answered.modified }
    })

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
        return yield* Effect.fail(yield* taken(cause))
      if (isUnchanged(planned, true)) {
        const { id, modified } = planned.target.held as Held<E>
        return { _tag: round.doubtful ? "Written" : "Unchanged", id, revision: modified } as const
      }
      return yield* sendOne({ ...ready, ready: planned }, { ...round, compare: true, left: round.left - 1 })
    })

  /** Something of the record is taken, and it is not our key. */
  const taken = (cause: ConnectorError) =>
    Effect.succeed(
      error(
        new Duplicate({
          message: `${cause.reason.message}; it is not the field of our key, and the record was not made`,
        }),
      ),
    )

  /** Our name of the field that holds a link to nothing: the site tells what it misses and not where. */
  const located = ({ body }: Saving.Sending, reason: MissingReference): MissingReference => {
    const column = Object.entries(body).find(([, value]) => value === reason.reference)?.[0]
    const field = Object.entries(mapping.members).find(
      ([, paths]) => column !== undefined && paths?.includes(column),
    )?.[0]
    if (column === undefined) return reason
    return new MissingReference({ message: reason.message, field: field ?? column, reference: reason.reference })
  }

  /** A refusal that says no more than that: another document may stand in the way, and then it is named. */
  const named = ({ ready }: Ready<E>, sending: Saving.Sending, failure: ConnectorError) =>
    Effect.gen(function* () {
      if (failure.reason._tag === "MissingReference") return error(located(sending, failure.reason))
      const where = failure.reason._tag === "Invalid" ? writer.rival?.(ready.wanted) : undefined
      const [rival] = where === undefined ? [] : yield* narrowed([]).source.matching(where, 1)
      if (rival === undefined) return failure
      const message = `${failure.reason.message}; ${rival.id} has the same reference`
      return error(new Duplicate({ message, existingId: rival.id }))
    })

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
      yield* beside(ready, sending, held)
      return { _tag: "Updated", id: held.id, revision: held.modified } as const
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
      operation,
      entity,
      records,
      limits: { records: 1, prepare: KEYS_PER_QUESTION },
      features: {
        writable: features.writable,
        notClearable: features.notClearable,
        revisions: features.revisions,
        existingOnly: true,
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
