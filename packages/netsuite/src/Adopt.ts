/**
 * Which record a write means. A linked id beats the key, the key beats natural keys. A match by natural keys is adopted
 * only when it is the only one and the field of our key is free: what somebody else keeps there is not overwritten.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Ambiguous, type Candidate, ConnectorError, NotFound, type Reason } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Identity from "./Identity.ts"
import type { Form, Held } from "./internal/Form.ts"
import type { Settings } from "./Settings.ts"

export interface Target<E extends Entity.Any> {
  /** Absent: it has to be created. */
  readonly held?: Held<E>
  /** What to write into the carrier; absent when it stands there already, or when there is no key. */
  readonly carry?: string
}

type Item<E extends Entity.Any> = BatchUpsert.Item<E>

export interface Adopting<E extends Entity.Any> {
  readonly settings: Settings
  readonly form: Form<E>
}

/** The text of a key in the carrier. */
export const textOf = <E extends Entity.Any>(
  { form, settings }: Adopting<E>,
  key: string | undefined,
): string | undefined => (key === undefined ? undefined : Identity.encode(settings, form.entity.name, key))

const error = (entity: string, reason: Reason): ConnectorError =>
  new ConnectorError({ system: "netsuite", operation: `netsuite.${entity}.upsert`, reason })

const labelOf = (record: object): string | undefined => {
  const { displayName, name, number } = record as { readonly [field: string]: unknown }
  return [name, displayName, number].find((text) => typeof text === "string") as string | undefined
}

const candidate = <E extends Entity.Any>(
  entity: string,
  held: Held<E>,
  matchedBy: ReadonlyArray<string>,
): Candidate => {
  const label = labelOf(held.record)
  const isOurs = held.carried !== undefined && Identity.isOurs(entity, held.carried)
  const key = isOurs ? Identity.decode(entity, held.carried ?? "") : undefined
  return {
    id: held.id,
    ...(label === undefined ? {} : { label }),
    ...(key === undefined ? {} : { key }),
    matchedBy: [...matchedBy],
  }
}

const ambiguous = (entity: string, message: string, candidates: ReadonlyArray<Candidate>) =>
  Effect.fail(error(entity, new Ambiguous({ message, candidates: [...candidates] })))

/** All records that carry one of these keys, asked for together. */
export const carrying = <E extends Entity.Any>(adopting: Adopting<E>, keys: ReadonlyArray<string>) => {
  const texts = keys.flatMap((key) => textOf(adopting, key) ?? [])
  return texts.length === 0 ? Effect.succeed([]) : adopting.form.carrying(texts)
}

const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase()

const isFree = (carried: string | undefined): boolean => carried === undefined || carried === ""

/** A record with the key that it shall carry: written only into a field that is free. */
const targetOf = <E extends Entity.Any>(adopting: Adopting<E>, held: Held<E>, key: string | undefined): Target<E> => {
  const carry = isFree(held.carried) ? textOf(adopting, key) : undefined
  return { held, ...(carry === undefined ? {} : { carry }) }
}

interface Match<E extends Entity.Any> {
  readonly held: Held<E>
  readonly by: Array<string>
}

const naturalMatches = <E extends Entity.Any>({ form }: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const matches = new Map<string, Match<E>>()
    for (const field of item.adoptBy ?? []) {
      const value = (item.fields as { readonly [name: string]: unknown })[field]
      const condition = value === undefined ? undefined : form.writer.natural[field]?.(value)
      if (condition === undefined) continue
      for (const held of yield* form.natural(condition)) {
        const known = matches.get(held.id)
        if (known === undefined) matches.set(held.id, { held, by: [field] })
        else if (!known.by.includes(field)) known.by.push(field)
      }
    }
    return [...matches.values()]
  })

/** Adopts the one match whose field for our key is free. */
const adopt = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const entity = adopting.form.entity.name
    const matches = yield* naturalMatches(adopting, item)
    const [only] = matches
    if (only === undefined) return Option.none<Target<E>>()
    const candidates = matches.map(({ by, held }) => candidate(entity, held, by))
    if (matches.length > 1) {
      const message = `several records match ${(item.adoptBy ?? []).join(", ")}; link one of them by its id`
      return yield* ambiguous(entity, message, candidates)
    }
    const { carried } = only.held
    if (!isFree(carried) && !same(carried, textOf(adopting, item.key))) {
      const whose = Identity.isOurs(entity, carried ?? "") ? "another key of ours" : "an external id of somebody else"
      return yield* ambiguous(entity, `the record that matches already carries ${whose}`, candidates)
    }
    return Option.some(targetOf(adopting, only.held, item.key))
  })

/** The record that an item means; `carried` are all records that carry one of the keys at hand. */
export const locate = <E extends Entity.Any>(
  adopting: Adopting<E>,
  item: Item<E>,
  carried: ReadonlyArray<Held<E>>,
): Effect.Effect<Target<E>, ConnectorError> =>
  Effect.gen(function* () {
    const entity = adopting.form.entity.name
    const text = textOf(adopting, item.key)
    if (item.id !== undefined) {
      const found = yield* adopting.form.byId(item.id)
      if (Option.isSome(found)) return targetOf(adopting, found.value, item.key)
      const message = "the record that the link names is not there any more"
      return yield* Effect.fail(error(entity, new NotFound({ message, entity, id: item.id })))
    }
    const ours = carried.filter((held) => same(held.carried, text))
    const [first] = ours
    if (ours.length > 1) {
      const candidates = ours.map((held) => candidate(entity, held, ["key"]))
      return yield* ambiguous(entity, `${ours.length} records carry the same key of ours`, candidates)
    }
    if (first !== undefined) return { held: first }
    const adopted = yield* adopt(adopting, item)
    return Option.getOrElse(adopted, (): Target<E> => (text === undefined ? {} : { carry: text }))
  })
