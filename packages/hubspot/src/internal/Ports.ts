/** One port out of a mapping: the same code for every entity. */
import { type ConnectorError, Invalid, NotFound, Unsupported } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Adopt from "../Adopt.ts"
import * as Changes from "../Changes.ts"
import * as Errors from "../Errors.ts"
import * as Features from "../Features.ts"
import * as Write from "../Write.ts"
import * as After from "./After.ts"
import * as Decoding from "./Decode.ts"
import type * as Mapping from "./Mapping.ts"
import * as Records from "./Records.ts"
import * as References from "./References.ts"
import * as Select from "./Select.ts"
import type * as Session from "./Session.ts"

interface Door<E extends Entity.Any> {
  readonly session: Session.Session
  readonly mapping: Mapping.Mapping<E>
  readonly custom: ReadonlyArray<string>
}

/** This portal does not have the type: nothing is asked, and the reason is told. */
const absent = <E extends Entity.Any>({ mapping, session }: Door<E>): ConnectorError | undefined => {
  const why = session.unreadable.get(mapping.type)
  if (why === undefined) return undefined
  return Errors.fail(
    `${mapping.type}.read`,
    new Unsupported({
      feature: mapping.type,
      message: why,
      mend: "use the values that stand on the company: financialStatus, outstanding, lastInvoice, lastPayment",
    }),
  )
}

const found = Effect.fnUntraced(function* <E extends Entity.Any>(
  { mapping, session }: Door<E>,
  selection: Select.Selection,
  raws: ReadonlyArray<Records.Raw>,
): Effect.fn.Return<ReadonlyMap<string, Port.Found<E>>, ConnectorError> {
  const distinct = [...new Map(raws.map((raw) => [raw.id, raw])).values()]
  const around = yield* Decoding.surroundings(
    session,
    selection,
    distinct.map(({ id }) => id),
  )
  const decode = Decoding.decoder(mapping.entity)
  const results = new Map<string, Port.Found<E>>()
  for (const raw of distinct) {
    const record = decode(Decoding.encodedForm(session, selection, raw, around))
    if (Result.isFailure(record))
      return yield* Effect.fail(Errors.fail(`${mapping.type}.get ${raw.id}`, record.failure))
    const key = Adopt.keyOf(session, raw)
    results.set(raw.id, { id: raw.id, record: record.success, ...(key === undefined ? {} : { key }) })
  }
  return results
})

/** By the id that was asked for and, of merged records, also by the survivor's. */
const get = <E extends Entity.Any>(door: Door<E>): Port.Port<E>["get"] =>
  Effect.fnUntraced(function* (ids, options = {}) {
    const { custom, mapping, session } = door
    const selection = Select.of(mapping, { keyProperty: session.keyProperty, custom }, options.fields)
    const unknown = Select.unknown(selection)
    if (unknown.length > 0) {
      const message = `${mapping.entity.name} has no readable field ${unknown.join(", ")}`
      const issues = unknown.map((field) => ({ path: ["fields", field], message }))
      return yield* Effect.fail(Errors.fail(`${mapping.type}.get`, new Invalid({ message, issues })))
    }
    const raws = yield* Records.byId(session.client, mapping.type, ids, Select.properties(selection))
    const records = yield* found(door, selection, [...raws.values()])
    const answer = new Map<string, Port.Found<E>>()
    for (const [asked, raw] of raws) {
      const record = records.get(raw.id)
      if (record === undefined || !(ids.includes(asked) || asked === raw.id)) continue
      answer.set(asked, record)
      answer.set(raw.id, record)
    }
    return answer
  })

const find = <E extends Entity.Any>(door: Door<E>): Port.Port<E>["find"] =>
  Effect.fnUntraced(function* (keys) {
    const { custom, mapping, session } = door
    const selection = Select.of(mapping, { keyProperty: session.keyProperty, custom }, undefined)
    const raws = yield* References.byKeys(session, mapping, [...new Set(keys)], Select.properties(selection))
    const records = yield* found(door, selection, [...raws.values()])
    return new Map(
      [...raws].flatMap(([key, raw]) => {
        const record = records.get(raw.id)
        return record === undefined ? [] : [[key, { ...record, key }] as const]
      }),
    )
  })

/** What is archived already is `Unchanged`; HubSpot's batch archive itself tells nothing of its records. */
const archive = <E extends Entity.Any>({ mapping, session }: Door<E>): NonNullable<Port.Port<E>["archive"]> =>
  Effect.fnUntraced(function* (ids) {
    const operation = `${mapping.type}.archive`
    const work = Effect.gen(function* () {
      const there = yield* Records.byId(session.client, mapping.type, ids, [])
      const gone = ids.filter((id) => !there.has(id))
      const before = yield* Records.batchRead(session.client, mapping.type, {
        ids: gone,
        properties: [],
        archived: true,
      })
      const archived = new Set(before.map(({ id }) => id))
      yield* After.archive(
        session,
        mapping.type,
        [...there.values()].map(({ id }) => id),
      )
      return ids.map((id): Outcome.Outcome => {
        const raw = there.get(id)
        if (raw !== undefined) return { _tag: "Updated", id: raw.id }
        if (archived.has(id)) return { _tag: "Unchanged", id }
        const reason = new NotFound({ message: "no record has this id", entity: mapping.entity.name, id })
        return { _tag: "Rejected", error: Errors.fail(operation, reason) }
      })
    })
    return yield* Effect.catch(work, (error) =>
      Effect.succeed(
        ids.map((): Outcome.Outcome => {
          const tag =
            error.reason._tag === "UnknownOutcome"
              ? "Unknown"
              : error.reason._tag === "Unsupported"
                ? "Rejected"
                : "NotAttempted"
          return { _tag: tag, error }
        }),
      ),
    )
  })

export const make = <E extends Entity.Any>(door: Door<E>): Port.Port<E> => {
  const { custom, mapping, session } = door
  const features = () => Features.of(session, mapping)
  const changes = Changes.make(session, mapping, custom)
  const upsert = Write.make(session, mapping, features)
  const guarded = <A>(effect: Effect.Effect<A, ConnectorError>) =>
    Effect.suspend(() => {
      const error = absent(door)
      return error === undefined ? effect : Effect.fail(error)
    })
  return {
    entity: mapping.entity,
    scope: session.scope,
    // They depend on what `prepare` found the portal to allow, so they are told anew each time.
    get features() {
      return features()
    },
    changes: (options) =>
      Stream.suspend(() => {
        const error = absent(door)
        return error === undefined ? changes(options) : Stream.fail(error)
      }),
    get: (ids, options) => guarded(get(door)(ids, options)),
    find: (keys) => guarded(find(door)(keys)),
    upsert,
    archive: archive(door),
  }
}
