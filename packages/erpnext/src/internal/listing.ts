/** Lists that are read to their end, or from a place in a key: a place in a count of rows would move while it is read. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Condition } from "../Conditions.ts"
import { CHILD_ROWS } from "../Limits.ts"
import { type AnyDocuments, type Doc, textOf } from "./Doc.ts"

export interface Question {
  readonly fields: ReadonlyArray<string>
  readonly where: ReadonlyArray<Condition>
  /** The parent doctype, for rows of a child doctype. */
  readonly parent?: string
}

/** All rows, in the order of their names. */
export const all = (
  documents: AnyDocuments,
  doctype: string,
  { fields, parent, where }: Question,
): Effect.Effect<ReadonlyArray<Doc>, ConnectorError> =>
  Effect.gen(function* () {
    const found: Array<Doc> = []
    let after: string | undefined
    for (;;) {
      const page: ReadonlyArray<Doc> = yield* documents.many(doctype, {
        fields: [...new Set(["name", ...fields])],
        where: after === undefined ? where : [...where, ["name", ">", after]],
        orderBy: [["name", "asc"]],
        limit: CHILD_ROWS,
        ...(parent === undefined ? {} : { parent }),
      })
      found.push(...page)
      const last = page.length < CHILD_ROWS ? undefined : textOf(page.at(-1) as Doc, "name")
      if (last === undefined) return found
      after = last
    }
  })

/** Where a list in the order of a field and the name stands. */
interface Place {
  readonly at: string
  readonly name: string
}

const parse = (next: string | undefined): Place | undefined =>
  next === undefined ? undefined : (JSON.parse(next) as Place)

export interface OrderedQuestion extends Question {
  /** The field of the order: a stamp, a day. */
  readonly by: string
  readonly limit: number
  readonly next?: string
}

export interface OrderedPage {
  readonly rows: ReadonlyArray<Doc>
  readonly next?: string
}

/** A page in the order of a field and the name: first what is left of the value where the last page ended, then the rest. */
export const ordered = (
  documents: AnyDocuments,
  doctype: string,
  { by, fields, limit, next, parent, where }: OrderedQuestion,
): Effect.Effect<OrderedPage, ConnectorError> =>
  Effect.gen(function* () {
    const place = parse(next)
    const ask = (more: ReadonlyArray<Condition>, orderBy: ReadonlyArray<readonly [string, "asc"]>) =>
      documents.many(doctype, {
        fields: [...new Set(["name", by, ...fields])],
        where: [...where, ...more],
        orderBy,
        limit,
        ...(parent === undefined ? {} : { parent }),
      })
    const left: ReadonlyArray<Doc> =
      place === undefined
        ? []
        : yield* ask(
            [
              [by, ">=", place.at],
              [by, "<=", place.at],
              ["name", ">", place.name],
            ],
            [["name", "asc"]],
          )
    const full = (rows: ReadonlyArray<Doc>): OrderedPage => {
      const last = rows.at(-1) as Doc
      return { rows, next: JSON.stringify({ at: textOf(last, by) ?? "", name: textOf(last, "name") ?? "" }) }
    }
    if (left.length >= limit) return full(left)
    const rest = yield* ask(place === undefined ? [] : [[by, ">", place.at]], [
      [by, "asc"],
      ["name", "asc"],
    ])
    const rows = [...left, ...rest]
    return rest.length >= limit ? full(rows) : { rows }
  })
