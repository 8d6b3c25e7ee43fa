/** The records that a patch points to, and their ids in the account. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import { MissingReference } from "@mortise/core/ConnectorError"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import type { Pointer } from "./Writer.ts"

/** The ids of records by our keys or by their numbers; what nobody has is left out. */
export interface Finder {
  readonly byKeys: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  readonly byNumbers: (numbers: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
}
export type Finders = { readonly [K in Pointer["entity"]]: Finder }

type Members = { readonly [field: string]: unknown }

export interface Resolved {
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string | undefined
}

/** Two entities may have the same number: a reference is told apart by what it points to. */
const nameOf = (entity: Pointer["entity"], { id, key, number }: Reference): string =>
  JSON.stringify([entity, id ?? null, key ?? null, number ?? null])

type By = "key" | "number"

/** An id is taken at its word, and the account says if it is not there; by key and by number they are looked up together. */
export const resolve = (finders: Finders, pointers: ReadonlyArray<Pointer>): Effect.Effect<Resolved, ConnectorError> =>
  Effect.gen(function* () {
    const ids = new Map<string, string>()
    for (const { entity, reference } of pointers)
      if (reference.id !== undefined) ids.set(nameOf(entity, reference), reference.id)
    const lookUp = function* (by: By) {
      const open = new Map<Pointer["entity"], Set<string>>()
      for (const { entity, reference } of pointers) {
        const text = reference[by]
        if (text !== undefined && text !== "" && !ids.has(nameOf(entity, reference)))
          open.set(entity, (open.get(entity) ?? new Set()).add(text))
      }
      for (const [entity, texts] of open) {
        const finder = finders[entity]
        const found = yield* by === "key" ? finder.byKeys([...texts]) : finder.byNumbers([...texts])
        for (const { entity: which, reference } of pointers) {
          const id = which === entity ? found.get(reference[by] ?? "") : undefined
          if (id !== undefined && !ids.has(nameOf(which, reference))) ids.set(nameOf(which, reference), id)
        }
      }
    }
    yield* lookUp("key")
    yield* lookUp("number")
    return { idOf: (entity, reference) => ids.get(nameOf(entity, reference)) }
  })

/** The first reference that leads nowhere. */
export const missing = (pointers: ReadonlyArray<Pointer>, resolved: Resolved): MissingReference | undefined => {
  const lost = pointers.find(({ entity, reference }) => resolved.idOf(entity, reference) === undefined)
  if (lost === undefined) return undefined
  const reference = lost.reference.key ?? lost.reference.number ?? "nothing"
  return new MissingReference({
    message: `${lost.path} points to a record that is not there`,
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

/** Members of the vendor's that hold references, by our names. */
const OURS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^item\.items\.(\d+)\.item$/, "lines.$1.product"],
  [/^apply\.items\.(\d+)\.doc$/, "applied.$1.invoice"],
  [/^(?:entity|customer|company)(?:\.id)?$/, "account"],
  [/^terms(?:\.id)?$/, "paymentTerms"],
  [/^currency(?:\.id)?$/, "currency"],
]

/** What the vendor misses, told by the path of our field. */
export const inOurWords = (reason: MissingReference): MissingReference => {
  const known = OURS.find(([pattern]) => pattern.test(reason.field))
  if (known === undefined) return reason
  const field = reason.field.replace(known[0], known[1])
  return new MissingReference({ message: `${field}: ${reason.message}`, field, reference: reason.reference })
}
