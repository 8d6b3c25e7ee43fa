/** One thing that is otherwise than it was, and how much that matters. */

/**
 * `breaking`: what is written by the pinned description may be refused or lost, or what is read may be missed. `warning`: it
 * may meet something that it does not know. `info`: there is more than it knows of.
 */
export type Grade = "breaking" | "warning" | "info"

export const grades: ReadonlyArray<Grade> = ["breaking", "warning", "info"]

export type Kind =
  | "added"
  | "removed"
  | "retyped"
  | "nullability"
  | "length"
  | "required"
  | "readOnly"
  | "enum"
  | "keys"
  | "numbering"
  | "path"
  | "parameter"
  | "version"

export interface Change {
  readonly grade: Grade
  readonly kind: Kind
  /** The entity, schema, path or source that it is about. */
  readonly subject: string
  /** The field, `Details[].Qty` inside of others; absent when it is about the subject as a whole. */
  readonly field?: string
  /** What it was and what it is, in words; absent where there was or is nothing. */
  readonly before?: string
  readonly after?: string
}

const rank = (grade: Grade): number => grades.indexOf(grade)

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The gravest first, then by name; the same changes always stand in the same order. */
export const order = (a: Change, b: Change): number =>
  rank(a.grade) - rank(b.grade) ||
  text(a.subject, b.subject) ||
  text(a.field ?? "", b.field ?? "") ||
  text(a.kind, b.kind) ||
  text(a.before ?? "", b.before ?? "") ||
  text(a.after ?? "", b.after ?? "")

/** `before` and `after` only where there is something to say. */
export const change = (
  grade: Grade,
  kind: Kind,
  at: { readonly subject: string; readonly field?: string },
  before?: string,
  after?: string,
): Change => ({
  grade,
  kind,
  ...at,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
})
