/** Which record is meant: by its id, by our key, by natural keys. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Ambiguous, type Candidate, ConnectorError, type Issue, type Reason } from "../../ConnectorError.ts"
import * as Covers from "../../Covers.ts"
import type * as Entity from "../../Entity.ts"
import * as ExternalKey from "../../ExternalKey.ts"
import type * as Features from "../../Features.ts"
import type * as Port from "../../Port.ts"
import type { Options } from "../../SimplePort.ts"
import type { Links } from "./Links.ts"
import type { Reads } from "./Read.ts"

type Members = { readonly [field: string]: unknown }

/** A record as it stands in the system. */
export interface Held<E extends Entity.Any, Raw> {
  readonly id: string
  readonly raw: Raw
  readonly record: Entity.Record<E>
  readonly issues: ReadonlyArray<Issue>
  readonly revision?: string
  /** The key of ours that it belongs to. */
  readonly key?: string
}

export interface Match<E extends Entity.Any, Raw> {
  readonly held: Held<E, Raw>
  readonly by: ReadonlyArray<string>
}

export interface Finder<E extends Entity.Any, Raw> {
  readonly get: Port.Port<E>["get"] extends (...args: never) => infer R
    ? (ids: ReadonlyArray<string>, fields: ReadonlyArray<string>) => R
    : never
  readonly find: Port.Port<E>["find"]
  readonly byId: (id: string) => Effect.Effect<Option.Option<Held<E, Raw>>, ConnectorError>
  /** By our key, in the carrier or by the link; several records with one key are `Ambiguous`. */
  readonly byKey: (key: string) => Effect.Effect<Option.Option<Held<E, Raw>>, ConnectorError>
  /** Every record that holds one of these natural keys, with the key of ours that it belongs to. */
  readonly byNatural: (
    fields: ReadonlyArray<string>,
    wanted: Members,
  ) => Effect.Effect<ReadonlyArray<Match<E, Raw>>, ConnectorError>
  /** Records that were written since, with the keys that they belong to; undefined when nobody can tell. */
  readonly recent: (since: number) => Effect.Effect<ReadonlyArray<Match<E, Raw>> | undefined, ConnectorError>
  /** The natural keys that this record has and that can be looked for. */
  readonly naturalsOf: (wanted: Members) => ReadonlyArray<string>
  readonly same: (field: string, wanted: unknown, found: unknown) => boolean
  readonly fail: (reason: Reason) => ConnectorError
  /** Our key as the carrier holds it; undefined where there is none. */
  readonly textOf: (key: string | undefined) => string | undefined
}

export const candidates = <E extends Entity.Any, Raw>(
  matches: ReadonlyArray<Match<E, Raw>>,
): ReadonlyArray<Candidate> =>
  matches.map(({ by, held }) => {
    const { name } = held.record as { readonly name?: unknown }
    return {
      id: held.id,
      matchedBy: [...by],
      ...(typeof name === "string" ? { label: name } : {}),
      ...(held.key === undefined ? {} : { key: held.key }),
    }
  })

export const make = <E extends Entity.Any, Raw>(given: {
  readonly options: Options<E, Raw>
  readonly identity: Features.Identity
  readonly links: Links
  readonly reads: Reads<E, Raw>
}): Finder<E, Raw> => {
  const { identity, links, options, reads } = given
  const carrier = options.identity.carrier === "storeOnly" ? undefined : options.identity

  const fail = (reason: Reason): ConnectorError =>
    new ConnectorError({
      system: options.scope.system,
      operation: `${options.scope.system}.${options.entity.name}.upsert`,
      reason,
    })

  const carriedKey = (raw: Raw): string | undefined => {
    const text = carrier?.carriedBy(raw)
    // What we cannot read is somebody else's: it counts as a key, so that nothing is written over it.
    return text === undefined || text === null || text === "" ? undefined : (ExternalKey.decode(text) ?? text)
  }

  const heldOf = (raw: Raw, key: string | undefined, fields: ReadonlyArray<string> = options.readable) => {
    const { issues, record } = reads.record(raw, fields)
    const revision = options.revisionOf?.(raw)
    return {
      id: options.idOf(raw),
      raw,
      record,
      issues,
      ...(revision === undefined ? {} : { revision }),
      ...(key === undefined ? {} : { key }),
    }
  }

  /** With the keys that they belong to. */
  const keyed = (raws: ReadonlyArray<Raw>, fields?: ReadonlyArray<string>) =>
    carrier === undefined
      ? Effect.map(links.keysOf(raws.map(options.idOf)), (keys) =>
          raws.map((raw) => heldOf(raw, keys.get(options.idOf(raw)), fields)),
        )
      : Effect.succeed(raws.map((raw) => heldOf(raw, carriedKey(raw), fields)))

  const raw = (id: string, fields: ReadonlyArray<string> = options.readable) =>
    options.get(id, fields).pipe(
      Effect.map((each): ReadonlyArray<Raw> => [each]),
      Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed([]) : Effect.fail(error))),
    )

  const byId = (id: string) =>
    Effect.map(Effect.flatMap(raw(id), keyed), ([held]) => Option.fromUndefinedOr<Held<E, Raw> | undefined>(held))

  const textOf = (key: string | undefined): string | undefined =>
    carrier === undefined || key === undefined ? undefined : ExternalKey.encode(key, identity)

  const byKey = Effect.fnUntraced(function* (
    key: string,
  ): Effect.fn.Return<Option.Option<Held<E, Raw>>, ConnectorError> {
    if (carrier === undefined) {
      const id = (yield* links.idsOf([key])).get(key)
      return id === undefined ? Option.none() : yield* byId(id)
    }
    const text = textOf(key)
    const rows = text === undefined ? [] : yield* carrier.carrying(text)
    const ours = (yield* keyed(rows)).filter((held) => held.key === key)
    if (ours.length <= 1) return Option.fromUndefinedOr(ours[0])
    const message = `${ours.length} records carry the same key of ours`
    const matches = ours.map((held) => ({ held, by: ["key"] }))
    return yield* Effect.fail(fail(new Ambiguous({ message, candidates: candidates(matches) })))
  })

  const same: Finder<E, Raw>["same"] = (field, wanted, found) =>
    (options.same as Readonly<Record<string, Covers.Comparison>> | undefined)?.[field]?.(wanted, found) ??
    Covers.exactly(wanted, found)

  const looks = (options.lookFor ?? {}) as Readonly<
    Record<string, (value: string) => Effect.Effect<ReadonlyArray<Raw>, ConnectorError>>
  >

  const naturalsOf: Finder<E, Raw>["naturalsOf"] = (wanted) =>
    options.entity.naturalKeys.filter(
      (field) => looks[field] !== undefined && typeof wanted[field] === "string" && wanted[field] !== "",
    )

  const byNatural: Finder<E, Raw>["byNatural"] = Effect.fnUntraced(function* (fields, wanted) {
    const found = new Map<string, { readonly raw: Raw; readonly by: Array<string> }>()
    for (const field of fields) {
      const rows = yield* looks[field]?.(wanted[field] as string) ?? Effect.succeed([])
      for (const each of rows) {
        const { record } = reads.record(each, [field])
        if (!same(field, wanted[field], (record as Members)[field])) continue
        const id = options.idOf(each)
        const known = found.get(id)
        if (known === undefined) found.set(id, { raw: each, by: [field] })
        else known.by.push(field)
      }
    }
    const held = yield* keyed([...found.values()].map((each) => each.raw))
    return held.map((each) => ({ held: each, by: found.get(each.id)?.by ?? [] }))
  })

  const recent: Finder<E, Raw>["recent"] = (since) =>
    Effect.flatMap(reads.recent(since), (rows) =>
      rows === undefined
        ? Effect.succeed(undefined)
        : Effect.map(keyed(rows), (all) => all.map((held) => ({ held, by: ["everything that was sent"] }))),
    )

  const toFound = ({ issues, raw: _, ...held }: Held<E, Raw>): Port.Found<E> => ({
    ...held,
    ...(issues.length === 0 ? {} : { issues }),
  })

  const get = Effect.fnUntraced(function* (ids: ReadonlyArray<string>, fields: ReadonlyArray<string>) {
    const rows = yield* Effect.forEach([...new Set(ids)], (id) => raw(id, fields), {
      concurrency: options.concurrency ?? 1,
    })
    const held = yield* keyed(rows.flat(), fields)
    return new Map(held.map((each) => [each.id, toFound(each)]))
  })

  const find: Port.Port<E>["find"] = (keys) =>
    Effect.map(
      Effect.forEach([...new Set(keys)], (key) => Effect.map(byKey(key), (held) => [key, held] as const), {
        concurrency: options.concurrency ?? 1,
      }),
      (found) =>
        new Map(found.flatMap(([key, held]) => (Option.isSome(held) ? [[key, toFound(held.value)] as const] : []))),
    )

  return {
    get: get as Finder<E, Raw>["get"],
    find,
    byId,
    byKey,
    byNatural,
    recent,
    naturalsOf,
    same,
    fail,
    textOf,
  }
}
