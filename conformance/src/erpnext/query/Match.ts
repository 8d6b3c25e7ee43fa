/** Whether a value meets a condition, as the database has it: capitals do not count, and nulls are nothing. */
import * as Amount from "../Amount.ts"
import { text, type Value } from "../Doc.ts"
import { invalid } from "../Errors.ts"
import { type Field, kindOf } from "../Meta.ts"
import type { Site } from "../Site.ts"
import * as Stamp from "../Stamp.ts"
import type { Condition } from "./Conditions.ts"

const isNumeric = (field: Field): boolean => kindOf(field) === "integer" || kindOf(field) === "decimal"

const fold = (site: Site, value: string): string => (site.knobs.equality === "exact" ? value : value.toLowerCase())

/** What a comparison takes for null, where it takes anything. */
const fallback = (field: Field): string => {
  if (isNumeric(field)) return "0"
  return kindOf(field) === "date" ? "0001-01-01" : kindOf(field) === "datetime" ? "0001-01-01 00:00:00" : ""
}

/** A stamp and a literal of it may differ in noughts at the end. */
const padded = (stamp: string): string => {
  const [whole = "", fraction = ""] = (stamp.length <= 10 ? `${stamp} 00:00:00` : stamp).replace("T", " ").split(".")
  return `${whole}.${fraction.padEnd(6, "0")}`
}

const compare = (site: Site, field: Field, a: string, b: string): number => {
  if (isNumeric(field)) return Amount.compare(Amount.isDecimal(a) ? a : "0", Amount.isDecimal(b) ? b : "0")
  const [left, right] = kindOf(field) === "datetime" ? [padded(a), padded(b)] : [fold(site, a), fold(site, b)]
  return left < right ? -1 : left > right ? 1 : 0
}

const escaped = (pattern: string): string => pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

const like = (site: Site, value: string, pattern: string): boolean =>
  new RegExp(`^${escaped(fold(site, pattern)).replaceAll("%", "[\\s\\S]*").replaceAll("_", "[\\s\\S]")}$`).test(
    fold(site, value),
  )

const monthStart = (date: string): string => `${date.slice(0, 7)}-01`

const months = (date: string, by: number): string => {
  const moved = new Date(`${monthStart(date)}T00:00:00Z`)
  moved.setUTCMonth(moved.getUTCMonth() + by)
  return moved.toISOString().slice(0, 10)
}

const weekStart = (date: string): string => Stamp.addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7))

/** First and last day of a named span. */
const span = (today: string, name: string): readonly [string, string] => {
  const days = (from: number, to: number) => [Stamp.addDays(today, from), Stamp.addDays(today, to)] as const
  const week = (by: number) =>
    [Stamp.addDays(weekStart(today), 7 * by), Stamp.addDays(weekStart(today), 7 * by + 6)] as const
  const month = (by: number) => [months(today, by), Stamp.addDays(months(today, by + 1), -1)] as const
  const year = (by: number) =>
    [`${Number(today.slice(0, 4)) + by}-01-01`, `${Number(today.slice(0, 4)) + by}-12-31`] as const
  const spans: { readonly [name: string]: readonly [string, string] } = {
    today: days(0, 0),
    yesterday: days(-1, -1),
    tomorrow: days(1, 1),
    "last 7 days": days(-7, 0),
    "last 14 days": days(-14, 0),
    "last 30 days": days(-30, 0),
    "last 90 days": days(-90, 0),
    "last week": week(-1),
    "this week": week(0),
    "next week": week(1),
    "last month": month(-1),
    "this month": month(0),
    "next month": month(1),
    "last year": year(-1),
    "this year": year(0),
    "next year": year(1),
  }
  const found = spans[name.toLowerCase()]
  if (found === undefined) throw invalid(`No such span of time: ${name}`)
  return found
}

/** `previous` and `next` of the old engine count from today. */
const relative = (today: string, operator: string, length: string): readonly [string, string] => {
  const [, count = "1", unit = "week"] = /^(\d+)\s+(week|month|year)s?$/.exec(length) ?? []
  const days = Number(count) * ({ week: 7, month: 30, year: 365 }[unit] ?? 7)
  return operator === "previous" ? [Stamp.addDays(today, -days), today] : [today, Stamp.addDays(today, days)]
}

const within = (field: Field, value: string, [from, to]: readonly [string, string]): boolean => {
  if (kindOf(field) !== "datetime") return value >= from && value <= to
  const last = to.length <= 10 ? `${to} 23:59:59.999999` : to
  return padded(value) >= padded(from) && padded(value) <= padded(last)
}

const parentField = (doctype: string): string => `parent_${doctype.toLowerCase().replaceAll(" ", "_")}`

const climbs = (site: Site, doctype: string, from: string, to: string): boolean => {
  let at = text(site.get(doctype, from)?.columns ?? {}, parentField(doctype))
  for (let steps = 0; at !== "" && steps < 100; steps += 1) {
    if (at === to) return true
    at = text(site.get(doctype, at)?.columns ?? {}, parentField(doctype))
  }
  return false
}

const inTree = (site: Site, doctype: string, operator: string, value: string, of: string): boolean => {
  switch (operator) {
    case "descendants of":
      return climbs(site, doctype, value, of)
    case "not descendants of":
      return !climbs(site, doctype, value, of)
    case "descendants of (inclusive)":
      return value === of || climbs(site, doctype, value, of)
    case "ancestors of":
      return climbs(site, doctype, of, value)
    default:
      return !climbs(site, doctype, of, value)
  }
}

const first = (value: Condition["value"]): string =>
  Array.isArray(value) ? (value[0] ?? "") : ((value as string | null) ?? "")

/** `held` is null for a column of a row that a join did not find. `doctype`: whose tree the field is of. */
export const matches = (
  site: Site,
  { on: { field }, operator, value }: Condition,
  held: Value,
  doctype: string,
): boolean => {
  const isNull = held === null && !isNumeric(field)
  const shown = held === null ? fallback(field) : String(held)
  const list = Array.isArray(value) ? (value as ReadonlyArray<string | null>) : []
  const wanted = first(value)
  switch (operator) {
    case "=":
      return !(isNull && wanted !== "") && compare(site, field, shown, wanted === "" ? fallback(field) : wanted) === 0
    case "!=":
      return compare(site, field, shown, wanted === "" ? fallback(field) : wanted) !== 0
    case ">":
      return compare(site, field, shown, wanted) > 0
    case "<":
      return compare(site, field, shown, wanted) < 0
    case ">=":
    case ", =>":
      return compare(site, field, shown, wanted) >= 0
    case "<=":
    case "=<":
      return compare(site, field, shown, wanted) <= 0
    case "like":
      return !isNull && like(site, shown, wanted)
    case "not like":
      return !like(site, shown, wanted)
    case "in":
      return list.some((one) =>
        isNull ? (one ?? "") === "" : compare(site, field, shown, one ?? fallback(field)) === 0,
      )
    case "not in":
      return !list.some((one) => compare(site, field, shown, one ?? fallback(field)) === 0)
    case "is":
      return (wanted === "set") !== (held === null || held === "")
    case "between":
      return !isNull && within(field, shown, [list[0] ?? "", list[1] ?? ""])
    case "timespan":
      return !isNull && within(field, shown, span(site.today(), wanted))
    case "previous":
    case "next":
      return !isNull && within(field, shown, relative(site.today(), operator, wanted))
    case "fiscal year":
      return !isNull && shown.startsWith(wanted.slice(0, 4))
    case "regex":
      return !isNull && new RegExp(wanted, "i").test(shown)
    default:
      return inTree(site, field.fieldtype === "Link" ? (field.options ?? doctype) : doctype, operator, shown, wanted)
  }
}

/** For an order: nulls come first, as the database has them. */
export const order = (site: Site, field: Field, a: Value, b: Value): number => {
  if (a === null || b === null)
    return isNumeric(field) ? compare(site, field, String(a ?? 0), String(b ?? 0)) : a === b ? 0 : a === null ? -1 : 1
  return compare(site, field, String(a), String(b))
}
