/**
 * Upserts: look, compare, send what differs, complete what hangs on it. Records are addressed by our key in a unique
 * property, so that a request whose answer was lost can be sent again and reaches the same records.
 */
import * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Ambiguous, Conflict, type ConnectorError, type Reason, Unsupported } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Replay from "@mortise/core/Replay"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Adopt from "./Adopt.ts"
import * as Errors from "./Errors.ts"
import * as After from "./internal/After.ts"
import * as Looking from "./internal/Look.ts"
import type * as Mapping from "./internal/Mapping.ts"
import type * as Plan from "./internal/Plan.ts"
import * as Records from "./internal/Records.ts"
import * as Send from "./internal/Send.ts"
import * as Session from "./internal/Session.ts"
import * as Table from "./internal/Table.ts"
import * as Limits from "./Limits.ts"

type Ready = BatchUpsert.Ready<Entity.Any, Entity.Custom, Plan.Plan>
type Result = BatchUpsert.Result

interface Door {
  readonly session: Session.Session
  readonly mapping: Mapping.Any
  readonly operation: string
}

const inputOf = ({ ready, trace }: Ready): Send.Input => ({
  trace,
  writes: ready.writes,
  ...(ready.lane === "update" && ready.target !== undefined ? { id: ready.target.id } : {}),
  ...(ready.lane !== "update" && ready.address !== undefined ? { id: ready.address.value } : {}),
})

/** Nothing in HubSpot would tell of a create whose answer was lost: it is noted before it is sent. */
const create = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  batch: ReadonlyArray<Ready>,
): Effect.fn.Return<Send.Answer, ConnectorError> {
  const keysOf = (parts: ReadonlyArray<Ready>) => parts.flatMap(({ ready }) => ready.draft.key ?? [])
  yield* Table.announce(session, type, keysOf(batch), yield* Clock.currentTimeMillis)
  const answer = yield* Send.create(session.client, type, batch.map(inputOf)).pipe(
    Effect.tapError(({ reason }) =>
      Replay.isAmbiguous(reason) ? Effect.void : Effect.ignore(Table.withdraw(session, type, keysOf(batch))),
    ),
  )
  const refused = batch.filter(({ trace }) => answer.failed.has(trace))
  yield* Effect.ignore(Table.withdraw(session, type, keysOf(refused)))
  return answer
})

/** The main write of a lane. In the lane `after` the records are right as they are. */
const write = ({ mapping, session }: Door, batch: ReadonlyArray<Ready>): Effect.Effect<Send.Answer, ConnectorError> => {
  const plan = batch[0]?.ready
  const inputs = batch.map(inputOf)
  switch (plan?.lane) {
    case "upsert":
    case "standIn":
      return Send.upsert(session.client, mapping.type, plan.address?.property ?? session.keyProperty, inputs)
    case "update":
      return Send.update(session.client, mapping.type, inputs)
    case "create":
      return create(session, mapping.type, batch)
    default: {
      const written = batch.map(({ ready, trace }) => [trace, { id: ready.target?.id ?? "", isNew: false }] as const)
      return Effect.succeed({ written: new Map(written), failed: new Map() })
    }
  }
}

const outcomeOf = ({ ready }: Ready, id: string, isNew: boolean | undefined): Outcome.Outcome => {
  if (ready.target !== undefined) return { _tag: "Updated", id }
  if (isNew === true || ready.lane === "create") return { _tag: "Created", id }
  // It was not there a moment ago, and somebody, perhaps our own lost request, made it since.
  return { _tag: "Written", id }
}

const rejected = ({ operation }: Door, trace: string, reason: Reason, id?: string): Result => ({
  trace,
  outcome: { _tag: "Rejected", error: Errors.fail(operation, reason), ...(id === undefined ? {} : { id }) },
})

/** Failures after which the record may or may not be complete; all others are refusals. */
const mayPass = (error: ConnectorError): boolean =>
  error.isRetryable || ["UnknownOutcome", "Decode", "QuotaExhausted", "Unauthorized"].includes(error.reason._tag)

/** Completes what was written, remembers ids where HubSpot keeps no key, and tells the outcomes. */
const complete = Effect.fnUntraced(function* (
  door: Door,
  batch: ReadonlyArray<Ready>,
  written: Send.Answer["written"],
): Effect.fn.Return<ReadonlyArray<Result>, ConnectorError> {
  const { mapping, session } = door
  const records = batch.flatMap(({ ready, trace }) => {
    const id = written.get(trace)?.id
    return id === undefined ? [] : [{ trace, id, plan: ready }]
  })
  yield* remember(session, mapping, records)
  const failures = yield* After.complete(session, mapping, records)
  return batch.flatMap((part): ReadonlyArray<Result> => {
    const found = written.get(part.trace)
    if (found === undefined) return []
    const error = failures.get(part.trace)
    if (error === undefined) return [{ trace: part.trace, outcome: outcomeOf(part, found.id, found.isNew) }]
    const _tag = mayPass(error) ? "Unknown" : "Rejected"
    return [{ trace: part.trace, outcome: _tag === "Unknown" ? { _tag, error } : { _tag, error, id: found.id } }]
  })
})

const remember = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  records: ReadonlyArray<After.Written>,
) {
  const carrier = Session.carrier(session, mapping)
  for (const { id, plan } of records) {
    const { key } = plan.draft
    if (key === undefined) continue
    session.claims.settle(key, id)
    if (carrier.kind !== "property" && plan.lane !== "after") yield* Table.settle(session, mapping.type, key, id)
  }
})

/** A unique value that somebody took since we looked, or that an archived record holds. */
const second = Effect.fnUntraced(function* (
  door: Door,
  part: Ready,
  reason: Reason,
): Effect.fn.Return<ReadonlyArray<Result>, ConnectorError> {
  const { mapping, session } = door
  const { draft, address } = part.ready
  if (reason._tag === "NotFound" && part.ready.lane === "update" && draft.key !== undefined) {
    const message = "the record went away between look and write; nothing of it was written"
    const error = Errors.fail(door.operation, new Conflict({ message, expected: part.ready.target?.id ?? "" }))
    return [{ trace: part.trace, outcome: { _tag: "NotAttempted", error } }]
  }
  if (reason._tag !== "Duplicate") return [rejected(door, part.trace, reason)]
  const { existingId } = reason
  if (existingId === undefined || reason.field === address?.property) {
    const key = address?.property === session.keyProperty ? address.value : undefined
    const holder =
      key === undefined ? undefined : yield* Send.archivedHolder(session.client, mapping.type, session.keyProperty, key)
    return [rejected(door, part.trace, holder ?? reason)]
  }
  const natural = mapping.naturalKeys.find(({ by, field }) => by === "unique" && draft.item.adoptBy?.includes(field))
  if (natural === undefined || part.ready.target !== undefined) return [rejected(door, part.trace, reason)]
  const holder = (yield* Records.byId(session.client, mapping.type, [existingId], [session.keyProperty])).get(
    existingId,
  )
  const key = holder === undefined ? undefined : Adopt.keyOf(session, holder)
  if (holder === undefined || (key !== undefined && key !== draft.key)) {
    const candidates =
      holder === undefined ? [] : [{ id: holder.id, matchedBy: [natural.field], ...(key === undefined ? {} : { key }) }]
    const message = `another record holds the same ${natural.field}, and a person has to decide`
    return [rejected(door, part.trace, new Ambiguous({ message, candidates }))]
  }
  const adopted: Ready = { ...part, ready: { ...part.ready, lane: "update", target: holder } }
  const writes = { ...part.ready.writes, ...(address === undefined ? {} : { [address.property]: address.value }) }
  const answer = yield* Send.update(session.client, mapping.type, [{ trace: part.trace, id: holder.id, writes }])
  const failed = answer.failed.get(part.trace)
  return failed === undefined ? yield* complete(door, [adopted], answer.written) : [rejected(door, part.trace, failed)]
})

/** The refusals that {@link second} can make something of. */
const SECOND: ReadonlyArray<Reason["_tag"]> = ["Duplicate", "NotFound"]

/** HubSpot's `Forbidden` on a type that not every portal lets be written: the port says what carries the values instead. */
const translated = ({ mapping, operation, session }: Door, error: ConnectorError): ConnectorError => {
  if (error.reason._tag !== "Forbidden" || !OPTIONAL.includes(mapping.type)) return error
  session.unwritable.set(mapping.type, error.reason.message)
  return Errors.fail(operation, refusal(mapping, error.reason.message))
}

/** HubSpot: guides "Invoices" and "Payments": not every portal has them. */
const OPTIONAL: ReadonlyArray<Mapping.ObjectType> = ["invoices", "commerce_payments"]

const refusal = (mapping: Mapping.Any, why: string): Unsupported =>
  new Unsupported({
    feature: `${mapping.type}.write`,
    message: `this portal does not let ${mapping.type} be written: ${why}`,
    mend: "write financialStatus, outstanding, lastInvoice and lastPayment of the company instead",
  })

/**
 * A portal may refuse a whole batch for one record of it; then the record is found by sending fewer and fewer. What is
 * refused when it is sent alone is refused as an item of a batch would be.
 */
const alone = (batch: ReadonlyArray<Ready>, error: ConnectorError): Effect.Effect<Send.Answer, ConnectorError> => {
  const [only, ...more] = batch
  if (only === undefined || more.length > 0 || !SECOND.includes(error.reason._tag)) return Effect.fail(error)
  return Effect.succeed({ written: new Map(), failed: new Map([[only.trace, error.reason]]) })
}

const send = (door: Door) =>
  Effect.fnUntraced(function* (batch: ReadonlyArray<Ready>): Effect.fn.Return<ReadonlyArray<Result>, ConnectorError> {
    const answer = yield* write(door, batch).pipe(
      Effect.mapError((error) => translated(door, error)),
      Effect.catch((error) => alone(batch, error)),
    )
    const results: Array<Result> = []
    for (const part of batch) {
      const reason = answer.failed.get(part.trace)
      if (reason === undefined) continue
      const again = yield* Effect.result(second(door, part, reason))
      results.push(...(again._tag === "Success" ? again.success : [rejected(door, part.trace, reason)]))
    }
    return [...results, ...(yield* complete(door, batch, answer.written))]
  })

/**
 * Looks up what may have been written. Found with all its values it was; then what hangs on it is completed. What is not
 * found stays unknown: HubSpot may still be writing it.
 */
const lookup = (door: Door) =>
  Effect.fnUntraced(function* (batch: ReadonlyArray<Ready>): Effect.fn.Return<ReadonlyArray<Result>, ConnectorError> {
    const { mapping, session } = door
    const written = new Map<string, { readonly id: string; readonly isNew: boolean | undefined }>()
    const prepared = yield* Looking.prepare(
      session,
      mapping,
      door.operation,
      batch.map(({ item }) => item),
      true,
    )
    const again: Array<Ready> = []
    for (const part of batch) {
      const now = prepared.find(({ trace }) => trace === part.trace)
      if (now === undefined) continue
      if ("outcome" in now) {
        if (now.outcome._tag === "Unchanged") written.set(part.trace, { id: now.outcome.id, isNew: undefined })
        continue
      }
      if (now.ready.lane !== "after" || now.ready.target === undefined) continue
      written.set(part.trace, { id: now.ready.target.id, isNew: undefined })
      again.push({ ...part, ready: now.ready })
    }
    const unfinished = new Set(again.map(({ trace }) => trace))
    const settled = batch.flatMap(({ ready, trace }): ReadonlyArray<Result> => {
      const found = written.get(trace)
      if (found === undefined || unfinished.has(trace)) return []
      return [{ trace, outcome: { _tag: ready.target === undefined ? "Written" : "Updated", id: found.id } }]
    })
    return [...settled, ...(yield* complete(door, again, written))]
  })

/** Requests at once, of one call: enough to use the burst allowance over a slow line. */
const CONCURRENCY = 4

/** Why nothing can be written through this port at all. */
const closed = (session: Session.Session, mapping: Mapping.Any): Unsupported | undefined => {
  if (session.readOnly) {
    return new Unsupported({
      feature: "write",
      message: "this connector was opened read-only; nothing was sent",
      mend: "open the connector without `readOnly` to let it write",
    })
  }
  const why = session.unwritable.get(mapping.type)
  return why === undefined ? undefined : refusal(mapping, why)
}

/** What was refused or not sent made no record, and keeps no natural key from others. */
const release = (
  session: Session.Session,
  records: ReadonlyArray<{ readonly key?: string }>,
  outcomes: ReadonlyArray<Outcome.Outcome>,
): void => {
  outcomes.forEach(({ _tag }, index) => {
    const key = records[index]?.key
    if (key !== undefined && (_tag === "Rejected" || _tag === "NotAttempted")) session.claims.drop(key)
  })
}

/** The `upsert` of a port. */
export const make =
  <E extends Entity.Any>(
    session: Session.Session,
    mapping: Mapping.Mapping<E>,
    features: () => Features.Features<E>,
  ): Port.Port<E>["upsert"] =>
  (records, options = {}) => {
    const operation = `${mapping.type}.upsert`
    const door: Door = { session, mapping, operation }
    const shut = closed(session, mapping)
    return BatchUpsert.run<E, Entity.Custom, Plan.Plan>({
      system: Errors.SYSTEM,
      operation,
      entity: mapping.entity,
      records,
      limits: { records: Limits.BATCH },
      concurrency: CONCURRENCY,
      features: { ...features(), adoptable: Adopt.adoptable(mapping) },
      prepare: (items) =>
        shut === undefined
          ? Looking.prepare(session, mapping, operation, items, options.compare ?? true)
          : Effect.fail(Errors.fail(operation, shut)),
      lane: ({ ready }) => `${ready.lane}/${ready.round}`,
      send: send(door) as BatchUpsert.Options<E, Entity.Custom, Plan.Plan>["send"],
      lookup: lookup(door) as NonNullable<BatchUpsert.Options<E, Entity.Custom, Plan.Plan>["lookup"]>,
      upsert: options,
    }).pipe(Effect.tap((outcomes) => Effect.sync(() => release(session, records, outcomes))))
  }
