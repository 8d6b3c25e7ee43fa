/** Lists: joins, conditions, order, groups, pages. */
import * as Json from "@mortise/core/Json"
import * as Amount from "../Amount.ts"
import type { Value } from "../Doc.ts"
import { databaseError, missing, Refusal } from "../Errors.ts"
import { kindOf, type Shape } from "../Meta.ts"
import * as Permissions from "../Permissions.ts"
import * as Render from "../Render.ts"
import type { Site } from "../Site.ts"
import type { Table } from "../Store.ts"
import { type Aggregate, type Column, columns as columnsOf, isAggregate, type Reference, reference } from "./Columns.ts"
import { type Condition, type Group, group } from "./Conditions.ts"
import { childOf, held, type Joined, join, sources } from "./Joins.ts"
import * as Match from "./Match.ts"

export interface Question {
  readonly doctype: string
  readonly fields?: ReadonlyArray<unknown>
  readonly filters?: unknown
  readonly orFilters?: unknown
  readonly orderBy?: string
  readonly groupBy?: string
  readonly start?: number
  /** Rows of a page; 0 is all of them, unless the caller makes nothing of it. */
  readonly length?: number
  /** The parent's doctype, without which a child doctype is not listed. */
  readonly parent?: string
  readonly asDict?: boolean
}

const meets = (site: Site, shape: Shape, at: Joined, given: Group): boolean => {
  if ("all" in given) return given.all.every((one) => meets(site, shape, at, one))
  if ("any" in given) return given.any.some((one) => meets(site, shape, at, one))
  return Match.matches(site, given, held(site, at, given.on), shape.name)
}

const conditionsOf = (groups: ReadonlyArray<Group>): ReadonlyArray<Condition> =>
  groups.flatMap((one) => ("all" in one ? conditionsOf(one.all) : "any" in one ? conditionsOf(one.any) : [one]))

interface Sort {
  readonly on: Reference
  readonly way: 1 | -1
}

/** Without a direction the new engine sorts downwards in v2, everything else upwards. */
const sorts = (site: Site, shape: Shape, written: string | undefined): ReadonlyArray<Sort> => {
  if (written === undefined || written.trim() === "") return []
  const otherwise = site.release.query === "new" && site.api === 2 ? "desc" : "asc"
  return written.split(",").map((part) => {
    const [, name = "", way = otherwise] = /^\s*(.+?)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? []
    const on = reference(site, shape, name)
    if (on === undefined) throw databaseError(1054, `Unknown column '${name}' in 'ORDER BY'`)
    return { on, way: way.toLowerCase() === "desc" ? -1 : 1 }
  })
}

const scramble = (salt: number, name: string): number => {
  let hash = salt | 0
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x5bd1e995) ^ (hash >>> 13)
  return hash
}

const unordered = (site: Site, list: ReadonlyArray<Joined>): ReadonlyArray<Joined> => {
  const name = (at: Joined) => String(at.own["name"] ?? "")
  if (site.knobs.listOrder === "name")
    return [...list].sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0))
  const places = new Map(list.map((at) => [at, scramble(site.seed, name(at))]))
  return [...list].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
}

const ordered = (site: Site, list: ReadonlyArray<Joined>, by: ReadonlyArray<Sort>): ReadonlyArray<Joined> =>
  by.length === 0
    ? unordered(site, list)
    : [...list].sort((a, b) => {
        for (const { on, way } of by) {
          const found = Match.order(site, on.field, held(site, a, on), held(site, b, on))
          if (found !== 0) return found * way
        }
        return 0
      })

/** Averages and sums of nothing are nothing. */
const aggregated = (site: Site, { call, of }: Aggregate, rows: ReadonlyArray<Joined>): unknown => {
  const values =
    of === undefined ? rows.map(() => "1") : rows.map((row) => held(site, row, of)).filter((one) => one !== null)
  if (call === "count") return values.length
  if (values.length === 0 || of === undefined) return null
  if (call === "min" || call === "max") {
    const sorted = [...values].sort((a, b) => Match.order(site, of.field, a, b))
    return Render.value(of.field, call === "min" ? sorted[0] : sorted.at(-1))
  }
  const total = Amount.sum(...values.map(String))
  const text = Amount.written(call === "sum" ? total : Amount.round(Amount.divide(total, String(values.length)), 9))
  return new Json.JsonNumber({ text })
}

const shownIn = (site: Site, columns: ReadonlyArray<Column>, rows: ReadonlyArray<Joined>): Record<string, unknown> => {
  const [first] = rows
  return Object.fromEntries(
    columns.map(({ as, source }) => [
      as,
      isAggregate(source)
        ? aggregated(site, source, rows)
        : first === undefined
          ? null
          : shown(source, held(site, first, source)),
    ]),
  )
}

/** A join that found nothing gives null even for a number. */
const shown = (on: Reference, value: Value): unknown =>
  value === null && on.kind !== "own" && kindOf(on.field) !== "text" ? null : Render.value(on.field, value ?? undefined)

const grouped = (
  site: Site,
  shape: Shape,
  by: string | undefined,
  rows: ReadonlyArray<Joined>,
): ReadonlyArray<ReadonlyArray<Joined>> => {
  if (by === undefined) return [rows]
  const on = by.split(",").map((name) => reference(site, shape, name))
  if (on.includes(undefined)) throw databaseError(1054, `Unknown column '${by}' in 'GROUP BY'`)
  const groups = new Map<string, Array<Joined>>()
  for (const row of rows) {
    const key = JSON.stringify(on.map((one) => (one === undefined ? null : held(site, row, one))))
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

const MOVING = /^(timespan|previous|next)$| of/

/** Whether a list depends on its own table alone, and not on other tables or on what day it is. */
const isLasting = (groups: ReadonlyArray<Group>, by: ReadonlyArray<Sort>): boolean =>
  conditionsOf(groups).every(({ on, operator }) => on.kind !== "linked" && !MOVING.test(operator)) &&
  by.every(({ on }) => on.kind !== "linked")

interface Remembered {
  readonly key: string
  readonly table: Table
  readonly revision: number
  readonly list: ReadonlyArray<Joined>
}

/** The last lists that were read, good until a table changes: pages of one list are cut from one sorting. */
export class Queries {
  private remembered: Array<Remembered> = []

  run(site: Site, question: Question): ReadonlyArray<unknown> {
    const shape = site.shape(question.doctype)
    if (shape === undefined) throw missing("DocType", question.doctype)
    permit(site, shape, question.parent)
    const columns = columnsOf(site, shape, question.fields ?? ["name"])
    const where = group(site, shape, question.filters)
    const either = site.release.query === "new" && site.api === 2 ? [] : group(site, shape, question.orFilters)
    const by = sorts(site, shape, question.orderBy)
    const children = [
      ...new Set([
        ...conditionsOf([...where, ...either]).flatMap(({ on }) => childOf(on)),
        ...columns.flatMap(({ source }) => childOf(isAggregate(source) ? source.of : source)),
        ...by.flatMap(({ on }) => childOf(on)),
      ]),
    ]
    const lasting = isLasting([...where, ...either], by)
    const list = this.recall(site, shape, question, children, lasting, () => {
      const found: Array<Joined> = []
      for (const doc of sources(site, shape, question.parent)) {
        for (const at of join(shape, doc, children)) {
          const fits = where.every((one) => meets(site, shape, at, one))
          if (fits && (either.length === 0 || either.some((one) => meets(site, shape, at, one)))) found.push(at)
        }
      }
      return ordered(site, found, by)
    })
    const groups = columns.some(({ source }) => isAggregate(source)) || question.groupBy !== undefined
    const start = question.start ?? 0
    const end = question.length === undefined || question.length === 0 ? undefined : start + question.length
    const rows = groups
      ? grouped(site, shape, question.groupBy, list)
          .slice(start, end)
          .map((each) => shownIn(site, columns, each))
      : list.slice(start, end).map((each) => shownIn(site, columns, [each]))
    return question.asDict === false ? rows.map((row) => Object.values(row)) : rows
  }

  /** How many rows a list has in all. */
  count(site: Site, doctype: string, filters: unknown): number {
    const [row] = this.run(site, { doctype, filters, fields: ["name"], length: 1 })
    return row === undefined ? 0 : this.run(site, { doctype, filters, fields: ["name"], length: 0 }).length
  }

  private recall(
    site: Site,
    shape: Shape,
    { doctype, filters, orFilters, orderBy, parent }: Question,
    children: ReadonlyArray<string>,
    lasting: boolean,
    compute: () => ReadonlyArray<Joined>,
  ): ReadonlyArray<Joined> {
    const table = site.store.table(shape.doctype.istable === 1 ? (parent ?? "") : doctype)
    const { revision } = table
    const key = Json.stringify([
      doctype,
      filters,
      orFilters,
      orderBy,
      parent,
      children,
      site.knobs.listOrder,
      site.knobs.equality,
      site.api,
    ])
    const known = this.remembered.find((one) => one.table === table && one.key === key && one.revision === revision)
    if (known !== undefined && lasting) return known.list
    const list = compute()
    this.remembered = [{ key, table, revision, list }, ...this.remembered.filter((one) => one.key !== key)].slice(0, 4)
    return list
  }
}

const permit = (site: Site, shape: Shape, parent: string | undefined): void => {
  if (shape.doctype.istable !== 1) {
    Permissions.requireList(site, shape.name)
    return
  }
  const known = parent === "DocType" || site.meta.parentsOf(shape.name).includes(parent ?? "")
  if (!known) throw new Refusal(403, "PermissionError")
  Permissions.requireList(site, parent ?? "")
}
