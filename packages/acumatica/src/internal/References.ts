/** The records that a patch points to, and their ids in the ERP. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import { MissingReference } from "@mortise/core/ConnectorError"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import type { Settings } from "../Settings.ts"
import type { Pointer } from "./Writer.ts"

export interface Finder {
  /** The ids of records by our keys; keys that nobody carries are left out. */
  readonly byKeys: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  readonly isThere: (id: string) => Effect.Effect<boolean, ConnectorError>
}
export type Finders = { readonly [K in Pointer["entity"]]: Finder }

type Members = { readonly [field: string]: unknown }

export interface Resolved {
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string | undefined
}

/** Two entities may have the same number: a reference is told apart by what it points to. */
const nameOf = (entity: Pointer["entity"], { id, key, number }: Reference): string =>
  JSON.stringify([entity, id ?? null, key ?? null, number ?? null])

const numbered = (settings: Settings, to: Pointer["entity"], number: string | undefined): string | undefined => {
  if (number === undefined || number === "") return undefined
  if (to === "Order") return `${settings.orderType}/${number}`
  return to === "Invoice" ? `Invoice/${number}` : number
}

/** By key they are looked up together; an id or a number is taken at its word, and the ERP says if it is not there. */
export const resolve = (
  settings: Settings,
  finders: Finders,
  pointers: ReadonlyArray<Pointer>,
): Effect.Effect<Resolved, ConnectorError> =>
  Effect.gen(function* () {
    const ids = new Map<string, string>()
    const open = new Map<Pointer["entity"], Set<string>>()
    for (const { entity, reference } of pointers) {
      if (reference.id !== undefined) ids.set(nameOf(entity, reference), reference.id)
      else if (reference.key !== undefined) open.set(entity, (open.get(entity) ?? new Set()).add(reference.key))
    }
    for (const { entity, reference } of pointers) {
      const byNumber = numbered(settings, entity, reference.number)
      if (reference.id === undefined && byNumber !== undefined) ids.set(nameOf(entity, reference), byNumber)
    }
    for (const [entity, keys] of open) {
      const found = yield* finders[entity].byKeys([...keys])
      for (const { entity: which, reference } of pointers) {
        const id = which === entity && reference.id === undefined ? found.get(reference.key ?? "") : undefined
        if (id !== undefined) ids.set(nameOf(which, reference), id)
      }
    }
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

/** The first reference to a record that the ERP does not have, for a refusal that does not name it. */
export const unknown = (
  finders: Finders,
  pointers: ReadonlyArray<Pointer>,
  resolved: Resolved,
): Effect.Effect<MissingReference | undefined, ConnectorError> =>
  Effect.gen(function* () {
    for (const { entity, path, reference } of pointers) {
      const id = resolved.idOf(entity, reference)
      if (id !== undefined && !(yield* finders[entity].isThere(id)))
        return new MissingReference({ message: `${path}: ${entity} is not there`, field: path, reference: id })
    }
    return undefined
  })

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
  [/^Details\.(\d+)\.InventoryID$/, "lines.$1.product"],
  [/^DocumentsToApply\.(\d+)\.ReferenceNbr$/, "applied.$1.invoice"],
  [/^(?:CustomerID|Customer|BusinessAccount)$/, "account"],
  [/^Terms$/, "paymentTerms"],
  [/^Currency(?:ID)?$/, "currency"],
]

/** What the vendor misses, told by the path of our field. */
export const inOurWords = (reason: MissingReference): MissingReference => {
  const known = OURS.find(([pattern]) => pattern.test(reason.field))
  if (known === undefined) return reason
  const field = reason.field.replace(known[0], known[1])
  return new MissingReference({ message: `${field}: ${reason.message}`, field, reference: reason.reference })
}
