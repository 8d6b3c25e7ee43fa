/** The records that patches point to, and their names on the site: by key, by id or by number, for many patches at once. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import { MissingReference } from "@mortise/core/ConnectorError"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import type { Pointer, Referred } from "./Writer.ts"

export interface Finder {
  /** The ids of records by our keys; keys that nobody carries are left out. */
  readonly byKeys: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  /** Those of the names that are there. */
  readonly present: (names: ReadonlyArray<string>) => Effect.Effect<ReadonlySet<string>, ConnectorError>
}
export type Finders = { readonly [K in Referred]: Finder }

type Members = { readonly [field: string]: unknown }

export interface Resolved {
  readonly idOf: (entity: Referred, reference: Reference) => string | undefined
}

const named = (reference: Reference): string | undefined =>
  reference.id ?? (reference.key === undefined ? reference.number : undefined)

const KINDS: ReadonlyArray<Referred> = ["Account", "Contact", "Product", "Order"]

/**
 * Looked up together, one question for each kind and way. That an id is there is asked as well: the site names what it
 * misses in the language of its user, and breaks on an order without lines.
 */
export const resolve = (finders: Finders, pointers: ReadonlyArray<Pointer>): Effect.Effect<Resolved, ConnectorError> =>
  Effect.gen(function* () {
    const byKey = new Map<string, ReadonlyMap<string, string>>()
    const there = new Map<string, ReadonlySet<string>>()
    for (const kind of KINDS) {
      const own = pointers.filter(({ entity }) => entity === kind).map(({ reference }) => reference)
      const keys = own.flatMap((reference) => (reference.id === undefined ? (reference.key ?? []) : []))
      if (keys.length > 0) byKey.set(kind, yield* finders[kind].byKeys([...new Set(keys)]))
      const numbers = own.flatMap(({ id, key, number }) =>
        id !== undefined ? [id] : number !== undefined && !(byKey.get(kind)?.has(key ?? "") ?? false) ? [number] : [],
      )
      if (numbers.length > 0) there.set(kind, yield* finders[kind].present([...new Set(numbers)]))
    }
    const present = (kind: Referred, name: string | undefined) =>
      name !== undefined && there.get(kind)?.has(name) === true ? name : undefined
    return {
      idOf: (entity, { id, key, number }) => {
        if (id !== undefined) return present(entity, id)
        return byKey.get(entity)?.get(key ?? "") ?? present(entity, number)
      },
    }
  })

/** The first reference that leads nowhere. */
export const missing = (pointers: ReadonlyArray<Pointer>, resolved: Resolved): MissingReference | undefined => {
  const lost = pointers.find(({ entity, reference }) => resolved.idOf(entity, reference) === undefined)
  if (lost === undefined) return undefined
  const reference = lost.reference.key ?? named(lost.reference) ?? "nothing"
  return new MissingReference({
    message: `${lost.path} points to a record that is not there (${lost.entity})`,
    field: lost.path,
    reference,
  })
}

const setAt = (value: unknown, [name, ...rest]: ReadonlyArray<string>, put: unknown): unknown => {
  if (name === undefined) return put
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === name ? setAt(each, rest, put) : each))
  const members = value as Members
  return { ...members, [name]: setAt(members[name], rest, put) }
}

/** The fields with references told by id alone: two references are the same when they lead to the same record. */
export const byId = (fields: Members, pointers: ReadonlyArray<Pointer>, resolved: Resolved): Members =>
  pointers.reduce<Members>((all, { entity, path, reference }) => {
    const id = resolved.idOf(entity, reference)
    return id === undefined ? all : (setAt(all, path.split("."), { id }) as Members)
  }, fields)
