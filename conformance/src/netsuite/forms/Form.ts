/** What a form works on: the record after the patch was laid over it, before it is saved. */
import * as Errors from "../Errors.ts"
import type { Patch } from "../Patch.ts"
import type { Cell, Doc, Row } from "../Record.ts"
import type { NetSuiteWorld } from "../World.ts"

export interface Form {
  readonly world: NetSuiteWorld
  /** To be filled in. */
  readonly doc: Doc
  readonly before: Doc | undefined
  readonly patch: Patch
  readonly now: number
  /** The day on the account's calendar. */
  readonly today: string
}

/** A value of a field that says nothing. */
export const fallback = (of: Row, field: string, value: Cell | undefined): void => {
  if ((of.fields[field] ?? null) === null && value !== undefined) of.fields[field] = value
}

/** Throws for what the form cannot do without, by the words that stand beside the fields. */
export const need = (of: Row, fields: Readonly<Record<string, string>>): void => {
  const labels = Object.entries(fields)
    .filter(([field]) => (of.fields[field] ?? null) === null)
    .map(([, label]) => label)
  if (labels.length > 0) throw Errors.missing(labels)
}

export const badValue = ({ world }: Form, value: string, field: string, path = field): Errors.Refusal =>
  Errors.badValue(world.knobs.badValueCode, value, field, path)
