/** A port that refuses, before any request, what its writer does not own. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as ConnectorError from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Outcome from "../../Outcome.ts"
import type * as Port from "../../Port.ts"
import type { EntityRule, Side, Table, Writer } from "./Table.ts"
import * as Verdict from "./Verdict.ts"

export interface Options<E extends Entity.Any, C = Entity.Custom> {
  /** Without a table nothing is written. */
  readonly table: Table | undefined
  readonly writer: Writer
  /** The side whose system the port writes to. Defaults to the side across from the writer. */
  readonly target?: Side
  /** The side where the record of a write was born, where it is known. */
  readonly origin?: (write: Port.Write<E, C>) => Side | undefined
  /** True when the event has happened for the record of a write. Unknown events have not. */
  readonly happened?: (event: string, write: Port.Write<E, C>) => boolean
}

interface Bound<E extends Entity.Any, C> extends Options<E, C> {
  readonly port: Port.Port<E, C>
  readonly side: Side
}

const across = (writer: Writer): Side => (writer === "crm" ? "erp" : "crm")

const failure = <E extends Entity.Any, C>(bound: Bound<E, C>, operation: string, reason: ConnectorError.Reason) =>
  new ConnectorError.ConnectorError({ system: bound.port.scope.system, operation, reason })

const violation = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  what: string,
  owner: string,
  field?: string,
): ConnectorError.OwnershipViolation =>
  new ConnectorError.OwnershipViolation({
    message: `${what}; it belongs to ${owner}`,
    entity: bound.port.entity.name,
    ...(field === undefined ? {} : { field }),
    owner,
    writer: bound.writer,
  })

/** Writes that would post, release, send or void: an ERP's documents of the books are left as drafts. */
const finalizes = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  rule: EntityRule,
  write: Port.Write<E, C>,
): ConnectorError.Unsupported | undefined => {
  if (rule.financial !== true || bound.side !== "erp") return undefined
  const state = (write.fields as { readonly state?: { readonly code?: unknown } | null }).state
  if (state === undefined || (state !== null && state.code === "draft")) return undefined
  return new ConnectorError.Unsupported({
    feature: "finalize",
    message: `${bound.port.entity.name}.state: a document of the books is only ever left as a draft in an ERP`,
    mend: "leave the state out; people post it in the ERP",
  })
}

const circumstances = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  write: Port.Write<E, C>,
  existing: boolean,
): Verdict.Circumstances => {
  const origin = bound.origin?.(write)
  return {
    writer: bound.writer,
    target: bound.side,
    ...(origin === undefined ? {} : { origin }),
    happened: (event) => (event === "created" ? existing : bound.happened?.(event, write) === true),
  }
}

/** Why a write is refused; undefined when the writer owns all of it. */
const refusal = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  write: Port.Write<E, C>,
  existing: boolean,
): ConnectorError.Reason | undefined => {
  const { port, table } = bound
  const entity = port.entity.name
  if (table === undefined) return violation(bound, `${entity}: a write without an ownership table is refused`, "nobody")
  const rule = Verdict.ruleOf(table, entity)
  if (rule === undefined || Verdict.isDenied(table, entity)) {
    return violation(bound, `${entity} is denied or not in the ownership table`, "nobody")
  }
  const [first] = Verdict.sort(table, entity, write.fields, circumstances(bound, write, existing)).notOwned
  if (first !== undefined) {
    const what = `${bound.writer} may not write ${first.verdict.rule}`
    return violation(bound, what, first.verdict.owner, first.field)
  }
  return finalizes(bound, rule, write)
}

const holds = <E extends Entity.Any, C>(bound: Bound<E, C>, which: Verdict.Right): Verdict.Verdict =>
  bound.table === undefined
    ? { allowed: false, owner: "nobody", rule: "no table" }
    : Verdict.right(bound.table, bound.port.entity.name, which, bound.writer)

const hangsOnCreation = (rule: EntityRule | undefined, side: Side): boolean => {
  const copy = rule?.copyIn?.[side]
  const owners = [rule?.rest, copy?.rest, ...Object.values(rule?.fields ?? {}), ...Object.values(copy?.fields ?? {})]
  return owners.some((owner) => typeof owner === "object" && owner._tag === "After" && owner.event === "created")
}

/** Rights and some owners depend on whether the record is there; only then is it looked up, and nothing is written. */
const mustLook = <E extends Entity.Any, C>(bound: Bound<E, C>): boolean => {
  const { port, side, table } = bound
  if (table === undefined) return false
  const rights = holds(bound, "create").allowed !== holds(bound, "update").allowed
  return rights || hangsOnCreation(Verdict.ruleOf(table, port.entity.name), side)
}

type Decided<E extends Entity.Any, C> =
  | { readonly _tag: "Go"; readonly write: Port.Write<E, C> }
  | { readonly _tag: "Stop"; readonly outcome: Outcome.Outcome }

const stop = <E extends Entity.Any, C>(bound: Bound<E, C>, reason: ConnectorError.Reason): Decided<E, C> => ({
  _tag: "Stop",
  outcome: { _tag: "Rejected", error: failure(bound, "upsert", reason) },
})

/** The rights to create and to change. */
const byRights = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  write: Port.Write<E, C>,
  existing: boolean,
): Decided<E, C> => {
  const which = existing ? "update" : "create"
  const verdict = holds(bound, which)
  if (verdict.allowed) return { _tag: "Go", write }
  const update = holds(bound, "update").allowed
  if (!existing && update && write.adoptBy !== undefined && bound.port.features.existingOnly === true) {
    return { _tag: "Go", write: { ...write, create: false } }
  }
  const message = `${bound.writer} may not ${which} ${bound.port.entity.name} records in the ${bound.side}`
  return stop(bound, violation(bound, message, verdict.owner))
}

const decide = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  write: Port.Write<E, C>,
  existing: boolean,
): Decided<E, C> => {
  const reason = refusal(bound, write, existing)
  return reason === undefined ? byRights(bound, write, existing) : stop(bound, reason)
}

/** Keys of those writes that are in the target already; an error is everybody's outcome, as nothing was sent. */
const look = Effect.fnUntraced(function* <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  records: ReadonlyArray<Port.Write<E, C>>,
) {
  const open = records.filter((write) => write.id === undefined && write.key !== undefined && write.create !== false)
  // What is refused either way costs no request.
  const worth = open.filter(
    (write) => decide(bound, write, true)._tag === "Go" || decide(bound, write, false)._tag === "Go",
  )
  const keys = [...new Set(worth.map((write) => write.key as string))]
  if (!mustLook(bound) || keys.length === 0) return new Set<string>()
  return new Set((yield* bound.port.find(keys)).keys())
})

const upsert = Effect.fnUntraced(function* <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  records: ReadonlyArray<Port.Write<E, C>>,
  options: Port.UpsertOptions | undefined,
) {
  const looked = yield* Effect.result(look(bound, records))
  if (Result.isFailure(looked)) {
    return records.map((): Outcome.Outcome => ({ _tag: "NotAttempted", error: looked.failure }))
  }
  const there = (write: Port.Write<E, C>) =>
    write.id !== undefined || write.create === false || (write.key !== undefined && looked.success.has(write.key))
  const decided = records.map((write) => decide(bound, write, there(write)))
  const going = decided.flatMap((each) => (each._tag === "Go" ? [each.write] : []))
  const outcomes = going.length === 0 ? [] : yield* bound.port.upsert(going, options)
  let next = 0
  return decided.map((each) => (each._tag === "Stop" ? each.outcome : (outcomes[next++] as Outcome.Outcome)))
})

const archive =
  <E extends Entity.Any, C>(bound: Bound<E, C>, put: NonNullable<Port.Port<E, C>["archive"]>) =>
  (ids: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Outcome.Outcome>> => {
    const verdict = holds(bound, "retire")
    const rule = bound.table === undefined ? undefined : Verdict.ruleOf(bound.table, bound.port.entity.name)
    const financial = rule?.financial === true && bound.side === "erp"
    if (verdict.allowed && !financial) return put(ids)
    const message = `${bound.writer} may not retire ${bound.port.entity.name} records in the ${bound.side}`
    const error = failure(bound, "archive", violation(bound, message, financial ? "nobody" : verdict.owner))
    return Effect.succeed(ids.map((id) => ({ _tag: "Rejected", error, id })))
  }

/** The fields to ask for: what is denied is not among them, and asking for it by name is refused. */
const readable = <E extends Entity.Any, C>(
  bound: Bound<E, C>,
  asked: ReadonlyArray<Entity.FieldName<E>> | undefined,
): Result.Result<ReadonlyArray<Entity.FieldName<E>> | undefined, ConnectorError.ConnectorError> => {
  const { port, table } = bound
  const entity = port.entity.name
  const denied = (field?: string) => table !== undefined && Verdict.isDenied(table, entity, field)
  if (denied()) return Result.fail(failure(bound, "read", violation(bound, `${entity} is not to be read`, "nobody")))
  const forbidden = asked?.find(denied)
  if (forbidden !== undefined) {
    const what = `${entity}.${forbidden} is not to be read`
    return Result.fail(failure(bound, "read", violation(bound, what, "nobody", forbidden)))
  }
  if (asked !== undefined || !port.features.readable.some(denied)) return Result.succeed(asked)
  return Result.succeed(port.features.readable.filter((field) => !denied(field)))
}

const withFields = <O extends object, F>(options: O | undefined, fields: F | undefined) =>
  fields === undefined ? options : { ...options, fields }

/** Wraps a port. What it lets through reaches the port as it came. */
export const guard = <E extends Entity.Any, C>(port: Port.Port<E, C>, options: Options<E, C>): Port.Port<E, C> => {
  const bound: Bound<E, C> = { ...options, port, side: options.target ?? across(options.writer) }
  const guarded: Port.Port<E, C> = {
    ...port,
    changes: (asked) => {
      const fields = readable(bound, asked?.fields)
      return Result.isFailure(fields)
        ? Stream.fail(fields.failure)
        : port.changes(withFields(asked, fields.success) as Port.ChangesOptions<E>)
    },
    get: (ids, asked) => {
      const fields = readable(bound, asked?.fields)
      return Result.isFailure(fields)
        ? Effect.fail(fields.failure)
        : port.get(ids, withFields(asked, fields.success) as { readonly fields?: ReadonlyArray<Entity.FieldName<E>> })
    },
    find: (keys) => {
      const fields = readable(bound, undefined)
      return Result.isFailure(fields) ? Effect.fail(fields.failure) : port.find(keys)
    },
    upsert: (records, how) => upsert(bound, records, how),
  }
  return port.archive === undefined ? guarded : { ...guarded, archive: archive(bound, port.archive) }
}
