/** A form's own logic: what it fills in, what it computes over what was sent, and what it refuses. */
import type { StoreName } from "../Entities.ts"
import type { Knobs } from "../Knobs.ts"
import type { Doc, Row } from "../Record.ts"
import { RECORD } from "../Render.ts"
import type { Tenant } from "../Tenant.ts"

export interface FormContext {
  readonly tenant: Tenant
  readonly knobs: Knobs
  /** The server's clock. */
  readonly now: number
  /** Today, or the business date of the request. */
  readonly today: string
  readonly branch: string
  readonly guid: () => string
  /** Commits a record, seen by readers now or late, and told to the subscribers. */
  readonly save: (store: StoreName, before: Doc | undefined, after: Doc) => void
}

export interface Edit {
  readonly doc: Doc
  /** Absent for an insertion. */
  readonly before: Doc | undefined
  /** Columns that the client sent, by row. */
  readonly sent: ReadonlyMap<Row, ReadonlySet<string>>
  readonly context: FormContext
  readonly issues: IssueList
}

export class IssueList {
  readonly byRow = new Map<Row, Map<string, string>>()

  add(row: Row, column: string, message: string): void {
    const known = this.byRow.get(row) ?? new Map<string, string>()
    if (!known.has(column)) known.set(column, message)
    this.byRow.set(row, known)
  }

  /** The record as a whole. */
  record(row: Row, message: string): void {
    this.add(row, RECORD, message)
  }

  get any(): boolean {
    return this.byRow.size > 0
  }

  texts(): ReadonlyArray<string> {
    return [...this.byRow.values()].flatMap((one) => [...one.values()])
  }
}

export interface Form {
  /** Columns of the record that only the instance sets; what is sent for them is discarded. */
  readonly derived: ReadonlySet<string>
  /** The same of its lines. */
  readonly derivedInLines: ReadonlySet<string>
  /** Columns and their greatest lengths. */
  readonly lengths: Readonly<Record<string, number>>
  /** Fills a new record before what was sent is put on it. */
  readonly open: (doc: Doc, context: FormContext) => void
  /** Computes and checks after what was sent was put on it. */
  readonly close: (edit: Edit) => void
  /** Why the record cannot be deleted. */
  readonly keeps: (doc: Doc, context: FormContext) => string | undefined
}

export const wasSent = (edit: Edit, row: Row, column: string): boolean => edit.sent.get(row)?.has(column) === true

export const cannotBeFound = (what: string): string => `'${what}' cannot be found in the system.`

export const cannotBeEmpty = (what: string): string => `'${what}' cannot be empty.`

/** Sets a column that has no value yet. */
export const fill = (row: Row, column: string, value: string | boolean): void => {
  if (row.fields[column] === undefined || row.fields[column] === null) row.fields[column] = value
}

export const nextLineNumber = (rows: ReadonlyArray<Row>): string =>
  String(1 + rows.reduce((greatest, one) => Math.max(greatest, Number(one.fields["LineNbr"] ?? 0)), 0))
