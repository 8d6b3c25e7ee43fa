/**
 * Lists of the account that records point into by id, and people know by code: currencies and terms. Small, read once, and
 * again when an id comes up that was not there.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import * as Limits from "../Limits.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import type { Records, Row } from "./Records.ts"

export interface Term {
  readonly id: string
  readonly code: string
  readonly days: number | undefined
}

export interface Codes {
  /** ISO code of a currency by its id. */
  readonly currency: (id: string) => string | undefined
  readonly currencyId: (code: string) => string | undefined
  /** The company's own, where the account tells of one only. */
  readonly base: string | undefined
  readonly term: (id: string) => Term | undefined
  readonly termOf: (code: string) => Term | undefined
}

export interface CodeBook {
  /** The lists as they were read; read anew when one of these ids is not in them. */
  readonly covering: (ids: {
    readonly currencies?: ReadonlyArray<string>
    readonly terms?: ReadonlyArray<string>
  }) => Effect.Effect<Codes, ConnectorError>
}

/** An id that nobody knows is not asked for again at every page. */
const AGAIN_MILLIS = 60_000

const CURRENCY = /^[A-Z]{3}$/

const codesOf = (currencies: ReadonlyArray<Row>, terms: ReadonlyArray<Row>): Codes => {
  const symbols = new Map<string, string>()
  for (const { id, symbol } of currencies)
    if (id && symbol && CURRENCY.test(symbol.toUpperCase())) symbols.set(id, symbol.toUpperCase())
  const known = terms.flatMap(({ daysuntilnetdue, id, name }): ReadonlyArray<Term> => {
    const days = daysuntilnetdue === undefined || daysuntilnetdue === null ? Number.NaN : Number(daysuntilnetdue)
    return id && name ? [{ id, code: name, days: Number.isInteger(days) ? days : undefined }] : []
  })
  const bases = currencies.filter(({ isbasecurrency }) => isbasecurrency === "T")
  return {
    currency: (id) => symbols.get(id),
    currencyId: (code) => [...symbols].find(([, symbol]) => symbol === code)?.[0],
    base: bases.length === 1 ? symbols.get(bases[0]?.["id"] ?? "") : undefined,
    term: (id) => known.find((term) => term.id === id),
    termOf: (code) => known.find((term) => term.code === code),
  }
}

const LISTS = {
  currency: ["id", "symbol", "isbasecurrency"],
  term: ["id", "name", "daysuntilnetdue"],
} as const

export const make = (records: Records): CodeBook => {
  const turn = Semaphore.makeUnsafe(1)
  let held: { readonly codes: Codes; readonly readAt: number } | undefined

  /** An account with one currency has no list of them, and a role may not see the terms. */
  const list = (table: keyof typeof LISTS): Effect.Effect<ReadonlyArray<Row>, ConnectorError> => {
    const from = Tables.SIDE[table].table
    const question = Query.select({ columns: LISTS[table].map((name) => Query.plain(name)), from, orderBy: ["id"] })
    return records.query(question, { limit: Limits.PAGE_SIZE }).pipe(
      Effect.map(({ rows }) => rows),
      Effect.catch((error) =>
        error.reason._tag === "Forbidden" || error.reason._tag === "Unsupported"
          ? Effect.succeed([])
          : Effect.fail(error),
      ),
    )
  }

  const read = Effect.gen(function* () {
    const codes = codesOf(yield* list("currency"), yield* list("term"))
    held = { codes, readAt: yield* Clock.currentTimeMillis }
    return codes
  })

  return {
    covering: ({ currencies = [], terms = [] }) =>
      turn.withPermits(1)(
        Effect.gen(function* () {
          if (held === undefined) return yield* read
          const { codes, readAt } = held
          const lacks = currencies.some((id) => codes.currency(id) === undefined)
          const lacksTerm = terms.some((id) => codes.term(id) === undefined)
          const isOld = (yield* Clock.currentTimeMillis) - readAt >= AGAIN_MILLIS
          return (lacks || lacksTerm) && isOld ? yield* read : codes
        }),
      ),
  }
}
