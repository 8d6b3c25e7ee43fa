/**
 * Makes rows of a list whole: their child tables, and what stands beside them in other doctypes. Lists show no tables, so
 * the rows of a table are asked for in one question for many documents. A document that is saved in between shows rows
 * that are newer than itself; it is read again as one.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CHILD_ROWS } from "../Limits.ts"
import type { Context } from "./Context.ts"
import { type AnyDocuments, type Doc, textOf } from "./Doc.ts"
import type { Mapping } from "./Mapping.ts"
import type { Selection } from "./selection.ts"

type Grouped = ReadonlyMap<string, ReadonlyArray<Doc>>

interface Table {
  readonly parent: string
  readonly field: string
  readonly doctype: string
  readonly columns: ReadonlyArray<string>
}

const grouped = (rows: ReadonlyArray<Doc>): Map<string, Array<Doc>> => {
  const found = new Map<string, Array<Doc>>()
  for (const row of rows) {
    const parent = textOf(row, "parent") ?? ""
    found.set(parent, [...(found.get(parent) ?? []), row])
  }
  return found
}

const ask = (documents: AnyDocuments, { columns, doctype, field, parent }: Table, names: ReadonlyArray<string>) =>
  documents.many(doctype, {
    fields: [...new Set(["name", "parent", "idx", "modified", ...columns])],
    parent,
    where: [
      ["parent", "in", names],
      ["parenttype", "=", parent],
      ["parentfield", "=", field],
    ],
    orderBy: [
      ["parent", "asc"],
      ["idx", "asc"],
    ],
    limit: CHILD_ROWS,
  })

/**
 * The rows of a table by document. Of an answer that is full the last document may lack rows, so it is asked for again with
 * the rest: a place in a count of rows would move when a document is saved. `huge` are those whose rows fill an answer.
 */
const tableOf = (
  documents: AnyDocuments,
  table: Table,
  names: ReadonlyArray<string>,
): Effect.Effect<{ readonly rows: Grouped; readonly huge: ReadonlyArray<string> }, ConnectorError> =>
  Effect.gen(function* () {
    const rows = new Map<string, ReadonlyArray<Doc>>()
    const huge: Array<string> = []
    let left = names
    while (left.length > 0) {
      const answer = yield* ask(documents, table, left)
      const found = grouped(answer)
      if (answer.length < CHILD_ROWS) {
        for (const [name, own] of found) rows.set(name, own)
        break
      }
      const last = textOf(answer.at(-1) as Doc, "parent") ?? ""
      found.delete(last)
      if (found.size === 0) huge.push(last)
      for (const [name, own] of found) rows.set(name, own)
      left = left.filter((name) => !found.has(name) && !huge.includes(name))
    }
    return { rows, huge }
  })

/** True when one of the rows was saved after the document was listed. */
const isTorn = (doc: Doc, rows: ReadonlyArray<Doc>): boolean => {
  const modified = textOf(doc, "modified") ?? ""
  return rows.some((row) => (textOf(row, "modified") ?? "") > modified)
}

/** The whole documents of the listed rows; one that went away meanwhile is left out. */
export const load = (
  context: Context,
  mapping: Pick<Mapping<never>, "doctype" | "tables" | "sides">,
  selection: Selection,
  listed: ReadonlyArray<Doc>,
): Effect.Effect<ReadonlyArray<Doc>, ConnectorError> =>
  Effect.gen(function* () {
    const names = listed.flatMap((doc) => textOf(doc, "name") ?? [])
    if (names.length === 0) return listed
    const again = new Set<string>()
    let docs: ReadonlyArray<Doc> = listed
    for (const [field, columns] of selection.tables) {
      const table = { parent: mapping.doctype, field, doctype: mapping.tables[field] ?? "", columns }
      const { huge, rows } = yield* tableOf(context.documents, table, names)
      for (const name of huge) again.add(name)
      docs = docs.map((doc) => {
        const name = textOf(doc, "name") ?? ""
        const own = rows.get(name) ?? []
        if (isTorn(doc, own)) again.add(name)
        return { ...doc, [field]: own }
      })
    }
    const whole = yield* Effect.forEach([...again], (name) => context.documents.get(mapping.doctype, name))
    const fresh = new Map(
      whole.flatMap((found) =>
        Option.isSome(found) ? [[textOf(found.value, "name") ?? "", found.value] as const] : [],
      ),
    )
    const complete = docs.flatMap((doc) => {
      const name = textOf(doc, "name") ?? ""
      const one = again.has(name) ? fresh.get(name) : doc
      return one === undefined ? [] : [one]
    })
    return yield* beside(context, mapping, selection, complete)
  })

/** Adds what stands in other doctypes. */
export const beside = (
  context: Context,
  mapping: Pick<Mapping<never>, "sides">,
  { sides }: Pick<Selection, "sides">,
  docs: ReadonlyArray<Doc>,
): Effect.Effect<ReadonlyArray<Doc>, ConnectorError> =>
  Effect.gen(function* () {
    const names = docs.flatMap((doc) => textOf(doc, "name") ?? [])
    let all = docs
    for (const name of sides) {
      const side = mapping.sides[name]
      if (side === undefined || names.length === 0) continue
      const found = yield* side(context, names)
      if (found === undefined) continue
      all = all.map((doc) => ({ ...doc, [name]: found.get(textOf(doc, "name") ?? "") ?? [] }))
    }
    return all
  })
