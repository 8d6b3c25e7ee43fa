/**
 * Creates whose answers were lost: of a moment ago, or of a process that is no more. What they made is looked for until
 * they have surely come about or surely not. Nothing is sent again before.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as BatchUpsert from "../../BatchUpsert.ts"
import { Ambiguous, type ConnectorError, UnknownOutcome } from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type { Options } from "../../SimplePort.ts"
import * as Written from "../../Written.ts"
import { candidates, type Finder, type Held, type Match } from "./Find.ts"
import type { Links } from "./Links.ts"

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>

export type Made<E extends Entity.Any, Raw> =
  | { readonly _tag: "Found"; readonly held: Held<E, Raw> }
  /** Nothing was made, and nothing will be. */
  | { readonly _tag: "Absent" }
  /** May have been made; who could tell does not answer, or there is nothing to look for it by. */
  | { readonly _tag: "Unclear"; readonly error: ConnectorError }

export interface Lost<E extends Entity.Any, Raw> {
  /** What a create of before made, if there was one. */
  readonly before: (item: Item<E>) => Effect.Effect<Made<E, Raw>, ConnectorError>
  /** What a create of a moment ago made, whose answer was lost. */
  readonly after: (item: Item<E>) => Effect.Effect<Made<E, Raw>, ConnectorError>
  readonly announce: (item: Item<E>) => Effect.Effect<void, ConnectorError>
  readonly settled: (item: Item<E>, id: string) => Effect.Effect<void, ConnectorError>
  readonly withdraw: (item: Item<E>) => Effect.Effect<void, ConnectorError>
}

const DEFAULT_SETTLE = Duration.minutes(5)
/** How far the vendor's clock may be from ours, in milliseconds. */
const SKEW = 300_000
const NOTHING_TO_LOOK_BY = "it has no natural key to look for it by; write it once with its id, or with a natural key"

export const make = <E extends Entity.Any, Raw>(given: {
  readonly options: Options<E, Raw>
  readonly finder: Finder<E, Raw>
  readonly links: Links
}): Lost<E, Raw> => {
  const { finder, links, options } = given
  const storeOnly = options.identity.carrier === "storeOnly"
  const settle = Duration.toMillis(Duration.fromInputUnsafe(options.settle ?? DEFAULT_SETTLE))

  /** Only keys that the store alone keeps are noted there. */
  const noted = (item: Item<E>, note: (key: string) => Effect.Effect<void, ConnectorError>) =>
    storeOnly && item.key !== undefined ? note(item.key) : Effect.void

  const holdsAll = (held: Held<E, Raw>, wanted: Members): boolean =>
    Object.keys(wanted).every(
      (field) => wanted[field] === undefined || finder.same(field, wanted[field], (held.record as Members)[field]),
    )

  /** Of several that could be what was made, the one that holds all that was sent. */
  const choose = (
    matches: ReadonlyArray<Match<E, Raw>>,
    wanted: Members,
  ): Effect.Effect<Option.Option<Held<E, Raw>>, ConnectorError> => {
    const exact = matches.filter(({ held }) => holdsAll(held, wanted))
    const [only, ...more] = exact.length > 0 ? exact : matches
    if (more.length === 0) return Effect.succeed(Option.fromUndefinedOr(only?.held))
    const message = "an answer was lost, and several records could be what it was about; a person has to decide"
    return Effect.fail(finder.fail(new Ambiguous({ message, candidates: candidates(matches) })))
  }

  /** By its natural keys; one without any by all that was sent, among what was written since. */
  const matches = Effect.fnUntraced(function* (
    item: Item<E>,
    since: number,
  ): Effect.fn.Return<ReadonlyArray<Match<E, Raw>>, ConnectorError> {
    const wanted = item.fields as Members
    const naturals = finder.naturalsOf(wanted)
    if (naturals.length > 0) return yield* finder.byNatural(naturals, wanted)
    const recent = yield* finder.recent(since - SKEW)
    if (recent === undefined) return yield* Effect.fail(unknown(item, NOTHING_TO_LOOK_BY))
    return recent.filter(({ held }) => holdsAll(held, wanted))
  })

  const look = Effect.fnUntraced(function* (
    item: Item<E>,
    since: number,
  ): Effect.fn.Return<Option.Option<Held<E, Raw>>, ConnectorError> {
    if (!storeOnly) return yield* finder.byKey(item.key as string)
    const found = yield* matches(item, since)
    return yield* choose(
      found.filter(({ held }) => held.key === undefined || held.key === item.key),
      item.fields as Members,
    )
  })

  const search = Effect.fnUntraced(function* (
    item: Item<E>,
    since: number,
  ): Effect.fn.Return<Made<E, Raw>, ConnectorError> {
    const found = yield* Written.lookUntil(look(item, since), since + settle)
    if (Option.isSome(found)) {
      yield* noted(item, (key) => links.settle(key, found.value.id))
      return { _tag: "Found", held: found.value }
    }
    yield* noted(item, links.withdraw)
    return { _tag: "Absent" }
  })

  /** A person's decision is one; any other failure of the look leaves the matter open. */
  const searched = (item: Item<E>, since: number): Effect.Effect<Made<E, Raw>, ConnectorError> =>
    Effect.catch(search(item, since), (error) =>
      error.reason._tag === "Ambiguous"
        ? Effect.fail(error)
        : Effect.succeed<Made<E, Raw>>({ _tag: "Unclear", error: unknown(item, error.reason.message) }),
    )

  const unknown = (item: Item<E>, why: string): ConnectorError => {
    const message = `a create of this record was sent, and what became of it is not known: ${why}`
    return finder.fail(new UnknownOutcome({ message, ...(item.key === undefined ? {} : { key: item.key }) }))
  }

  return {
    before: Effect.fnUntraced(function* (item) {
      const since = storeOnly && item.key !== undefined ? yield* links.pendingSince(item.key) : undefined
      if (since === undefined) return { _tag: "Absent" }
      return yield* searched(item, since)
    }),
    after: (item) => Effect.flatMap(Clock.currentTimeMillis, (now) => searched(item, now)),
    announce: (item) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => noted(item, (key) => links.announce(key, now))),
    settled: (item, id) => noted(item, (key) => links.settle(key, id)),
    withdraw: (item) => noted(item, links.withdraw),
  }
}
