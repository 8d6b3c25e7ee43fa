/**
 * Writing one record so that writing it again reaches the same one: it is looked up and compared, and only what differs
 * is sent. What has to be created is looked for once more when its turn has come, by everything that could name it.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as BatchUpsert from "../../BatchUpsert.ts"
import { Conflict, type ConnectorError, NotFound, Unsupported } from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Features from "../../Features.ts"
import type * as Outcome from "../../Outcome.ts"
import type * as Port from "../../Port.ts"
import * as Replay from "../../Replay.ts"
import * as Scope from "../../Scope.ts"
import type { Options, Writing } from "../../SimplePort.ts"
import type { Turns } from "../../Turns.ts"
import type { Finder, Held } from "./Find.ts"
import type { Links } from "./Links.ts"
import * as Locate from "./Locate.ts"
import * as Lost from "./Lost.ts"

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>

/** What was found out about a record: absent, it has to be created. */
interface Plan<E extends Entity.Any, Raw> {
  readonly held?: Held<E, Raw>
}

/** What an error says of one record that was sent by itself. */
export const outcomeOf = (error: ConnectorError): Outcome.Outcome => {
  switch (BatchUpsert.fault(error)) {
    case "ambiguous":
      return { _tag: "Unknown", error }
    case "door":
      return { _tag: "NotAttempted", error }
    default:
      return { _tag: "Rejected", error }
  }
}

export interface Given<E extends Entity.Any, Raw> {
  readonly options: Options<E, Raw>
  readonly features: Features.Features<E>
  readonly finder: Finder<E, Raw>
  readonly links: Links
  readonly turns: Turns
}

export const make = <E extends Entity.Any, Raw>(given: Given<E, Raw>): Port.Port<E>["upsert"] => {
  const { features, finder, links, options, turns } = given
  const { entity, scope } = options
  const operation = `${scope.system}.${entity.name}.upsert`
  const storeOnly = options.identity.carrier === "storeOnly"
  const lost = Lost.make(given)

  const { known, locate } = Locate.make({ ...given, lost })

  const rejected = (error: ConnectorError): Outcome.Outcome => ({ _tag: "Rejected", error })

  const differing = ({ record }: Held<E, Raw>, wanted: Members): ReadonlyArray<string> =>
    Object.keys(wanted).filter(
      (field) => wanted[field] !== undefined && !finder.same(field, wanted[field], (record as Members)[field]),
    )

  const pick = (fields: Members, names: ReadonlyArray<string>): Entity.Patch<E> =>
    Object.fromEntries(names.map((name) => [name, fields[name]])) as Entity.Patch<E>

  /** Our key, where it has to be written into a record that does not carry it yet. */
  const carryInto = (item: Item<E>, held: Held<E, Raw>): { readonly carry?: string } => {
    const carry = held.key === undefined ? finder.textOf(item.key) : undefined
    return carry === undefined ? {} : { carry }
  }

  const whyNot = (item: Item<E>, held: Held<E, Raw>): ConnectorError | undefined => {
    if (item.ifRevision !== undefined && item.ifRevision !== held.revision) {
      const found = held.revision === undefined ? {} : { found: held.revision }
      const message = "the record has changed since that revision; nothing was sent"
      return finder.fail(new Conflict({ message, expected: item.ifRevision, ...found }))
    }
    return undefined
  }

  interface Change {
    readonly changed: ReadonlyArray<string>
    readonly writing: Writing<Raw>
  }

  /** What has to be sent for a record that is there; an outcome when nothing has. */
  const changeOf = (item: Item<E>, held: Held<E, Raw>, compare: boolean): Outcome.Outcome | Change => {
    const refused = whyNot(item, held)
    if (refused !== undefined) return rejected(refused)
    const wanted = item.fields as Members
    const changed = compare ? differing(held, wanted) : Object.keys(wanted).filter((each) => wanted[each] !== undefined)
    const carry = carryInto(item, held)
    const revision = held.revision === undefined ? {} : { revision: held.revision }
    if (changed.length === 0 && carry.carry === undefined) return { _tag: "Unchanged", id: held.id, ...revision }
    if (options.update === undefined) {
      const message = "records that are there cannot be changed"
      return rejected(finder.fail(new Unsupported({ message, feature: "update" })))
    }
    return { changed, writing: { held: held.raw, ...carry, ...revision } }
  }

  /** Links the key to a record that was found by something else. Costs nothing where the vendor carries keys. */
  const remember = (item: Item<E>, held: Held<E, Raw>): Effect.Effect<void, ConnectorError> =>
    storeOnly && item.key !== undefined && held.key !== item.key ? links.settle(item.key, held.id) : Effect.void

  const revisionIn = (raw: Raw | undefined): { readonly revision?: string } => {
    const revision = raw === undefined ? undefined : options.revisionOf?.(raw)
    return revision === undefined ? {} : { revision }
  }

  const update = (
    item: Item<E>,
    held: Held<E, Raw>,
    compare: boolean,
  ): Effect.Effect<Outcome.Outcome, ConnectorError> =>
    Effect.catch(change(item, held, compare), (error) =>
      error.reason._tag === "Conflict" ? overtaken(item, held, compare, error) : Effect.fail(error),
    )

  const change = Effect.fnUntraced(function* (
    item: Item<E>,
    held: Held<E, Raw>,
    compare: boolean,
  ): Effect.fn.Return<Outcome.Outcome, ConnectorError> {
    yield* remember(item, held)
    const needed = changeOf(item, held, compare)
    if ("_tag" in needed) return needed
    const patch = pick(item.fields as Members, needed.changed)
    const raw = yield* options.update?.(held.id, patch, needed.writing) ?? Effect.succeed(undefined)
    return { _tag: "Updated", id: held.id, ...revisionIn(raw) }
  })

  /** The record has another version by now: by our own request, whose answer was lost, or by somebody else's. */
  const overtaken = Effect.fnUntraced(function* (
    item: Item<E>,
    held: Held<E, Raw>,
    compare: boolean,
    error: ConnectorError,
  ): Effect.fn.Return<Outcome.Outcome, ConnectorError> {
    const found = yield* finder.byId(held.id)
    if (Option.isNone(found)) return yield* Effect.fail(error)
    const fresh = found.value
    if (differing(fresh, item.fields as Members).length === 0) {
      return { _tag: "Updated", id: fresh.id, ...revisionIn(fresh.raw) }
    }
    return item.ifRevision === undefined ? yield* change(item, fresh, compare) : yield* Effect.fail(error)
  })

  const created = (raw: Raw): Outcome.Outcome => ({ _tag: "Created", id: options.idOf(raw), ...revisionIn(raw) })

  /** Sends a create, at most twice, the second time when the first has surely come to nothing. */
  const create = Effect.fnUntraced(function* (
    item: Item<E>,
    compare: boolean,
    again: boolean,
  ): Effect.fn.Return<Outcome.Outcome, ConnectorError> {
    const carry = finder.textOf(item.key)
    const wanted = item.fields as Members
    // A record that is not there has nothing to clear.
    const supplied = Object.keys(wanted).filter((field) => wanted[field] !== undefined && wanted[field] !== null)
    const fields = pick(wanted, supplied)
    yield* lost.announce(item)
    const sent = yield* Effect.result(
      options.create?.(fields, carry === undefined ? {} : { carry }) ?? Effect.fail(noCreate()),
    )
    if (Result.isSuccess(sent)) {
      yield* lost.settled(item, options.idOf(sent.success))
      return created(sent.success)
    }
    if (!Replay.isAmbiguous(sent.failure.reason)) {
      yield* Effect.ignore(lost.withdraw(item))
      return yield* Effect.fail(sent.failure)
    }
    const made = yield* lost.after(item)
    if (made._tag === "Unclear") return { _tag: "Unknown", error: made.error }
    if (made._tag === "Absent") {
      return again ? yield* create(item, compare, false) : { _tag: "Unknown", error: sent.failure }
    }
    const outcome = yield* update(item, made.held, compare)
    return outcome._tag === "Unchanged" ? { ...outcome, _tag: "Written" } : outcome
  })

  const noCreate = () =>
    finder.fail(new Unsupported({ message: "records cannot be created", feature: "create", mend: "create them there" }))

  const nothingThere = () =>
    finder.fail(
      new NotFound({ message: `no ${entity.name} is there, and none was to be created`, entity: entity.name }),
    )

  const write = Effect.fnUntraced(function* (
    item: Item<E>,
    located: Locate.Located<E, Raw>,
    compare: boolean,
  ): Effect.fn.Return<Outcome.Outcome, ConnectorError> {
    switch (located._tag) {
      case "Decided":
        return located.outcome
      case "Held":
        return yield* update(item, located.held, compare)
      case "Absent":
        if (item.create === false) return rejected(nothingThere())
        return options.create === undefined ? rejected(noCreate()) : yield* create(item, compare, true)
    }
  })

  /** Names that nobody else may write under meanwhile: of a record that may be created, its natural keys too. */
  const namesOf = (item: Item<E>, plan: Plan<E, Raw>): ReadonlyArray<string> => {
    const own = `${Scope.format(scope)}|${entity.name}`
    if (plan.held !== undefined) return [`${own}|id|${plan.held.id}`, ...(item.key ? [`${own}|key|${item.key}`] : [])]
    const wanted = item.fields as Members
    const naturals = finder.naturalsOf(wanted).map((field) => `${own}|${field}|${String(wanted[field])}`)
    return [`${own}|key|${item.key}`, ...naturals]
  }

  /** A look that failed has sent nothing, whatever became of it. */
  const looked = (error: ConnectorError): Effect.Effect<Locate.Located<E, Raw>, ConnectorError> =>
    BatchUpsert.fault(error) === "ambiguous"
      ? Effect.succeed({ _tag: "Decided", outcome: { _tag: "NotAttempted", error } })
      : Effect.fail(error)

  const send = (compare: boolean) =>
    Effect.fnUntraced(function* (
      batch: ReadonlyArray<BatchUpsert.Ready<E, Entity.Custom, Plan<E, Raw>>>,
    ): Effect.fn.Return<ReadonlyArray<BatchUpsert.Result>, ConnectorError> {
      const [part] = batch
      if (part === undefined) return []
      const { item, ready, trace } = part
      const outcome = yield* turns.alone(namesOf(item, ready), (waited) => {
        // Whoever makes or adopts a record knows only in its turn that nobody else did.
        const isNew = ready.held === undefined || (item.key !== undefined && ready.held.key !== item.key)
        const fresh: Effect.Effect<Locate.Located<E, Raw>, ConnectorError> = isNew || waited
          ? locate(item)
          : Effect.succeed({ _tag: "Held", held: ready.held as Held<E, Raw> })
        return Effect.flatMap(Effect.catch(fresh, looked), (located) => write(item, located, compare))
      })
      return [{ trace, outcome }]
    })

  const prepare = (compare: boolean) =>
    Effect.fnUntraced(function* (
      items: ReadonlyArray<Item<E>>,
    ): Effect.fn.Return<ReadonlyArray<BatchUpsert.Prepared<Plan<E, Raw>>>, ConnectorError> {
      return yield* Effect.forEach(items, (item) =>
        Effect.map(known(item), (located): BatchUpsert.Prepared<Plan<E, Raw>> => {
          const { trace } = item
          if (located._tag === "Decided") return { trace, outcome: located.outcome }
          if (located._tag === "Absent") return { trace, ready: {} }
          // Where it has to be remembered, that is done in turn.
          const change = storeOnly && located.held.key !== item.key ? undefined : changeOf(item, located.held, compare)
          if (change !== undefined && "_tag" in change) return { trace, outcome: change }
          return { trace, ready: { held: located.held } }
        }),
      )
    })

  /** After a change whose answer was lost: the record tells whether it was made. */
  const lookup = Effect.fnUntraced(function* (
    batch: ReadonlyArray<BatchUpsert.Ready<E, Entity.Custom, Plan<E, Raw>>>,
  ): Effect.fn.Return<ReadonlyArray<BatchUpsert.Result>, ConnectorError> {
    const results: Array<BatchUpsert.Result> = []
    for (const { item, ready, trace } of batch) {
      if (ready.held === undefined) continue
      const found = yield* finder.byId(ready.held.id)
      if (Option.isNone(found) || differing(found.value, item.fields as Members).length > 0) continue
      results.push({ trace, outcome: { _tag: "Updated", id: found.value.id } })
    }
    return results
  })

  return (records, how = {}) =>
    BatchUpsert.run<E, Entity.Custom, Plan<E, Raw>>({
      system: scope.system,
      operation,
      entity,
      records,
      limits: { records: 1 },
      concurrency: options.concurrency ?? 1,
      features: { ...features, adoptable: Object.keys(options.lookFor ?? {}) },
      prepare: prepare(how.compare ?? true),
      send: send(how.compare ?? true),
      lookup,
      upsert: how,
    })
}
