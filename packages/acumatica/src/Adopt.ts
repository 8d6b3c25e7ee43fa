/**
 * Which record a write means. A linked id beats the key, the key beats natural keys. A match by natural keys is adopted
 * only when it is the only one and its reference field is free: what somebody else keeps there is not overwritten.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Ambiguous, type Candidate, ConnectorError, NotFound, type Reason } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Identity from "./Identity.ts"
import type { Form, Held } from "./internal/Form.ts"
import type { Settings } from "./Settings.ts"

export interface Target<E extends Entity.Any> {
  readonly form: Form<E>
  /** Absent: it has to be created. */
  readonly held?: Held<E>
  /** What to write into the carrier; absent when it stands there already, or when there is no key or no carrier. */
  readonly carry?: string
}

type Item<E extends Entity.Any> = BatchUpsert.Item<E>

/** The text of a key in the carrier of a form. */
export const textOf = (settings: Settings, form: Form<Entity.Any>, key: string | undefined): string | undefined => {
  const identity = Identity.of(settings, form.resource)
  if (key === undefined || identity === undefined) return undefined
  return ExternalKey.encode(key, identity)
}

const error = (entity: string, reason: Reason): ConnectorError =>
  new ConnectorError({ system: "acumatica", operation: `acumatica.${entity}.upsert`, reason })

const labelOf = (record: object): string | undefined => {
  const { displayName, name, number } = record as { readonly [field: string]: unknown }
  return [name, displayName, number].find((text) => typeof text === "string") as string | undefined
}

const candidate = (held: Held<Entity.Any>, matchedBy: ReadonlyArray<string>): Candidate => {
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

export interface Adopting<E extends Entity.Any> {
  readonly entity: E
  readonly settings: Settings
  readonly forms: ReadonlyArray<Form<E>>
  /** The form that a new record is made on. */
  readonly formFor: (patch: Entity.Patch<E>) => Form<E>
  /** The id that the caller chooses for a new record, where the entity is named by its own key. */
  readonly clientId?: (item: Item<E>) => string | undefined
}

const bare = <E extends Entity.Any>(adopting: Adopting<E>): Adopting<Entity.Any>["forms"] =>
  adopting.forms as unknown as ReadonlyArray<Form<Entity.Any>>

/** All records that carry one of these keys, asked for together. */
export const carrying = <E extends Entity.Any>(adopting: Adopting<E>, keys: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(adopting.forms, (form, index) => {
      const texts = keys.flatMap(
        (key) => textOf(adopting.settings, bare(adopting)[index] as Form<Entity.Any>, key) ?? [],
      )
      return form.carrier === undefined || texts.length === 0
        ? Effect.succeed([])
        : Effect.map(form.carrying(texts), (found) => found.map((held) => ({ form, held })))
    }),
    (found) => found.flat(),
  )

type Carried<E extends Entity.Any> = { readonly form: Form<E>; readonly held: Held<E> }

const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase()

/** The form and record of an id. */
export const byId = <E extends Entity.Any>(adopting: Adopting<E>, id: string) =>
  Effect.gen(function* () {
    for (const form of adopting.forms) {
      const found = yield* form.byId(id)
      if (Option.isSome(found)) return Option.some<Carried<E>>({ form, held: found.value })
    }
    return Option.none<Carried<E>>()
  })

/** A record with the key that it shall carry: written only into a field that is free. */
const targetOf = <E extends Entity.Any>(
  settings: Settings,
  { form, held }: Carried<E>,
  key: string | undefined,
): Target<E> => {
  const text = textOf(settings, form as unknown as Form<Entity.Any>, key)
  const free = held.carried === undefined || held.carried === ""
  const carry = form.carrier !== undefined && free ? text : undefined
  return { form, held, ...(carry === undefined ? {} : { carry }) }
}

interface Match<E extends Entity.Any> extends Carried<E> {
  readonly by: Array<string>
}

const naturalMatches = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const matches = new Map<string, Match<E>>()
    for (const field of item.adoptBy ?? []) {
      const value = (item.fields as { readonly [name: string]: unknown })[field]
      for (const form of adopting.forms) {
        const natural = value === undefined ? undefined : form.writer.natural[field]?.(value)
        if (natural === undefined) continue
        for (const held of yield* form.natural(natural)) {
          const known = matches.get(held.id)
          if (known === undefined) matches.set(held.id, { form, held, by: [field] })
          else if (!known.by.includes(field)) known.by.push(field)
        }
      }
    }
    return [...matches.values()]
  })

/** Adopts the one match whose reference field is free. */
const adopt = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>) =>
  Effect.gen(function* () {
    const { entity, settings } = adopting
    const matches = yield* naturalMatches(adopting, item)
    const [only] = matches
    if (only === undefined) return Option.none<Target<E>>()
    const candidates = matches.map((match) => candidate(match.held as unknown as Held<Entity.Any>, match.by))
    if (matches.length > 1) {
      const message = `${matches.length} records match ${(item.adoptBy ?? []).join(", ")}; link one of them by its id`
      return yield* ambiguous(entity.name, message, candidates)
    }
    const text = textOf(settings, only.form as unknown as Form<Entity.Any>, item.key)
    const { carried } = only.held
    const taken = carried !== undefined && carried !== "" && !same(carried, text)
    if (taken && only.form.carrier !== undefined) {
      const whose = Identity.isOurs(carried) ? "another key of ours" : "a reference of somebody else"
      return yield* ambiguous(entity.name, `the record that matches already carries ${whose}`, candidates)
    }
    return Option.some(targetOf(settings, only, item.key))
  })

const creation = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>): Target<E> => {
  const form = adopting.formFor(item.fields)
  const carry =
    form.carrier === undefined ? undefined : textOf(adopting.settings, form as unknown as Form<Entity.Any>, item.key)
  return { form, ...(carry === undefined ? {} : { carry }) }
}

/** The record that an item means; `carried` are all records that carry one of the keys at hand. */
export const locate = <E extends Entity.Any>(
  adopting: Adopting<E>,
  item: Item<E>,
  carried: ReadonlyArray<Carried<E>>,
): Effect.Effect<Target<E>, ConnectorError> =>
  Effect.gen(function* () {
    const { entity, settings } = adopting
    if (item.id !== undefined) {
      const found = yield* byId(adopting, item.id)
      if (Option.isSome(found)) return targetOf(settings, found.value, item.key)
      const message = "the record that the link names is not there any more"
      return yield* Effect.fail(error(entity.name, new NotFound({ message, entity: entity.name, id: item.id })))
    }
    const ours = carried.filter(({ form, held }) =>
      same(held.carried, textOf(settings, form as unknown as Form<Entity.Any>, item.key)),
    )
    const [first] = ours
    if (ours.length > 1) {
      const candidates = ours.map(({ held }) => candidate(held as unknown as Held<Entity.Any>, ["key"]))
      return yield* ambiguous(entity.name, `${ours.length} records carry the same key of ours`, candidates)
    }
    if (first !== undefined) return { form: first.form, held: first.held }
    const chosen = adopting.clientId?.(item)
    if (chosen !== undefined) {
      const found = yield* byId(adopting, chosen)
      if (Option.isSome(found)) return targetOf(settings, found.value, item.key)
    }
    const adopted = yield* adopt(adopting, item)
    return Option.getOrElse(adopted, () => creation(adopting, item))
  })
