/** Which record a write means: what names it for sure, then what a lost answer may have made, then natural keys. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as BatchUpsert from "../../BatchUpsert.ts"
import { Ambiguous, type ConnectorError, NotFound } from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Outcome from "../../Outcome.ts"
import type { Options } from "../../SimplePort.ts"
import { candidates, type Finder, type Held } from "./Find.ts"
import type { Lost } from "./Lost.ts"

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>

/** An outcome that ends the matter, or the record that is there, or none. */
export type Located<E extends Entity.Any, Raw> =
  | { readonly _tag: "Decided"; readonly outcome: Outcome.Outcome }
  | { readonly _tag: "Held"; readonly held: Held<E, Raw> }
  | { readonly _tag: "Absent" }

export interface Locate<E extends Entity.Any, Raw> {
  readonly known: (item: Item<E>) => Effect.Effect<Located<E, Raw>, ConnectorError>
  readonly locate: (item: Item<E>) => Effect.Effect<Located<E, Raw>, ConnectorError>
}

export const make = <E extends Entity.Any, Raw>(given: {
  readonly options: Options<E, Raw>
  readonly finder: Finder<E, Raw>
  readonly lost: Lost<E, Raw>
}): Locate<E, Raw> => {
  const { finder, lost, options } = given
  const { entity } = options
  const storeOnly = options.identity.carrier === "storeOnly"

  const rejected = (error: ConnectorError): Outcome.Outcome => ({ _tag: "Rejected", error })
  const decided = (outcome: Outcome.Outcome) => ({ _tag: "Decided", outcome }) as const
  const heldAs = (held: Held<E, Raw>) => ({ _tag: "Held", held }) as const

  /** By what names the record for sure. */
  const known = Effect.fnUntraced(function* (item: Item<E>): Effect.fn.Return<Located<E, Raw>, ConnectorError> {
    if (item.id !== undefined) {
      const found = yield* finder.byId(item.id)
      if (Option.isSome(found)) return heldAs(found.value)
      const message = "the record that the id names is not there any more"
      return decided(rejected(finder.fail(new NotFound({ message, entity: entity.name, id: item.id }))))
    }
    const found = yield* finder.byKey(item.key as string)
    return Option.isSome(found) ? heldAs(found.value) : { _tag: "Absent" }
  })

  const ambiguous = (message: string, matches: Parameters<typeof candidates<E, Raw>>[0]) =>
    decided(rejected(finder.fail(new Ambiguous({ message, candidates: candidates(matches) }))))

  /** By natural keys: those that the write names are adopted, any others stand in the way where only a store keeps keys. */
  const natural = Effect.fnUntraced(function* (item: Item<E>): Effect.fn.Return<Located<E, Raw>, ConnectorError> {
    const wanted = item.fields as Members
    const all = finder.naturalsOf(wanted)
    const named = all.filter((field) => (item.adoptBy as ReadonlyArray<string> | undefined)?.includes(field))
    const matches = yield* finder.byNatural(storeOnly ? all : named, wanted)
    const adoptable = matches.filter(({ by }) => by.some((field) => named.includes(field)))
    const [only] = adoptable
    if (adoptable.length > 1) return ambiguous(`${adoptable.length} records match, and a person has to decide`, matches)
    if (only !== undefined) {
      if (only.held.key !== undefined && only.held.key !== item.key) {
        return ambiguous("the record that matches belongs to another key of ours", adoptable)
      }
      return heldAs(only.held)
    }
    const inTheWay = matches.filter(({ held }) => held.key === undefined)
    if (inTheWay.length === 0) return { _tag: "Absent" }
    const by = [...new Set(inTheWay.flatMap((each) => each.by))].join(", ")
    return ambiguous(`a record with the same ${by} is there; name it in adoptBy to take it for this one`, inTheWay)
  })

  /** In its turn: by all that could name it, what a lost answer may have made included. */
  const locate = Effect.fnUntraced(function* (item: Item<E>): Effect.fn.Return<Located<E, Raw>, ConnectorError> {
    const first = yield* known(item)
    if (first._tag !== "Absent") return first
    const made = yield* lost.before(item)
    if (made._tag === "Unclear") return decided({ _tag: "Unknown", error: made.error })
    if (made._tag === "Found") return heldAs(made.held)
    return yield* natural(item)
  })

  return { known, locate }
}
