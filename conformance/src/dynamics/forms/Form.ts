/** What the code of a table does when a record of it is entered, changed or taken away. */
import type { Issue } from "../Errors.ts"
import type { Knobs } from "../Knobs.ts"
import type { Doc } from "../Record.ts"
import type { DynamicsWorld } from "../World.ts"

export interface Context {
  readonly world: DynamicsWorld
  readonly knobs: Knobs
  /** Lower case. */
  readonly company: string
  /** Stamp of the commit. */
  readonly now: string
  readonly today: string
  readonly issues: Array<Issue>
  /** Seeds bring numbers of their own. */
  readonly seeding: boolean
}

export interface Entry {
  readonly doc: Doc
  /** Columns that were given. */
  readonly sent: ReadonlySet<string>
  readonly before?: Doc
}

export interface Form {
  /** Columns that only the code of the table writes: an update of one is refused. */
  readonly locked?: ReadonlyArray<string>
  /** Defaults and checks of a new record; its number is drawn here. */
  readonly create: (entry: Entry, context: Context) => void
  readonly update?: (entry: Entry, context: Context) => void
  readonly remove?: (doc: Doc, context: Context) => void
  /** Records elsewhere that follow from a saved one. */
  readonly saved?: (entry: Entry, context: Context) => void
}

export const warn = (context: Context, text: string): void => {
  context.issues.push(["Warning", text])
}

/** Fills a field that is empty. */
export const otherwise = (doc: Doc, field: string, value: string): void => {
  if ((doc.fields[field] ?? "") === "") doc.fields[field] = value
}

export const mustBeFilled = (context: Context, doc: Doc, field: string, label: string): void => {
  if ((doc.fields[field] ?? "") === "") warn(context, `Field '${label}' must be filled in`)
}

export interface Related {
  readonly field: string
  readonly label: string
  readonly table: string
  readonly column: string
  readonly tableLabel: string
}

/** The record that a field names; a name that is not there is a warning. */
export const related = (context: Context, doc: Doc, one: Related): Doc | undefined => {
  const value = doc.fields[one.field] ?? ""
  if (value === "") return undefined
  const found = find(context, one.table, one.column, value)
  if (found === undefined) {
    const { label, tableLabel } = one
    warn(context, `The value '${value}' in field '${label}' is not found in the related table '${tableLabel}'`)
  }
  return found
}

/** In the company of the context, or among what all companies share. */
export const find = (context: Context, table: string, column: string, value: string): Doc | undefined =>
  context.world
    .table(table)
    .latestWhere(column, value)
    .find((doc) => doc.company === "" || doc.company === context.company)

export interface Numbered {
  readonly field: string
  readonly label: string
  readonly prefix?: string
  readonly digits?: number
  readonly table: string
}

/** The number of a new record: from the sequence, or from outside where the sequence is manual. */
export const number = (context: Context, { doc, sent }: Entry, one: Numbered): void => {
  const given = sent.has(one.field) && (doc.fields[one.field] ?? "") !== ""
  const manual = context.world.isManual(context.company, one.field)
  if (given && !manual && !context.seeding) {
    warn(context, `Number sequence for '${one.label}' does not allow manual numbering`)
  } else if (!given && manual && !context.seeding) mustBeFilled(context, doc, one.field, one.label)
  else if (!given) doc.fields[one.field] = next(context, one)
}

/** The next number that nobody has, `USMF-000001`. */
export const next = (context: Context, { digits = 6, field, prefix, table }: Numbered): string => {
  const before = prefix ?? `${context.company.toUpperCase()}-`
  for (;;) {
    const candidate = before + String(context.world.next(context.company, field)).padStart(digits, "0")
    if (find(context, table, field, candidate) === undefined) return candidate
  }
}
