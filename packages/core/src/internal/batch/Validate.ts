/** What cannot be sent is refused before any request, with the path of the field, the shape of its value and the mend. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as BatchUpsert from "../../BatchUpsert.ts"
import * as ConnectorError from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import * as ExternalKey from "../../ExternalKey.ts"
import type * as Outcome from "../../Outcome.ts"
import type * as Port from "../../Port.ts"

/** Longer than any key or id that a vendor keeps; a carrier's own limit comes with its features. */
const LONGEST = 1024

type Checked<E extends Entity.Any> = Pick<BatchUpsert.Options<E>, "system" | "operation" | "entity" | "features">

const issue = (path: ReadonlyArray<string>, message: string): ConnectorError.Issue => ({ path, message })

const naming = (member: "key" | "id", value: unknown, issues: Array<ConnectorError.Issue>): void => {
  if (value === undefined) return
  if (typeof value !== "string" || value === "") {
    issues.push(issue([member], `is ${ConnectorError.shape(value)}; give the record's ${member} or leave it out`))
  } else if (value.length > LONGEST) {
    issues.push(issue([member], `is ${ConnectorError.shape(value)}; at most ${LONGEST} are taken`))
  }
}

const carried = <E extends Entity.Any>(
  options: Checked<E>,
  key: unknown,
  issues: Array<ConnectorError.Issue>,
): void => {
  const identity = options.features?.identity
  if (identity === undefined || typeof key !== "string" || key === "" || key.length > LONGEST) return
  if (ExternalKey.encode(key, identity) === undefined) {
    const carrier = identity.field ?? "the carrier field"
    issues.push(
      issue(
        ["key"],
        `does not fit ${carrier}, which holds ${identity.maxLength} characters; use a shorter scope alias`,
      ),
    )
  }
}

/** What is no natural key would find nothing, and a second record would be made of one that is there. */
const adopting = <E extends Entity.Any>(
  { entity, features }: Checked<E>,
  adoptBy: unknown,
): ReadonlyArray<ConnectorError.Issue> => {
  if (adoptBy === undefined) return []
  const able = features?.adoptable ?? entity.naturalKeys
  const mend = able.length === 0 ? "leave adoptBy out and link the record by its id" : `name ${able.join(", ")}`
  if (!Array.isArray(adoptBy)) return [issue(["adoptBy"], `is ${ConnectorError.shape(adoptBy)} and no list; ${mend}`)]
  return (adoptBy as ReadonlyArray<unknown>).flatMap((field, index) => {
    if (able.includes(field as string)) return []
    const what = typeof field === "string" && field in entity.fields ? field : ConnectorError.shape(field)
    return issue(["adoptBy", String(index)], `${what} does not tell which ${entity.name} is meant; ${mend}`)
  })
}

/** Names, keys and ids. */
const addressed = <E extends Entity.Any>(
  options: Checked<E>,
  write: Port.Write<E, unknown>,
): Array<ConnectorError.Issue> => {
  const issues: Array<ConnectorError.Issue> = []
  if (write.key === undefined && write.id === undefined) {
    return [issue(["key"], "neither key nor id is given; a write without identity could not be repeated")]
  }
  naming("key", write.key, issues)
  naming("id", write.id, issues)
  carried(options, write.key, issues)
  return [...issues, ...adopting(options, write.adoptBy)]
}

const formatter = SchemaIssue.makeFormatterStandardSchemaV1()

const at = (value: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" ? (inner as { [k: PropertyKey]: unknown })[key] : undefined,
    value,
  )

const encoders = <E extends Entity.Any>(entity: E) =>
  Schema.encodeUnknownResult(entity.schema, { errors: "all", onExcessProperty: "error" })

const wellFormed = (encode: ReturnType<typeof encoders>, fields: unknown): ReadonlyArray<ConnectorError.Issue> => {
  const result = encode(fields)
  if (Result.isSuccess(result)) return []
  return formatter(result.failure.issue).issues.map(({ message, path = [] }) => {
    const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment))
    return issue(["fields", ...keys.map(String)], `${message}, found ${ConnectorError.shape(at(fields, keys))}`)
  })
}

/** The first fault of a record's fields, in words, with all of them. */
export const invalid = (issues: ReadonlyArray<ConnectorError.Issue>): ConnectorError.Invalid => {
  const first = issues[0] ?? issue([], "is not what the entity takes")
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ""
  return new ConnectorError.Invalid({ message: `${first.path.join(".")}: ${first.message}${more}`, issues })
}

/** What is wrong with the fields of a record; empty when nothing is. */
export const fields = <E extends Entity.Any>(entity: E, fields: unknown): ReadonlyArray<ConnectorError.Issue> =>
  wellFormed(encoders(entity), fields)

const METADATA = new Set(["custom", "modified", "revision", "observedAt"])

/** Fields that the port has no way to write, or no way to clear. */
const possible = <E extends Entity.Any>(
  options: Checked<E>,
  write: Port.Write<E, unknown>,
): ConnectorError.Unsupported | undefined => {
  const { features } = options
  if (features === undefined) return undefined
  const no = (feature: string, message: string, mend: string) =>
    new ConnectorError.Unsupported({ feature, message, mend })
  for (const [field, value] of Object.entries(write.fields)) {
    if (value === undefined || METADATA.has(field)) continue
    if (!(features.writable as ReadonlyArray<string>).includes(field)) {
      return no(`write.${field}`, `${field} cannot be written`, "leave the field out")
    }
    if (value === null && (features.notClearable as ReadonlyArray<string>).includes(field)) {
      return no(`clear.${field}`, `${field} cannot be cleared`, "leave the field out or give a value")
    }
  }
  if (write.create === false && features.existingOnly !== true) {
    return no(
      "existingOnly",
      "there is no way to write only what exists",
      "leave `create` out, or find the record first",
    )
  }
  if (write.ifRevision !== undefined && !features.revisions) {
    return no("revisions", "there are no revisions to compare with", "leave ifRevision out")
  }
  return undefined
}

const refusal = <E extends Entity.Any>(
  options: Checked<E>,
  encode: ReturnType<typeof encoders>,
  write: Port.Write<E, unknown>,
): ConnectorError.Reason | undefined => {
  const issues = [...addressed(options, write), ...wellFormed(encode, write.fields)]
  return issues.length === 0 ? possible(options, write) : invalid(issues)
}

/** The outcomes of those inputs that are refused, by position. */
export const all = <E extends Entity.Any, C, P>(
  options: BatchUpsert.Options<E, C, P>,
): ReadonlyMap<number, Outcome.Outcome> => {
  const encode = encoders(options.entity)
  const refused = new Map<number, Outcome.Outcome>()
  options.records.forEach((write, index) => {
    const reason = refusal(options, encode, write)
    if (reason === undefined) return
    const { operation, system } = options
    refused.set(index, { _tag: "Rejected", error: new ConnectorError.ConnectorError({ system, operation, reason }) })
  })
  return refused
}
