/**
 * Pages in the order of the id. An entity with one key is paged by it. Documents have two, a type and a number; the type
 * is a label whose order nobody promises, so they are paged type by type. Types that nobody thought of are found by
 * asking for what is of none of the known ones.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Wire } from "../Client.ts"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import { keys, type Resource } from "../Versions.ts"
import type { Codec } from "../Wrapping.ts"
import * as keyset from "./keyset.ts"
import * as rows from "./rows.ts"
import type { ScanQuestion } from "./source.ts"

export interface Paged<R extends Resource> {
  readonly codec: Codec
  readonly resource: R
  readonly condition: Filter.Filter | undefined
  readonly ask: (
    filter: Filter.Filter | undefined,
    top: number,
  ) => Effect.Effect<ReadonlyArray<Wire[R]>, ConnectorError>
  /** The types found for the last condition, so that a scan of many pages asks for them once. */
  readonly memo: { condition?: string; types?: ReadonlyArray<string> }
}

export interface Page<W> {
  readonly rows: ReadonlyArray<W>
  readonly upToId?: string
}

/** The types that most tenants have; others are discovered. Acumatica: AR document types; order types are a tenant's own. */
const COMMON: Readonly<Partial<Record<Resource, ReadonlyArray<string>>>> = {
  SalesOrder: ["SO"],
  SalesInvoice: ["Invoice", "Credit Memo"],
  Invoice: ["Invoice", "Credit Memo"],
  Payment: ["Payment"],
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byNumber = (a: string, b: string): number => Number(a) - Number(b)

const keyedBy = <R extends Resource>(
  paged: Paged<R>,
  field: string,
  fixed: Filter.Filter | undefined,
): keyset.Keyed<Wire[R]> => {
  const numeric = paged.resource === "Contact"
  const at = keys[paged.resource].length - 1
  return {
    operation: `acumatica.${paged.resource}.list`,
    field,
    literal: numeric ? (key) => key : Filter.text,
    keyOf: (wire) => rows.keyValues(paged.codec, paged.resource, wire)?.[at] ?? "",
    compare: numeric ? byNumber : byCodeUnit,
    ask: (condition, top) => paged.ask(Filter.all(paged.condition, fixed, condition), top),
  }
}

/** Keys of one field. */
const simple = <R extends Resource>(paged: Paged<R>, field: string, question: ScanQuestion) =>
  Effect.map(
    keyset.page(keyedBy(paged, field, undefined), {
      ...(question.afterId === undefined ? {} : { after: single(paged.resource, question.afterId) }),
      ...(question.upToId === undefined ? {} : { upTo: single(paged.resource, question.upToId) }),
      limit: question.limit,
    }),
    ({ rows: found, upTo }): Page<Wire[R]> => ({
      rows: found,
      ...(upTo === undefined || upTo === endOf(question) ? {} : { upToId: Keys.join([upTo]) }),
    }),
  )

const single = (resource: Resource, id: string): string => Keys.split(resource, id)?.[0] ?? id
const endOf = ({ upToId }: ScanQuestion): string | undefined =>
  upToId === undefined ? undefined : single("Customer", upToId)

/** All types that the condition has, in the order in which ids sort. */
const discover = <R extends Resource>(
  paged: Paged<R>,
  field: string,
): Effect.Effect<ReadonlyArray<string>, ConnectorError> =>
  Effect.gen(function* () {
    const condition = paged.condition ?? ""
    if (paged.memo.condition === condition && paged.memo.types !== undefined) return paged.memo.types
    const found = new Set(COMMON[paged.resource] ?? [])
    for (;;) {
      const others = [...found].map((type) => Filter.compare(field, "ne", Filter.text(type)))
      const [wire] = yield* paged.ask(Filter.all(paged.condition, ...others), 1)
      const type = wire === undefined ? undefined : rows.keyValues(paged.codec, paged.resource, wire)?.[0]
      if (type === undefined || found.has(type)) break
      found.add(type)
    }
    const types = [...found].sort(byCodeUnit)
    Object.assign(paged.memo, { condition, types })
    return types
  })

const typed = <R extends Resource>(
  paged: Paged<R>,
  question: ScanQuestion,
): Effect.Effect<Page<Wire[R]>, ConnectorError> =>
  Effect.gen(function* () {
    const [typeField = "", numberField = ""] = keys[paged.resource]
    const [afterType, afterNumber] =
      question.afterId === undefined ? [] : (Keys.split(paged.resource, question.afterId) ?? [])
    const [endType, endNumber] =
      question.upToId === undefined ? [] : (Keys.split(paged.resource, question.upToId) ?? [])
    const all = yield* discover(paged, typeField)
    const left = all.filter(
      (type) =>
        (afterType === undefined || byCodeUnit(type, afterType) >= 0) &&
        (endType === undefined || byCodeUnit(type, endType) <= 0),
    )
    const found: Array<Wire[R]> = []
    for (const type of left) {
      const page = yield* keyset.page(keyedBy(paged, numberField, Filter.equals(typeField, type)), {
        ...(type === afterType && afterNumber !== undefined ? { after: afterNumber } : {}),
        ...(type === endType && endNumber !== undefined ? { upTo: endNumber } : {}),
        limit: Math.max(1, question.limit - found.length),
      })
      found.push(...page.rows)
      const end = type === endType ? endNumber : undefined
      if (page.upTo !== undefined && page.upTo !== end) return { rows: found, upToId: Keys.join([type, page.upTo]) }
      const isLast = type === left.at(-1)
      if (!isLast && found.length >= question.limit) {
        const last = found.at(-1)
        const id = last === undefined ? undefined : rows.idOf(paged.codec, paged.resource, last)
        if (id !== undefined) return { rows: found, upToId: id }
      }
    }
    return { rows: found }
  })

/** One page of the records after an id. */
export const page = <R extends Resource>(
  paged: Paged<R>,
  question: ScanQuestion,
): Effect.Effect<Page<Wire[R]>, ConnectorError> => {
  const [first = "", second] = keys[paged.resource]
  return second === undefined ? simple(paged, first, question) : typed(paged, question)
}
