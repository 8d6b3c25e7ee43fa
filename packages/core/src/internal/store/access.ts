/** Reading and writing entries as JSON, and what goes wrong with that, in the words of the one error. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { Conflict, ConnectorError, Decode, Invalid, type Reason, shape, Unavailable } from "../../ConnectorError.ts"
import type { Entry, Op, StoreBackend } from "../../StoreBackend.ts"

export const storeError = (operation: string, reason: Reason): ConnectorError =>
  new ConnectorError({ system: "store", operation, reason })

export const conflict = (operation: string, message: string, expected: string, found: string): ConnectorError =>
  storeError(operation, new Conflict({ message, expected, found }))

export const put = (space: string, key: string, value: unknown): Op => ({
  _tag: "Put",
  space,
  key,
  value: JSON.stringify(value),
})
export const remove = (space: string, key: string): Op => ({ _tag: "Delete", space, key })
export const check = (space: string, key: string, value: string | undefined): Op => ({
  _tag: "Check",
  space,
  key,
  value: value ?? null,
})

/** Entries are written by this facade alone; one that is not JSON was damaged or written by something else. */
export const decode = <A>(space: string, key: string, value: string): Effect.Effect<A, ConnectorError> =>
  Effect.try({
    try: () => JSON.parse(value) as A,
    catch: () =>
      storeError(
        "read",
        new Decode({
          message: `entry of space ${space} is ${shape(value)} that is not JSON; restore the store from a backup`,
          issues: [{ path: [space, key], message: "not JSON" }],
        }),
      ),
  })

export const readOne = Effect.fnUntraced(function* (backend: StoreBackend, space: string, key: string) {
  return (yield* backend.get(space, [key])).get(key)
})

/** By the caller's own names: `keyOf` gives the entry's key of each item. */
export const readMany = Effect.fnUntraced(function* <I, A>(
  backend: StoreBackend,
  space: string,
  items: ReadonlyArray<I>,
  keyOf: (item: I) => string,
) {
  const found = new Map<I, A>()
  if (items.length === 0) return found
  const keys = items.map(keyOf)
  const entries = yield* backend.get(space, [...new Set(keys)])
  for (const [index, item] of items.entries()) {
    const key = keys[index] as string
    const value = entries.get(key)
    if (value !== undefined) found.set(item, yield* decode<A>(space, key, value))
  }
  return found
})

const PAGE = 1000

export const standsStill = (space: string, key: string) =>
  storeError(
    "scan",
    new Decode({
      message: `a scan of space ${space} does not get on; the backend does not order its keys by code unit`,
      issues: [{ path: [space, key], message: "came again" }],
    }),
  )

/** Everything below a prefix; for spaces that stay small. */
export const scanAll = Effect.fnUntraced(function* (backend: StoreBackend, space: string, prefix: string) {
  const all: Array<Entry> = []
  let after: string | undefined
  while (true) {
    const page = yield* backend.scan(space, { prefix, limit: PAGE, ...(after === undefined ? {} : { after }) })
    all.push(...page)
    const last = page.at(-1)?.key
    if (page.length < PAGE || last === undefined) return all
    if (after !== undefined && last <= after) return yield* standsStill(space, last)
    after = last
  }
})

const TRIES = 100
const PATIENT = 8
/** The longest pause between two attempts, in milliseconds. */
const PAUSE = 50

/**
 * Runs an attempt that reads, thinks and transacts until what it read still stands when it writes. Others who write at
 * the same time make it begin again; after some attempts it steps aside for a few milliseconds each time.
 */
export const untilApplied = Effect.fnUntraced(function* (
  operation: string,
  attempt: Effect.Effect<boolean, ConnectorError>,
) {
  for (let tries = 0; tries < TRIES; tries++) {
    if (yield* attempt) return
    if (tries >= PATIENT) yield* Effect.sleep(yield* Random.nextIntBetween(1, Math.min(tries, PAUSE)))
  }
  return yield* storeError(
    operation,
    new Unavailable({ message: `other writers were ahead ${TRIES} times in a row; try again` }),
  )
})

export const positive = (operation: string, limit: number): Effect.Effect<void, ConnectorError> =>
  Number.isInteger(limit) && limit > 0
    ? Effect.void
    : Effect.fail(
        storeError(
          operation,
          new Invalid({
            message: "limit must be a whole number above 0",
            issues: [{ path: ["limit"], message: `found ${Number.isInteger(limit) ? String(limit) : shape(limit)}` }],
          }),
        ),
      )
