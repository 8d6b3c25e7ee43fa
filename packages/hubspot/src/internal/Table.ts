/**
 * Which record a key of ours means, where HubSpot has no place for it: a table in the state store, both ways. A create
 * that is about to be sent is noted before, since after a lost answer nothing else would tell that it was sent at all.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ObjectType } from "./Mapping.ts"
import * as Records from "./Records.ts"
import * as Session from "./Session.ts"

type Keeper = Pick<Session.Session, "scope" | "store">

const PENDING = "?"

const ofKey = (keeper: Keeper, type: ObjectType, key: string) => Session.setting(keeper, `id|${type}|${key}`)
const ofId = (keeper: Keeper, type: ObjectType, id: string) => Session.setting(keeper, `key|${type}|${id}`)

const entry = (keeper: Keeper, type: ObjectType, key: string) =>
  Effect.map(keeper.store.setting(ofKey(keeper, type, key)), (found) => Option.getOrElse(found, () => ""))

/** The record of a key, by the id that it had when it was last written. */
export const idOf = (keeper: Keeper, type: ObjectType, key: string) =>
  Effect.map(entry(keeper, type, key), (text) => (text === "" || text.startsWith(PENDING) ? undefined : text))

/** When a create of this key was sent of which nobody knows what became, in milliseconds since the epoch. */
export const pendingSince = (keeper: Keeper, type: ObjectType, key: string) =>
  Effect.map(entry(keeper, type, key), (text) => (text.startsWith(PENDING) ? Number(text.slice(1)) : undefined))

/** The keys that a record is known by; several after a merge. */
export const keysOf = Effect.fnUntraced(function* (keeper: Keeper, type: ObjectType, record: Records.Raw) {
  const keys: Array<string> = []
  for (const id of [record.id, ...Records.mergedInto(record)]) {
    const key = yield* keeper.store.setting(ofId(keeper, type, id))
    if (Option.isSome(key)) keys.push(key.value)
  }
  return keys
})

export const settle = (keeper: Keeper, type: ObjectType, key: string, id: string) =>
  Effect.andThen(
    keeper.store.putSetting(ofKey(keeper, type, key), id),
    keeper.store.putSetting(ofId(keeper, type, id), key),
  )

/** Creates of these keys are about to be sent. */
export const announce = (keeper: Keeper, type: ObjectType, keys: ReadonlyArray<string>, now: number) =>
  Effect.forEach(keys, (key) => keeper.store.putSetting(ofKey(keeper, type, key), `${PENDING}${now}`), {
    discard: true,
  })

/** They were refused, so that nothing was made. */
export const withdraw = (keeper: Keeper, type: ObjectType, keys: ReadonlyArray<string>) =>
  Effect.forEach(keys, (key) => keeper.store.putSetting(ofKey(keeper, type, key), ""), { discard: true })
