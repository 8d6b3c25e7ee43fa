/**
 * Which record a write means. A linked id beats the key, the key beats natural keys. A match by natural keys is adopted
 * only when it is the only one and its reference field is free: what somebody else keeps there is not overwritten.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import {
  Ambiguous,
  type Candidate,
  ConnectorError,
  NotFound,
  type Reason,
  Unsupported,
} from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Identity from "./Identity.ts"
import type { Form, Held } from "./internal/Form.ts"
import type { Settings } from "./Settings.ts"

export interface Adopting<E extends Entity.Any> {
  readonly entity: E
  readonly settings: Settings
  readonly form: Form<E>
  /** Why a record of this id is never written. */
  readonly refuses?: (id: string) => string | undefined
}

export interface Target<E extends Entity.Any> {
  /** Absent: it has to be created. */
  readonly held?: Held<E>
  /** What to write into the carrier; absent when it stands there already, or when there is no key. */
  readonly carry?: string
}

type Item<E extends Entity.Any> = BatchUpsert.Item<E>

/** The text of a key in the carrier of a form. */
export const textOf = <E extends Entity.Any>(
  { form, settings }: Adopting<E>,
  key: string | undefined,
): string | undefined => {
  const identity = Identity.of(settings, form.resource)
  return key === undefined || identity === undefined ? undefined : ExternalKey.encode(key, identity)
}

const error = (entity: string, reason: Reason): ConnectorError =>
  new ConnectorError({ system: "dynamics", operation: `dynamics.${entity}.upsert`, reason })

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

/** All records that carry one of these keys, asked for together. */
export const carrying = <E extends Entity.Any>(adopting: Adopting<E>, keys: ReadonlyArray<string>) => {
  const texts = keys.flatMap((key) => textOf(adopting, key) ?? [])
  return texts.length === 0 ? Effect.succeed<ReadonlyArray<Held<E>>>([]) : adopting.form.carrying(texts)
}

/** The database folds case; what a star would have found is none of ours. */
export const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase()

/** A record with the key that it shall carry: written only into a field that is free. */
const targetOf = <E extends Entity.Any>(adopting: Adopting<E>, held: Held<E>, key: string | undefined): Target<E> => {
  const text = textOf(adopting, key)
  const free = held.carried === undefined || held.carried === ""
  return { held, ...(free && text !== undefined ? { carry: text } : {}) }
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
      const natural = value === undefined ? undefined : form.writer.natural[field]?.(value)
      if (natural === undefined) continue
      for (const held of yield* form.natural(natural)) {
        const known = matches.get(held.id)
        if (known === undefined) matches.set(held.id, { held, by: [field] })
        else if (!known.by.includes(field)) known.by.push(field)
      }
    }
    return [...matches.values()]
  })

/** Refused when the carrier holds what is not this key. */
const freeOrOurs = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>, { by, held }: Match<E>) => {
  const { carried } = held
  if (carried === undefined || carried === "" || same(carried, textOf(adopting, item.key)))
    return Effect.succeed(targetOf(adopting, held, item.key))
  const whose = Identity.isOurs(carried) ? "another key of ours" : "a reference of somebody else"
  const message = `the record that matches already carries ${whose}`
  return ambiguous(adopting.entity.name, message, [candidate(held, by)])
}

/** Adopts the one match whose reference field is free. */
const adopt = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const matches = yield* naturalMatches(adopting, item)
    const [only] = matches
    if (only === undefined) return Option.none<Target<E>>()
    if (matches.length > 1) {
      const message = `${matches.length} records match ${(item.adoptBy ?? []).join(", ")}; link one of them by its id`
      const candidates = matches.map(({ by, held }) => candidate(held, by))
      return yield* ambiguous(adopting.entity.name, message, candidates)
    }
    return Option.some(yield* freeOrOurs(adopting, item, only))
  })

/** The number that a new record is given by who makes it. */
export const numberOf = <E extends Entity.Any>({ form }: Adopting<E>, item: Item<E>): string | undefined =>
  form.writer.numberOf?.(item.fields, item.key)

/** Why the record of a link cannot be written. The vendor has one answer for a record that is gone and one of another company. */
const lost = <E extends Entity.Any>({ entity, form, refuses, settings }: Adopting<E>, id: string) =>
  Effect.gen(function* () {
    const never = refuses?.(id)
    if (never !== undefined) {
      const reason = new Unsupported({ message: never, feature: "postedDocument", mend: "correct it in the ERP" })
      return error(entity.name, reason)
    }
    const other = yield* form.elsewhere(id)
    const message =
      other === undefined
        ? "the record that the link names is not there any more"
        : `the record that the link names is of company ${other}, and not of ${settings.company}`
    return error(entity.name, new NotFound({ message, entity: entity.name, id }))
  })

/** The record that an item means; `carried` are all records that carry one of the keys at hand. */
export const locate = <E extends Entity.Any>(
  adopting: Adopting<E>,
  item: Item<E>,
  carried: ReadonlyArray<Held<E>>,
): Effect.Effect<Target<E>, ConnectorError> =>
  Effect.gen(function* () {
    const { entity, form } = adopting
    if (item.id !== undefined) {
      const found = yield* form.byId(item.id)
      return Option.isSome(found)
        ? targetOf(adopting, found.value, item.key)
        : yield* Effect.flatMap(lost(adopting, item.id), Effect.fail)
    }
    const text = textOf(adopting, item.key)
    const ours = carried.filter((held) => same(held.carried, text))
    const [first] = ours
    if (ours.length > 1) {
      const candidates = ours.map((held) => candidate(held, ["key"]))
      return yield* ambiguous(entity.name, `${ours.length} records carry the same key of ours`, candidates)
    }
    if (first !== undefined) return { held: first }
    const number = numberOf(adopting, item)
    const named = number === undefined ? Option.none<Held<E>>() : yield* form.byId(form.idOf(number))
    if (Option.isSome(named)) return yield* freeOrOurs(adopting, item, { held: named.value, by: ["number"] })
    const adopted = yield* adopt(adopting, item)
    return Option.getOrElse(adopted, (): Target<E> => (text === undefined ? {} : { carry: text }))
  })
