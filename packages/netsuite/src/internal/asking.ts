/**
 * Asks a table. A column that the account does not have, or that the role may not see, fails the whole query: it is left
 * out, now and of later questions, and the fields that hang on it stay unknown. Ids and stamps are never left out.
 */

import { ConnectorError, Unsupported } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Errors from "../Errors.ts"
import * as Filter from "../Filter.ts"
import * as Limits from "../Limits.ts"
import * as Operations from "../Operations.ts"
import * as Query from "../Query.ts"
import * as Behind from "./behind.ts"
import type { Context } from "./Context.ts"
import type { Ask } from "./Mapping.ts"
import * as Reader from "./Reader.ts"
import type { Page } from "./Records.ts"

export interface Question {
  readonly from: string
  /** Never left out. */
  readonly keys: ReadonlyArray<Query.Column>
  /** Left out where the account does not have them. */
  readonly columns: ReadonlyArray<Query.Column>
  readonly where: Filter.Filter | undefined
  readonly orderBy: ReadonlyArray<Query.Order>
  readonly limit: number
}

export interface Answer extends Page {
  /** The columns that were answered, by their alias. */
  readonly asked: ReadonlySet<string>
}

/** A column is asked for once, whatever asked for it. */
const distinct = (columns: ReadonlyArray<Query.Column>): ReadonlyArray<Query.Column> => [
  ...new Map(columns.map((column) => [column.alias, column])).values(),
]

/** NetSuite answers some unknown columns as a fault of its own. */
const isBroken = ({ reason }: ConnectorError): boolean => reason._tag === "Unavailable" && reason.status === 500

/** One page. */
export const page = (context: Context, question: Question): Effect.Effect<Answer, ConnectorError> => {
  const { from, keys, limit, orderBy, where } = question
  const optional = distinct(question.columns).filter(({ name }) => !keys.some((key) => key.name === name))
  /** A column that is left out is not ordered by either. */
  const select = (columns: ReadonlyArray<Query.Column>): Query.Query =>
    Query.select({
      columns: [...keys, ...columns],
      from,
      where,
      orderBy: orderBy.filter(
        (order) => columns.some(({ name }) => name === order) || !optional.some(({ name }) => name === order),
      ),
    })

  const ask = (columns: ReadonlyArray<Query.Column>): Effect.Effect<Answer, ConnectorError> => {
    const all = [...keys, ...columns]
    const query = select(columns)
    return context.records.query(query, { limit }).pipe(
      Effect.map((found): Answer => ({ ...found, asked: new Set(all.map(({ alias }) => alias)) })),
      Effect.catch((error) => {
        const name = Errors.missingColumn(error.reason)
        if (name !== undefined && columns.some((column) => column.name === name)) return leaveOut([name], columns)
        if (!isBroken(error) || columns.length === 0) return Effect.fail(error)
        return Effect.flatMap(breaking(columns), (names) =>
          names.length === 0 ? Effect.fail(error) : leaveOut(names, columns),
        )
      }),
    )
  }

  const leaveOut = (names: ReadonlyArray<string>, columns: ReadonlyArray<Query.Column>) => {
    for (const name of names) context.lacking.add(from, name)
    return ask(columns.filter((column) => !names.includes(column.name)))
  }

  /** The columns on which a query breaks, tried one by one, if it holds without them all. */
  const breaking = (columns: ReadonlyArray<Query.Column>): Effect.Effect<ReadonlyArray<string>, ConnectorError> => {
    const holds = (column?: Query.Column) => {
      const query = select(column === undefined ? [] : [column])
      return Effect.catch(Effect.as(context.records.query(query, { limit: 1 }), true), (error) =>
        isBroken(error) || Errors.missingColumn(error.reason) === column?.name
          ? Effect.succeed(false)
          : Effect.fail(error),
      )
    }
    return Effect.flatMap(holds(), (isSound) =>
      isSound
        ? Effect.map(
            Effect.filter(columns, (column) => Effect.map(holds(column), (fine) => !fine)),
            (broken) => broken.map(({ name }) => name),
          )
        : Effect.succeed([]),
    )
  }
  return Effect.suspend(() => ask(optional.filter(({ name }) => !context.lacking.has(from, name))))
}

const beyond = (from: string) =>
  new ConnectorError({
    system: "netsuite",
    operation: Operations.services.suiteql.name,
    reason: new Unsupported({
      message: `more rows of ${from} belong to one record than a page holds, and their keys are no numbers`,
      feature: "rows",
      mend: "give the role the right to see its columns",
    }),
  })

/** Every row of a question, in pages that each begin behind the last whole record of the one before. */
export const every =
  (context: Context): Ask =>
  ({ columns, from, loose = [], orderBy, where }) =>
    Effect.gen(function* () {
      const found: Array<Reader.Reader> = []
      const [record = ""] = orderBy
      const isKey = ({ name }: Query.Column) => orderBy.includes(name) && !loose.includes(name)
      const [keys, rest] = [columns.filter(isKey), columns.filter((column) => !isKey(column))]
      let place: Filter.Filter | undefined
      for (;;) {
        const condition = Filter.all(where, place)
        const question = { from, keys, columns: rest, where: condition, orderBy, limit: Limits.PAGE_SIZE }
        const { asked, more, rows } = yield* page(context, question)
        const whole = more ? Behind.wholeOf(rows, record) : rows
        for (const row of whole) found.push(Reader.make(row, asked))
        if (!more) return found
        const isCut = whole.length < rows.length
        place = Behind.behind(isCut ? [record] : orderBy.filter((key) => asked.has(key)), whole.at(-1) ?? {})
        if (place === undefined) return yield* Effect.fail(beyond(from))
      }
    })

/** Cuts what an `IN` takes; a question without any values is not asked. */
export const chunks = <A>(values: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size))
