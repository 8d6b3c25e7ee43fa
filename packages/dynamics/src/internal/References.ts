/** The records that a patch points to, and their ids in the ERP. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import { MissingReference } from "@mortise/core/ConnectorError"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Keys from "../Keys.ts"
import type { Pointer } from "./Writer.ts"

export interface Finder {
  /** The ids of records by our keys; keys that nobody carries are left out. */
  readonly byKeys: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  /** Those of these ids that are there, as the ERP writes them, by their small letters. */
  readonly there: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
}
export type Finders = { readonly [K in Pointer["entity"]]: Finder }

type Members = { readonly [field: string]: unknown }

export interface Resolved {
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string | undefined
}

/** Two entities may have the same number: a reference is told apart by what it points to. */
const nameOf = (entity: Pointer["entity"], { id, key, number }: Reference): string =>
  JSON.stringify([entity, id ?? null, key ?? null, number ?? null])

const SETS = { Account: "CustomersV3", Product: "ReleasedProductsV2" } as const

const given = (entity: Pointer["entity"], { id, number }: Reference): string | undefined =>
  id ?? (number === undefined || number === "" ? undefined : Keys.join(SETS[entity], [number]))

/**
 * Keys are looked up, and what is told by id or number has to be there: a document is written in more than one request,
 * and the first must not be sent when the second is bound to be refused.
 */
export const resolve = (finders: Finders, pointers: ReadonlyArray<Pointer>): Effect.Effect<Resolved, ConnectorError> =>
  Effect.gen(function* () {
    const ids = new Map<string, string>()
    for (const entity of ["Account", "Product"] as const) {
      const own = pointers.filter((pointer) => pointer.entity === entity)
      const named = own.flatMap(({ reference }) => given(entity, reference) ?? [])
      const there = named.length === 0 ? new Map() : yield* finders[entity].there([...new Set(named)])
      const keys = own.flatMap(({ reference }) => (given(entity, reference) === undefined ? (reference.key ?? []) : []))
      const found = keys.length === 0 ? new Map() : yield* finders[entity].byKeys([...new Set(keys)])
      for (const { reference } of own) {
        const name = given(entity, reference)
        const id = name === undefined ? found.get(reference.key ?? "") : there.get(name.toLowerCase())
        if (id !== undefined) ids.set(nameOf(entity, reference), id)
      }
    }
    return { idOf: (entity, reference) => ids.get(nameOf(entity, reference)) }
  })

/** The first reference that leads nowhere. */
export const missing = (pointers: ReadonlyArray<Pointer>, resolved: Resolved): MissingReference | undefined => {
  const lost = pointers.find(({ entity, reference }) => resolved.idOf(entity, reference) === undefined)
  if (lost === undefined) return undefined
  const { id, key, number } = lost.reference
  return new MissingReference({
    message: `${lost.path} points to a record that is not there`,
    field: lost.path,
    reference: id ?? key ?? number ?? "nothing",
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
