/** Turns expressions into functions of a row. A row holds one record for each table of the query. */
import type { Setting } from "./Functions.ts"
import { FUNCTIONS, textOf } from "./Functions.ts"
import { BadQuery } from "./Parser.ts"
import * as Syntax from "./Syntax.ts"
import type { Column, TableDef } from "./Tables.ts"
import { arithmetic, compare, keyOf, Moment, numeric, type Value } from "./Values.ts"

/** One record for each table; undefined where an outer join found none. */
export type Tuple = ReadonlyArray<unknown>
export type Evaluate = (tuple: Tuple) => Value
export type Test = (tuple: Tuple) => boolean

export interface Bound {
  readonly alias: string
  readonly name: string
  readonly table: TableDef
}

export interface Context {
  readonly tables: ReadonlyArray<Bound>
  readonly params: ReadonlyArray<Value>
  readonly setting: Setting
  /** Values that a query within the query answers, in its first column. */
  readonly within: (select: Syntax.Select) => ReadonlyArray<Value>
  /** What aggregates stand for, once rows are grouped. */
  readonly aggregate?: (call: Syntax.Expression) => Evaluate | undefined
  readonly parseDay: (text: string) => number | undefined
}

export interface Reference {
  readonly index: number
  readonly column: Column
}

const notFound = (name: string, { name: record }: Pick<Bound, "name">, reason?: string): BadQuery =>
  new BadQuery(
    reason === undefined
      ? `Field '${name}' was not found`
      : `Field '${name}' for record '${record}' was not found. Reason: ${reason}`,
  )

export const resolve = (
  context: Context,
  { name, table }: { readonly name: string; readonly table?: string },
): Reference => {
  const folded = name.toLowerCase()
  const among = context.tables.flatMap((bound, index) =>
    table === undefined || bound.alias.toLowerCase() === table.toLowerCase() ? [{ bound, index }] : [],
  )
  if (among.length === 0) throw new BadQuery(`Unknown identifier '${table}'`)
  const found = among.flatMap(({ bound, index }) => {
    const column = bound.table.columns.get(folded)
    return column === undefined ? [] : [{ index, column }]
  })
  const [only, second] = found
  if (second !== undefined) throw new BadQuery(`Ambiguous identifier '${name}'`)
  if (only !== undefined) return only
  const hiding = among.find(({ bound }) => bound.table.hidden?.has(folded) === true)
  if (hiding !== undefined) throw notFound(name, hiding.bound, hiding.bound.table.hidden?.get(folded))
  throw among.length === 1 && among[0] !== undefined
    ? notFound(name, among[0].bound)
    : new BadQuery(`Unknown identifier '${name}'`)
}

/** Tables that an expression looks at. */
export const uses = (context: Context, of: Syntax.Expression): ReadonlySet<number> => {
  const indexes = new Set<number>()
  for (const part of Syntax.walk(of)) {
    if (part.kind === "column" && !isPseudo(part)) indexes.add(resolve(context, part).index)
  }
  return indexes
}

const isPseudo = ({ name, table }: { readonly name: string; readonly table?: string }): boolean =>
  table === undefined && ["sysdate", "current_date", "rownum"].includes(name.toLowerCase())

const read = ({ column, index }: Reference, how: "get" | "shown"): Evaluate => {
  const get = (how === "shown" ? (column.shown ?? column.get) : column.get) as (row: unknown) => Value
  return (tuple) => {
    const row = tuple[index]
    return row === undefined ? null : get(row)
  }
}

const call = (context: Context, of: Syntax.Expression & { readonly kind: "call" }): Evaluate => {
  const own = context.aggregate?.(of)
  if (own !== undefined) return own
  const [first] = of.args
  if (of.name === "BUILTIN.DF") {
    if (first?.kind !== "column") throw new BadQuery("Invalid or unsupported search: BUILTIN.DF takes a field")
    return read(resolve(context, first), "shown")
  }
  const fn = FUNCTIONS[of.name]
  if (fn === undefined) throw new BadQuery(`Unknown function '${of.name}'`)
  const args = of.args.map((one) => expression(context, one))
  const evaluate: Evaluate = (tuple) =>
    fn(
      args.map((one) => one(tuple)),
      context.setting,
    )
  return of.args.every(isFixed) ? once(evaluate) : evaluate
}

const isFixed = ({ kind }: Syntax.Expression): boolean =>
  kind === "literal" || kind === "number" || kind === "parameter"

/** The same for every row: computed at the first, if there is one. */
const once = (evaluate: Evaluate): Evaluate => {
  let known: { readonly value: Value } | undefined
  return (tuple) => {
    known ??= { value: evaluate(tuple) }
    return known.value
  }
}

const column = (context: Context, of: Syntax.Expression & { readonly kind: "column" }): Evaluate => {
  if (isPseudo(of)) {
    const now = new Moment(context.setting.wall, true)
    if (of.name.toLowerCase() === "rownum")
      throw new BadQuery("Invalid or unsupported search: ROWNUM is not supported here")
    return () => now
  }
  return read(resolve(context, of), "get")
}

export const expression = (context: Context, of: Syntax.Expression): Evaluate => {
  switch (of.kind) {
    case "literal": {
      const { value } = of
      return () => value
    }
    case "number": {
      const value = numeric(of.text)
      return () => value
    }
    case "parameter": {
      const value = context.params[of.index] ?? null
      return () => value
    }
    case "column":
      return column(context, of)
    case "call":
      return call(context, of)
    case "case":
      return cases(context, of)
    case "binary":
      if (["+", "-", "*", "/", "||"].includes(of.op)) return computed(context, of)
      break
    case "star":
      throw new BadQuery("Invalid or unsupported search near '*'")
  }
  const holds = test(context, of)
  return (tuple) => (holds(tuple) ? "T" : "F")
}

const cases = (context: Context, of: Syntax.Expression & { readonly kind: "case" }): Evaluate => {
  const whens = of.whens.map(([when, then]) => [test(context, when), expression(context, then)] as const)
  const otherwise = expression(context, of.otherwise)
  return (tuple) => (whens.find(([when]) => when(tuple))?.[1] ?? otherwise)(tuple)
}

const computed = (context: Context, { left, op, right }: Syntax.Expression & { readonly kind: "binary" }): Evaluate => {
  const [a, b] = [expression(context, left), expression(context, right)]
  if (op !== "||") return (tuple) => arithmetic(op, a(tuple), b(tuple))
  const text = (value: Value) => textOf(value, context.setting) ?? ""
  return (tuple) => `${text(a(tuple))}${text(b(tuple))}` || null
}

const compared = (context: Context, op: string, a: Value, b: Value): boolean => {
  // Nothing is equal to a value that is not there, nor unequal to it.
  if (a === null || b === null) return false
  const order = compare(a, b, context.parseDay)
  switch (op) {
    case "=":
      return order === 0
    case "<>":
      return order !== 0
    case "<":
      return order < 0
    case "<=":
      return order <= 0
    case ">":
      return order > 0
    default:
      return order >= 0
  }
}

const like = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replaceAll("%", "[\\s\\S]*")
      .replaceAll("_", "[\\s\\S]")}$`,
  )

const isIn = (context: Context, of: Syntax.Expression & { readonly kind: "in" }): Test => {
  const value = expression(context, of.of)
  const list: ReadonlyArray<Value> =
    "items" in of.list ? context.within(of.list) : of.list.map((one) => expression(context, one)([]))
  // Numbers in texts are found as numbers too, as a comparison would.
  const keys = new Set(
    list.flatMap((one) =>
      typeof one === "string" && /^-?\d+(\.\d+)?$/.test(one) ? [keyOf(one), keyOf(numeric(one))] : [keyOf(one)],
    ),
  )
  return (tuple) => {
    const found = value(tuple)
    return found !== null && keys.has(keyOf(found)) !== of.negated
  }
}

/** Conditions that are not known, for want of a value, do not hold; nor do their opposites. */
export const test = (context: Context, of: Syntax.Expression): Test => {
  switch (of.kind) {
    case "binary":
      return binary(context, of)
    case "not": {
      const inner = test(context, of.of)
      return (tuple) => !inner(tuple)
    }
    case "isNull": {
      const value = expression(context, of.of)
      return (tuple) => (value(tuple) === null) !== of.negated
    }
    case "in":
      return isIn(context, of)
    case "like": {
      const value = expression(context, of.of)
      const pattern = like(textOf(expression(context, of.pattern)([]), context.setting) ?? "")
      return (tuple) => {
        const text = textOf(value(tuple), context.setting)
        return text !== null && pattern.test(text) !== of.negated
      }
    }
    case "between": {
      const [value, low, high] = [of.of, of.low, of.high].map((one) => expression(context, one)) as [
        Evaluate,
        Evaluate,
        Evaluate,
      ]
      return (tuple) => {
        const found = value(tuple)
        if (found === null) return false
        const inside = compared(context, ">=", found, low(tuple)) && compared(context, "<=", found, high(tuple))
        return inside !== of.negated
      }
    }
    default: {
      const value = expression(context, of)
      return (tuple) => value(tuple) === "T"
    }
  }
}

const binary = (context: Context, { left, op, right }: Syntax.Expression & { readonly kind: "binary" }): Test => {
  if (op === "AND" || op === "OR") {
    const [a, b] = [test(context, left), test(context, right)]
    return op === "AND" ? (tuple) => a(tuple) && b(tuple) : (tuple) => a(tuple) || b(tuple)
  }
  const [a, b] = [expression(context, left), expression(context, right)]
  return (tuple) => compared(context, op, a(tuple), b(tuple))
}
