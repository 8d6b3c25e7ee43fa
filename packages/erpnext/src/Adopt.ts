/**
 * Which record a write means. A linked id beats the key, the key beats natural keys. A match by natural keys is adopted
 * only when it is the only one and its key field is free: what somebody else keeps there is not overwritten.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Ambiguous, type Candidate, ConnectorError, NotFound, type Reason } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Identity from "./Identity.ts"
import type { Held, Source } from "./internal/Source.ts"
import type { Writer } from "./internal/Writer.ts"

export interface Target<E extends Entity.Any> {
  /** Absent: it has to be created. */
  readonly held?: Held<E>
  /** What to write into the carrier; absent when it stands there already, or when there is no key. */
  readonly carry?: string
}

type Item<E extends Entity.Any> = BatchUpsert.Item<E>

export interface Adopting<E extends Entity.Any> {
  readonly entity: E
  /** Reads what is looked at, see {@link narrowed}. */
  readonly source: Source<E>
  readonly sourceOf: (fields: ReadonlyArray<string>) => Source<E>
  readonly writer: Writer<E>
  /** The name that the caller chooses for a new record, where the entity is named by its own key. */
  readonly clientId?: (item: Item<E>) => string | undefined
}

/** What candidates are called by. */
const LABELS = ["name", "displayName", "number"]

/** Reads no more of the records than is to be written of them: what stands in other tables is asked for only then. */
export const narrowed = <E extends Entity.Any, A extends Adopting<E>>(
  adopting: A,
  items: ReadonlyArray<Pick<Item<E>, "fields">>,
): A => {
  const fields = items.flatMap((item) => Object.keys(item.fields))
  return { ...adopting, source: adopting.sourceOf([...new Set([...LABELS, ...fields])]) }
}

const error = (entity: string, reason: Reason): ConnectorError =>
  new ConnectorError({ system: "erpnext", operation: `erpnext.${entity}.upsert`, reason })

const labelOf = (record: object): string | undefined => {
  const { displayName, name, number } = record as { readonly [field: string]: unknown }
  return [name, displayName, number].find((text) => typeof text === "string") as string | undefined
}

const candidate = <E extends Entity.Any>(held: Held<E>, matchedBy: ReadonlyArray<string>): Candidate => {
  const label = labelOf(held.record)
  const key = held.carried === undefined || !Identity.isOurs(held.carried) ? undefined : Identity.decode(held.carried)
  return {
    id: held.id,
    ...(label === undefined ? {} : { label }),
    ...(key === undefined ? {} : { key }),
    matchedBy: [...matchedBy],
  }
}

const ambiguous = (entity: string, message: string, candidates: ReadonlyArray<Candidate>) =>
  Effect.fail(error(entity, new Ambiguous({ message, candidates: [...candidates] })))

const textOf = (key: string | undefined): string | undefined => (key === undefined ? undefined : Identity.encode(key))

/** A record with the key that it shall carry: written only into a field that is free, and that can be written. */
const targetOf = <E extends Entity.Any>(adopting: Adopting<E>, held: Held<E>, key: string | undefined): Target<E> => {
  const text = textOf(key)
  const free = held.carried === undefined && adopting.clientId === undefined
  return { held, ...(free && text !== undefined ? { carry: text } : {}) }
}

interface Match<E extends Entity.Any> {
  readonly held: Held<E>
  readonly by: Array<string>
}

/** More than two of one natural key have been seen enough. */
const ENOUGH = 3

const naturalMatches = <E extends Entity.Any>({ source, writer }: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const matches = new Map<string, Match<E>>()
    for (const field of item.adoptBy ?? []) {
      const value = (item.fields as { readonly [name: string]: unknown })[field]
      const natural = value === undefined ? undefined : writer.natural[field]?.(value)
      if (natural === undefined) continue
      const found = "id" in natural ? yield* source.found([natural.id]) : yield* source.matching(natural.where, ENOUGH)
      for (const held of found) {
        const known = matches.get(held.id)
        if (known === undefined) matches.set(held.id, { held, by: [field] })
        else if (!known.by.includes(field)) known.by.push(field)
      }
    }
    return [...matches.values()]
  })

/** Adopts the one match whose key field is free. */
const adopt = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const matches = yield* naturalMatches(adopting, item)
    const [only] = matches
    if (only === undefined) return Option.none<Target<E>>()
    const candidates = matches.map(({ by, held }) => candidate(held, by))
    const { name } = adopting.entity
    if (matches.length > 1) {
      const message = `${matches.length} records match ${(item.adoptBy ?? []).join(", ")}; link one of them by its id`
      return yield* ambiguous(name, message, candidates)
    }
    const { carried } = only.held
    if (carried !== undefined && adopting.clientId === undefined && carried !== textOf(item.key)) {
      const whose = Identity.isOurs(carried) ? "another key of ours" : "a key of somebody else"
      return yield* ambiguous(name, `the record that matches already carries ${whose}`, candidates)
    }
    return Option.some(targetOf(adopting, only.held, item.key))
  })

/** What is known of records by key and by id, asked for together. */
export interface Known<E extends Entity.Any> {
  readonly carried: ReadonlyArray<Held<E>>
  readonly named: ReadonlyArray<Held<E>>
}

/** The names that the items are linked to, or choose. */
const namesOf = <E extends Entity.Any>({ clientId }: Adopting<E>, items: ReadonlyArray<Item<E>>) =>
  items.flatMap((item) => item.id ?? clientId?.(item) ?? [])

export const look = <E extends Entity.Any>(
  adopting: Adopting<E>,
  items: ReadonlyArray<Item<E>>,
): Effect.Effect<Known<E>, ConnectorError> =>
  Effect.gen(function* () {
    const { clientId, source } = adopting
    const texts = items.flatMap(({ id, key }) =>
      id === undefined && clientId === undefined ? (textOf(key) ?? []) : [],
    )
    const names = namesOf(adopting, items)
    return {
      carried: yield* source.carrying(texts),
      named: names.length === 0 ? [] : yield* source.found(names),
    }
  })

/** The record that an item means. */
export const locate = <E extends Entity.Any>(
  adopting: Adopting<E>,
  item: Item<E>,
  { carried, named }: Known<E>,
): Effect.Effect<Target<E>, ConnectorError> =>
  Effect.gen(function* () {
    const { clientId, entity } = adopting
    const byName = (name: string | undefined) => named.find(({ id }) => id === name)
    if (item.id !== undefined) {
      const found = byName(item.id)
      if (found !== undefined) return targetOf(adopting, found, item.key)
      const message = "the record that the link names is not there any more"
      return yield* Effect.fail(error(entity.name, new NotFound({ message, entity: entity.name, id: item.id })))
    }
    const text = textOf(item.key)
    const [ours] = carried.filter((held) => text !== undefined && held.carried === text)
    if (ours !== undefined) return { held: ours }
    const chosen = byName(clientId?.(item))
    if (chosen !== undefined) return { held: chosen }
    const adopted = yield* adopt(adopting, item)
    return Option.getOrElse(adopted, () => (text === undefined || clientId !== undefined ? {} : { carry: text }))
  })
