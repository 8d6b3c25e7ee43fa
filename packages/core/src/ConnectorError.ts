/**
 * The one error of every connector. What went wrong stands in `reason`, a union that is the same for all vendors, so
 * that nothing above a port ever looks at a status code.
 *
 * No reason carries a secret: messages name the field, the shape of the value and the mend, never a token or the value
 * of a header.
 */
import type * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/** One fault in a record: where it stands, what was expected, what shape was found. */
export const Issue = Schema.Struct({
  path: Schema.Array(Schema.String),
  message: Schema.String,
})
export type Issue = typeof Issue.Type

/** A record of the target that might be the one meant. */
export const Candidate = Schema.Struct({
  id: Schema.String,
  label: Schema.optionalKey(Schema.String),
  /** The key of ours that it already carries, if any. */
  key: Schema.optionalKey(Schema.String),
  /** The natural keys by which it matched. */
  matchedBy: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type Candidate = typeof Candidate.Type

/** The credentials were refused, have expired beyond refresh, or are missing. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", {
  message: Schema.String,
}) {}

/** The credentials are good, the right is not there. `missing` names scopes or roles when the vendor tells. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", {
  message: Schema.String,
  missing: Schema.optionalKey(Schema.Array(Schema.String)),
}) {}

/** The record, path or entity addressed does not exist. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  message: Schema.String,
  entity: Schema.optionalKey(Schema.String),
  id: Schema.optionalKey(Schema.String),
}) {}

/** A field points to a record that the target does not have. */
export class MissingReference extends Schema.TaggedError<MissingReference>()("MissingReference", {
  message: Schema.String,
  field: Schema.String,
  reference: Schema.String,
}) {}

/** The vendor holds a record with the same unique value. */
export class Duplicate extends Schema.TaggedError<Duplicate>()("Duplicate", {
  message: Schema.String,
  field: Schema.optionalKey(Schema.String),
  existingId: Schema.optionalKey(Schema.String),
}) {}

/** Several records could be meant, or the one found belongs to another key. A person decides. */
export class Ambiguous extends Schema.TaggedError<Ambiguous>()("Ambiguous", {
  message: Schema.String,
  candidates: Schema.Array(Candidate),
}) {}

/** The record changed since it was read (`ifRevision`), or is busy with an operation that excludes this one. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", {
  message: Schema.String,
  expected: Schema.optionalKey(Schema.String),
  found: Schema.optionalKey(Schema.String),
}) {}

/** The input is refused, by us or by the vendor. */
export class Invalid extends Schema.TaggedError<Invalid>()("Invalid", {
  message: Schema.String,
  issues: Schema.Array(Issue),
}) {}

/** The vendor locked the record or the account for a moment. */
export class Locked extends Schema.TaggedError<Locked>()("Locked", {
  message: Schema.String,
  retryAfter: Schema.optionalKey(Schema.Duration),
}) {}

/** Too many requests; wait `retryAfter`. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", {
  message: Schema.String,
  policy: Schema.optionalKey(Schema.String),
  retryAfter: Schema.optionalKey(Schema.Duration),
}) {}

/** The allowance of the day (or month) is spent. `resetsAt` is an ISO instant in UTC when it is known. */
export class QuotaExhausted extends Schema.TaggedError<QuotaExhausted>()("QuotaExhausted", {
  message: Schema.String,
  resetsAt: Schema.optionalKey(Schema.String),
}) {}

/** The instance does not serve the pinned API version. */
export class VersionMismatch extends Schema.TaggedError<VersionMismatch>()("VersionMismatch", {
  message: Schema.String,
  pinned: Schema.String,
  found: Schema.Array(Schema.String),
}) {}

/** This connector, tenant or entity cannot do what was asked; `mend` says what would help. */
export class Unsupported extends Schema.TaggedError<Unsupported>()("Unsupported", {
  message: Schema.String,
  feature: Schema.String,
  mend: Schema.optionalKey(Schema.String),
}) {}

/** The writer does not own the field, or does not have the right to create, update or retire. No request was sent. */
export class OwnershipViolation extends Schema.TaggedError<OwnershipViolation>()("OwnershipViolation", {
  message: Schema.String,
  entity: Schema.String,
  field: Schema.optionalKey(Schema.String),
  owner: Schema.String,
  writer: Schema.String,
}) {}

/**
 * The vendor answered that it cannot serve now (5xx, maintenance page, migration). `applied` is false when surely nothing
 * came of it: it was a read, or the request was not even sent; a write may have been applied otherwise.
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  message: Schema.String,
  status: Schema.optionalKey(Schema.Number),
  retryAfter: Schema.optionalKey(Schema.Duration),
  applied: Schema.optionalKey(Schema.Literal(false)),
}) {}

/** No answer came. `sent` is false when the request surely did not reach the server. */
export class Transport extends Schema.TaggedError<Transport>()("Transport", {
  message: Schema.String,
  sent: Schema.Boolean,
}) {}

/** What came back is not what the description promises. */
export class Decode extends Schema.TaggedError<Decode>()("Decode", {
  message: Schema.String,
  issues: Schema.Array(Issue),
}) {}

/** A write may have been applied; look by key before sending it again. */
export class UnknownOutcome extends Schema.TaggedError<UnknownOutcome>()("UnknownOutcome", {
  message: Schema.String,
  key: Schema.optionalKey(Schema.String),
}) {}

export const Reason = Schema.Union([
  Unauthorized,
  Forbidden,
  NotFound,
  MissingReference,
  Duplicate,
  Ambiguous,
  Conflict,
  Invalid,
  Locked,
  Throttled,
  QuotaExhausted,
  VersionMismatch,
  Unsupported,
  OwnershipViolation,
  Unavailable,
  Transport,
  Decode,
  UnknownOutcome,
])
export type Reason = typeof Reason.Type
export type ReasonTag = Reason["_tag"]

/** The error of every port, combinator and store. `system` is the vendor's name, or `store` for the state store. */
export class ConnectorError extends Schema.TaggedError<ConnectorError>()("ConnectorError", {
  system: Schema.String,
  operation: Schema.optionalKey(Schema.String),
  /** The vendor's id of the failed exchange, to hand to its support. */
  correlationId: Schema.optionalKey(Schema.String),
  reason: Reason,
}) {
  override get message(): string {
    const where = this.operation === undefined ? this.system : `${this.system} ${this.operation}`
    return `${where}: ${this.reason._tag}: ${this.reason.message}`
  }

  /** True when the same call, sent later, may succeed without anybody mending anything. */
  get isRetryable(): boolean {
    switch (this.reason._tag) {
      case "Throttled":
      case "Locked":
      case "Unavailable":
      case "Transport":
        return true
      default:
        return false
    }
  }

  /** How long the vendor asks to wait, when it says so. */
  get retryAfter(): Duration.Duration | undefined {
    switch (this.reason._tag) {
      case "Throttled":
      case "Locked":
      case "Unavailable":
        return this.reason.retryAfter
      default:
        return undefined
    }
  }
}

/** What a value looks like, for messages: its type and size, never its content. */
export const shape = (value: unknown): string => {
  if (value === null) return "null"
  if (value === undefined) return "nothing"
  if (typeof value === "string") return value === "" ? "an empty string" : `a string of ${value.length} characters`
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === "object") return "an object"
  return `a ${typeof value}`
}
