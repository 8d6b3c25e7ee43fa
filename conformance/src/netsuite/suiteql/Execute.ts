/** Runs a query that was read: joins, conditions, groups, order. */
import type { NetSuiteWorld } from "../World.ts"
import * as Zone from "../Zone.ts"
import * as Aggregate from "./Aggregate.ts"
import * as Compile from "./Compile.ts"
import { type Setting, textOf } from "./Functions.ts"
import { BadQuery } from "./Parser.ts"
import * as Syntax from "./Syntax.ts"
import type { Catalogue, Column, TableDef } from "./Tables.ts"
import { compare, keyOf, type Value } from "./Values.ts"

export interface Runtime {
  readonly world: NetSuiteWorld
  readonly catalogue: Catalogue
  readonly params: ReadonlyArray<Value>
  readonly setting: Setting
  /** Puts rows into an order that is nobody's. */
  readonly shuffle: <A>(rows: ReadonlyArray<A>) => ReadonlyArray<A>
  /** Refuses a table that the role may not read. */
  readonly permitted: (table: TableDef) => boolean
}

export interface Result {
  readonly names: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<Value>>
}

/** The answer of a query within a query is a table of its own. */
const derived = ({ names, rows }: Result): TableDef => ({
  rows: () => rows,
  columns: new Map(
    names.map((name, index): [string, Column] => [name, { get: (row: ReadonlyArray<Value>) => row[index] ?? null }]),
  ),
})

const bind = (runtime: Runtime, source: Syntax.Source): Compile.Bound => {
  if (typeof source.of !== "string")
    return { alias: source.alias, name: source.alias, table: derived(run(runtime, source.of)) }
  const table = runtime.catalogue.table(source.of)
  if (table === undefined || !runtime.permitted(table)) throw new BadQuery(`Record '${source.of}' was not found`)
  return { alias: source.alias, name: source.of, table }
}

/** Rows of the first table that a condition `column = value` or `column IN (...)` names; undefined for a scan. */
const pointed = (
  context: Compile.Context,
  conditions: ReadonlyArray<Syntax.Expression>,
): ReadonlyArray<unknown> | undefined => {
  const find = context.tables[0]?.table.find
  for (const condition of find === undefined ? [] : conditions) {
    const wanted = constants(context, condition)
    const by = wanted === undefined ? undefined : find?.get(wanted.column)
    if (by !== undefined && wanted !== undefined) return [...new Set(wanted.values)].flatMap((value) => [...by(value)])
  }
  return undefined
}

const isConstant = (of: Syntax.Expression): boolean => ["literal", "number", "parameter"].includes(of.kind)

const constants = (context: Compile.Context, of: Syntax.Expression) => {
  const text = (one: Syntax.Expression) => textOf(Compile.expression(context, one)([]), context.setting) ?? ""
  const isFirst = (one: Syntax.Expression): one is Syntax.Expression & { readonly kind: "column" } =>
    one.kind === "column" && one.name.toLowerCase() !== "rownum" && Compile.resolve(context, one).index === 0
  if (of.kind === "binary" && of.op === "=" && isFirst(of.left) && isConstant(of.right)) {
    return { column: of.left.name.toLowerCase(), values: [text(of.right)] }
  }
  if (of.kind !== "in" || of.negated || !isFirst(of.of)) return undefined
  if ("items" in of.list) {
    return {
      column: of.of.name.toLowerCase(),
      values: context.within(of.list).map((one) => textOf(one, context.setting) ?? ""),
    }
  }
  return of.list.every(isConstant) ? { column: of.of.name.toLowerCase(), values: of.list.map(text) } : undefined
}

/** `ON a.x = b.y` as the side that is there and the side that comes; undefined for anything else. */
const equality = (context: Compile.Context, on: Syntax.Expression | undefined, index: number) => {
  if (on?.kind !== "binary" || on.op !== "=") return undefined
  const [left, right] = [Compile.uses(context, on.left), Compile.uses(context, on.right)]
  const isNew = (used: ReadonlySet<number>) => used.size === 1 && used.has(index)
  const isOld = (used: ReadonlySet<number>) => used.size > 0 && [...used].every((one) => one < index)
  if (isNew(right) && isOld(left)) return { there: on.left, coming: on.right }
  return isNew(left) && isOld(right) ? { there: on.right, coming: on.left } : undefined
}

type Tuple = Compile.Tuple

const alone = (index: number, row: unknown): Tuple => {
  const tuple: Array<unknown> = []
  tuple[index] = row
  return tuple
}

const joined = (context: Compile.Context, source: Syntax.Source, index: number, tuples: ReadonlyArray<Tuple>) => {
  const rows = [...(context.tables[index]?.table.rows() ?? [])]
  const equal = equality(context, source.on, index)
  const holds = source.on === undefined ? () => true : Compile.test(context, source.on)
  let candidates: (tuple: Tuple) => ReadonlyArray<unknown> = () => rows
  if (equal !== undefined) {
    const coming = Compile.expression(context, equal.coming)
    const there = Compile.expression(context, equal.there)
    const index_ = Map.groupBy(rows, (row) => keyOf(coming(alone(index, row))))
    candidates = (tuple) => index_.get(keyOf(there(tuple))) ?? []
  }
  const outer = source.join === "left"
  return tuples.flatMap((tuple): ReadonlyArray<Tuple> => {
    const found = candidates(tuple).flatMap((row) => {
      const made = [...tuple, row]
      return holds(made) ? [made] : []
    })
    return found.length === 0 && outer ? [[...tuple, undefined]] : found
  })
}

/** Conditions on the first table alone come before the joins: the rest sees fewer rows. */
const tuplesOf = (context: Compile.Context, select: Syntax.Select): ReadonlyArray<Tuple> => {
  const conditions = Syntax.conjuncts(select.where)
  const isEarly = (one: Syntax.Expression) => [...Compile.uses(context, one)].every((index) => index === 0)
  const early = conditions.filter(isEarly).map((one) => Compile.test(context, one))
  const late = conditions.filter((one) => !isEarly(one)).map((one) => Compile.test(context, one))
  const rows = pointed(context, conditions) ?? context.tables[0]?.table.rows() ?? []
  let tuples: ReadonlyArray<Tuple> = [...rows]
    .map((row) => [row])
    .filter((tuple) => early.every((holds) => holds(tuple)))
  select.from.forEach((source, index) => {
    if (index > 0) tuples = joined(context, source, index, tuples)
  })
  return late.length === 0 ? tuples : tuples.filter((tuple) => late.every((holds) => holds(tuple)))
}

const itemsOf = (
  context: Compile.Context,
  select: Syntax.Select,
): ReadonlyArray<readonly [string, Syntax.Expression]> =>
  select.items.flatMap((item, index): ReadonlyArray<readonly [string, Syntax.Expression]> => {
    if (item.of !== undefined) {
      const own = item.of.kind === "column" ? item.of.name : `expr${index + 1}`
      return [[(item.alias ?? own).toLowerCase(), item.of]]
    }
    const wanted = context.tables.filter(
      ({ alias }) => item.table === undefined || alias.toLowerCase() === item.table.toLowerCase(),
    )
    if (wanted.length === 0) throw new BadQuery(`Unknown identifier '${item.table}'`)
    return wanted.flatMap(({ alias, table }) =>
      [...table.columns.keys()].map((name) => [name, { kind: "column", table: alias, name }] as const),
    )
  })

/** Names of the answer may be asked for in ORDER BY. */
const orderOf = (
  names: ReadonlyArray<readonly [string, Syntax.Expression]>,
  { of }: Syntax.Order,
): Syntax.Expression => {
  if (of.kind === "number") return names[Number(of.text) - 1]?.[1] ?? of
  const alias = of.kind === "column" && of.table === undefined ? of.name.toLowerCase() : undefined
  return names.find(([name]) => name === alias)?.[1] ?? of
}

/** Values that are not there come last, and with DESC first. */
const before = (a: Value, b: Value, parseDay: Compile.Context["parseDay"]): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return compare(a, b, parseDay)
}

export const run = (runtime: Runtime, select: Syntax.Select): Result => {
  const { knobs } = runtime.world
  const plain: Compile.Context = {
    tables: select.from.map((source) => bind(runtime, source)),
    params: runtime.params,
    setting: runtime.setting,
    within: (inner) => run(runtime, inner).rows.map((row) => row[0] ?? null),
    parseDay: (text) => Zone.parseLocal(text, knobs.dateFormat),
  }
  const names = itemsOf(plain, select)
  const orders = select.orderBy.map((order) => ({ of: orderOf(names, order), descending: order.descending }))
  const grouped = Aggregate.group(
    plain,
    select,
    [...names.map(([, of]) => of), ...orders.map(({ of }) => of)],
    tuplesOf(plain, select),
  )
  const { context, tuples } = grouped
  const shown = names.map(([, of]) => Compile.expression(context, of))
  const ranks = orders.map(({ of }) => Compile.expression(context, of))
  let rows = tuples.map((tuple) => ({ ranks: ranks.map((one) => one(tuple)), tuple }))
  rows = [...runtime.shuffle(rows)]
  if (ranks.length > 0) rows.sort((a, b) => byRank(orders, a.ranks, b.ranks, plain.parseDay))
  let values = rows.map(({ tuple }) => shown.map((one) => one(tuple)))
  if (select.distinct) values = [...new Map(values.map((row) => [row.map(keyOf).join("\u0001"), row])).values()]
  return { names: names.map(([name]) => name), rows: select.most === undefined ? values : values.slice(0, select.most) }
}

const byRank = (
  orders: ReadonlyArray<Syntax.Order>,
  a: ReadonlyArray<Value>,
  b: ReadonlyArray<Value>,
  parseDay: Compile.Context["parseDay"],
): number => {
  for (const [index, { descending }] of orders.entries()) {
    const order = before(a[index] ?? null, b[index] ?? null, parseDay)
    if (order !== 0) return descending ? -order : order
  }
  return 0
}
