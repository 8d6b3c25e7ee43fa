/**
 * Which record a write means. A linked id beats the key, the key beats natural keys. A match by natural keys is adopted
 * only when it is the only one and the field of our key is free: what somebody else keeps there is not overwritten.
 */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Ambiguous, type Candidate, ConnectorError, NotFound, type Reason } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
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
  { form, settings }: Adopting<E>,
  held: Held<E>,
  matchedBy: ReadonlyArray<string>,
): Candidate => {
  const label = labelOf(held.record)
  const [entity, carried = ""] = [form.entity.name, held.carried]
  const key = Identity.isOurs(settings, entity, carried) ? Identity.decode(settings, entity, carried) : undefined
  return {
    id: held.id,
    ...(label === undefined ? {} : { label }),
    ...(key === undefined ? {} : { key }),
    matchedBy: [...matchedBy],
  }
}

const ambiguous = (entity: string, message: string, candidates: ReadonlyArray<Candidate>) =>
  Effect.fail(error(entity, new Ambiguous({ message, candidates: [...candidates] })))

const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase()

const isFree = (carried: string | undefined): boolean => carried === undefined || carried === ""

/** A record with the key that it shall carry: written only into a field that is free. */
const targetOf = <E extends Entity.Any>(adopting: Adopting<E>, held: Held<E>, key: string | undefined): Target<E> => {
  const carry = isFree(held.carried) ? textOf(adopting, key) : undefined
  return { held, ...(carry === undefined ? {} : { carry }) }
}

/** What was found of records that are to be written, asked for together. */
export interface Known<E extends Entity.Any> {
  readonly byId: ReadonlyMap<string, Held<E>>
  /** By what stands in the carrier, in small letters. */
  readonly byText: ReadonlyMap<string, ReadonlyArray<Held<E>>>
  /** By natural key, and its value in small letters. */
  readonly natural: ReadonlyMap<string, ReadonlyMap<string, ReadonlyArray<Held<E>>>>
}

const grouped = <E extends Entity.Any>(found: ReadonlyArray<Held<E>>, by: (held: Held<E>) => string | undefined) => {
  const groups = new Map<string, Array<Held<E>>>()
  for (const held of found) {
    const text = by(held)?.toLowerCase()
    if (text !== undefined) groups.set(text, [...(groups.get(text) ?? []), held])
  }
  return groups as ReadonlyMap<string, ReadonlyArray<Held<E>>>
}

const naturalOf = <E extends Entity.Any>(item: Item<E>, field: string): string | undefined => {
  const value = (item.fields as { readonly [name: string]: unknown })[field]
  return typeof value === "string" && value.trim() !== "" ? value.trim().toLowerCase() : undefined
}

/** All records that carry one of these keys. */
export const carrying = <E extends Entity.Any>(adopting: Adopting<E>, keys: ReadonlyArray<string>) => {
  const texts = keys.flatMap((key) => textOf(adopting, key) ?? [])
  const found = texts.length === 0 ? Effect.succeed([]) : adopting.form.carrying(texts)
  return Effect.map(found, (all) => grouped(all, ({ carried }) => carried))
}

/** Looks for what items may mean: by id, by key, and for what has neither, by the natural keys that may match. */
export const look = <E extends Entity.Any>(
  adopting: Adopting<E>,
  items: ReadonlyArray<Item<E>>,
): Effect.Effect<Known<E>, ConnectorError> =>
  Effect.gen(function* () {
    const { form } = adopting
    const linked = yield* form.byIds(items.flatMap(({ id }) => id ?? []))
    const unlinked = items.filter(({ id }) => id === undefined)
    const byText = yield* carrying(
      adopting,
      unlinked.flatMap(({ key }) => key ?? []),
    )
    const unknown = unlinked.filter(({ key }) => !byText.has(textOf(adopting, key)?.toLowerCase() ?? ""))
    const natural = new Map<string, ReadonlyMap<string, ReadonlyArray<Held<E>>>>()
    for (const [field, column] of Object.entries(form.writer.natural)) {
      const asking = unknown.filter(({ adoptBy }) => adoptBy?.some((each) => each === field))
      const values = asking.flatMap((item) => naturalOf(item, field) ?? [])
      const found = values.length === 0 ? [] : yield* form.having(column, values)
      natural.set(
        field,
        grouped(found, ({ wire }) => wire.reader.text(column)?.trim() ?? undefined),
      )
    }
    return { byId: new Map(linked.map((held) => [held.id, held])), byText, natural }
  })

interface Match<E extends Entity.Any> {
  readonly held: Held<E>
  readonly by: Array<string>
}

const naturalMatches = <E extends Entity.Any>(item: Item<E>, { natural }: Known<E>): ReadonlyArray<Match<E>> => {
  const matches = new Map<string, Match<E>>()
  for (const field of item.adoptBy ?? []) {
    const value = naturalOf(item, field)
    for (const held of value === undefined ? [] : (natural.get(field)?.get(value) ?? [])) {
      const known = matches.get(held.id)
      if (known === undefined) matches.set(held.id, { held, by: [field] })
      else if (!known.by.includes(field)) known.by.push(field)
    }
  }
  return [...matches.values()]
}

/** Adopts the one match whose field for our key is free; makes a record where there is none. */
const adopt = <E extends Entity.Any>(adopting: Adopting<E>, item: Item<E>, known: Known<E>) => {
  const entity = adopting.form.entity.name
  const text = textOf(adopting, item.key)
  const matches = naturalMatches(item, known)
  const [only] = matches
  if (only === undefined) return Effect.succeed<Target<E>>(text === undefined ? {} : { carry: text })
  const candidates = matches.map(({ by, held }) => candidate(adopting, held, by))
  if (matches.length > 1) {
    const message = `several records match ${(item.adoptBy ?? []).join(", ")}; link one of them by its id`
    return ambiguous(entity, message, candidates)
  }
  const { carried } = only.held
  if (!isFree(carried) && !same(carried, text)) {
    const whose = Identity.isOurs(adopting.settings, entity, carried ?? "")
      ? "another key of ours"
      : "an external id of somebody else"
    return ambiguous(entity, `the record that matches already carries ${whose}`, candidates)
  }
  return Effect.succeed(targetOf(adopting, only.held, item.key))
}

/** The record that an item means, of what was found. */
export const locate = <E extends Entity.Any>(
  adopting: Adopting<E>,
  item: Item<E>,
  known: Known<E>,
): Effect.Effect<Target<E>, ConnectorError> => {
  const entity = adopting.form.entity.name
  if (item.id !== undefined) {
    const held = known.byId.get(item.id)
    if (held !== undefined) return Effect.succeed(targetOf(adopting, held, item.key))
    const message = "the record that the link names is not there any more"
    return Effect.fail(error(entity, new NotFound({ message, entity, id: item.id })))
  }
  const ours = known.byText.get(textOf(adopting, item.key)?.toLowerCase() ?? "") ?? []
  const [first] = ours
  if (ours.length > 1) {
    const candidates = ours.map((held) => candidate(adopting, held, ["key"]))
    return ambiguous(entity, `${ours.length} records carry the same key of ours`, candidates)
  }
  return first === undefined ? adopt(adopting, item, known) : Effect.succeed({ held: first })
}
