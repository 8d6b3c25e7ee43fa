/** Groups rows, and computes COUNT, SUM, MIN, MAX and AVG over each group. */
import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Amount from "../Amount.ts"
import * as Compile from "./Compile.ts"
import * as Syntax from "./Syntax.ts"
import { compare, decimalOf, Exact, exact, keyOf, type Value } from "./Values.ts"

const NAMES: ReadonlySet<string> = new Set(["COUNT", "SUM", "MIN", "MAX", "AVG"])

type Call = Syntax.Expression & { readonly kind: "call" }

const isAggregate = (of: Syntax.Expression): of is Call => of.kind === "call" && NAMES.has(of.name)

/** A group stands for its rows by the first of them, and carries the others behind it. */
interface Group extends ReadonlyArray<unknown> {
  readonly members: ReadonlyArray<Compile.Tuple>
}

const groupOf = (members: ReadonlyArray<Compile.Tuple>): Group => Object.assign([...(members[0] ?? [])], { members })

const sum = (values: ReadonlyArray<Value>): Decimal.Decimal =>
  values.reduce<Decimal.Decimal>((total, one) => BigDecimal.sum(total, decimalOf(one)), Decimal.make("0"))

const extreme = (values: ReadonlyArray<Value>, sign: number, parseDay: Compile.Context["parseDay"]): Value =>
  values.reduce<Value>((best, one) => {
    if (best === null || one === null) return best ?? one
    return compare(one, best, parseDay) * sign > 0 ? one : best
  }, null)

const computed = (context: Compile.Context, call: Call, values: ReadonlyArray<Value>): Value => {
  switch (call.name) {
    case "COUNT":
      return values.length
    case "SUM":
      return values.length === 0 ? null : new Exact(sum(values))
    case "AVG": {
      const mean = Amount.divide(Decimal.format(sum(values)), String(values.length), 10)
      return mean === undefined ? null : exact(mean)
    }
    default:
      return extreme(values, call.name === "MAX" ? 1 : -1, context.parseDay)
  }
}

const aggregated = (context: Compile.Context, call: Call): Compile.Evaluate => {
  const [first] = call.args
  const counted = first === undefined || first.kind === "star"
  const value = counted ? () => 1 : Compile.expression(context, first)
  return (group) => {
    const all = (group as Group).members.map(value).filter((one) => one !== null)
    return computed(context, call, call.distinct ? [...new Map(all.map((one) => [keyOf(one), one])).values()] : all)
  }
}

/** The rows as they are, or one for each group. */
export const group = (
  context: Compile.Context,
  select: Syntax.Select,
  shown: ReadonlyArray<Syntax.Expression>,
  tuples: ReadonlyArray<Compile.Tuple>,
): { readonly context: Compile.Context; readonly tuples: ReadonlyArray<Compile.Tuple> } => {
  const asked = [...shown, ...(select.having === undefined ? [] : [select.having])]
  const isGrouped = select.groupBy.length > 0 || asked.some((one) => [...Syntax.walk(one)].some(isAggregate))
  if (!isGrouped) return { context, tuples }
  const keys = select.groupBy.map((one) => Compile.expression(context, one))
  const byKey = Map.groupBy(tuples, (tuple) => keys.map((key) => keyOf(key(tuple))).join("\u0001"))
  const groups = keys.length === 0 ? [groupOf(tuples)] : [...byKey.values()].map(groupOf)
  const over: Compile.Context = {
    ...context,
    aggregate: (of) => (isAggregate(of) ? aggregated(context, of) : undefined),
  }
  const having = select.having === undefined ? undefined : Compile.test(over, select.having)
  return { context: over, tuples: having === undefined ? groups : groups.filter(having) }
}
