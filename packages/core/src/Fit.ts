/** Whether a record that was read is one of its entity: of the right types and still no currency, no day of a calendar. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { type Issue, shape } from "./ConnectorError.ts"
import * as ContentHash from "./ContentHash.ts"
import type * as Entity from "./Entity.ts"

const formatter = SchemaIssue.makeFormatterStandardSchemaV1()

const at = (value: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (inner, name) => (inner as { readonly [name: string]: unknown } | null | undefined)?.[name],
    value,
  )

/** What does not fit, by the names of the entity's fields. Messages tell the shape of a value, never the value. */
export const misfits = <E extends Entity.Any>(entity: E, record: Entity.Record<E>): ReadonlyArray<Issue> => {
  const result = Schema.encodeUnknownResult(entity.schema, { errors: "all" })(record)
  if (Result.isSuccess(result)) return []
  return formatter(result.failure.issue).issues.map(({ message, path = [] }) => {
    const names = path.map((segment) => String(typeof segment === "object" ? segment.key : segment))
    return { path: names, message: `${message}, found ${shape(at(record, names))}` }
  })
}

/** The hash of a record that fits, or why it does not. Nearly all fit: the reasons are looked for only when one does not. */
export const hashOf = <E extends Entity.Any>(
  entity: E,
  record: Entity.Record<E>,
): { readonly hash: string } | { readonly issues: ReadonlyArray<Issue> } => {
  try {
    return { hash: ContentHash.ofRecord(entity, record) }
  } catch (cause) {
    const issues = misfits(entity, record)
    if (issues.length === 0) throw cause
    return { issues }
  }
}
