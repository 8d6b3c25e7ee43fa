/**
 * From an answer to a reason, for APIs that mean by a status what HTTP means by it. A vendor that does not (business
 * rules as 500, errors as 200) needs a classification of its own; it can hand on here what it does not know better.
 *
 * ```ts
 * Pipeline.make({ classify: Statuses.classify((body) => ({ message: body.error?.message })), ... })
 * ```
 */
import {
  Conflict,
  Duplicate,
  Forbidden,
  Invalid,
  type Issue,
  Locked,
  NotFound,
  type Reason,
  Throttled,
  Unauthorized,
  Unavailable,
} from "./ConnectorError.ts"
import { type Exchange, retryAfter } from "./Pipeline.ts"

/** What an error body says, as far as it says it. */
export interface Told {
  /** Never a place for what was sent: vendors quote values, and messages are logged. */
  readonly message?: string | undefined
  /** The field at fault. */
  readonly field?: string | undefined
  /** The record that already holds a unique value. */
  readonly existingId?: string | undefined
  /** True where a 400 or 422 of this vendor means that a unique value is taken. A 409 with a field always does. */
  readonly duplicate?: boolean | undefined
}

/** Reads an error body; what it throws counts as nothing told. */
export type Reader = (body: unknown, exchange: Exchange) => Told

const LONGEST = 300

const toldBy = (read: Reader | undefined, exchange: Exchange): Told => {
  try {
    return read?.(exchange.body, exchange) ?? {}
  } catch {
    return {}
  }
}

const tidy = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, LONGEST)

const issuesOf = ({ field }: Told, message: string): ReadonlyArray<Issue> =>
  field === undefined ? [] : [{ path: field.split("."), message }]

const duplicate = ({ existingId, field }: Told, message: string): Duplicate =>
  new Duplicate({
    message,
    ...(field === undefined ? {} : { field }),
    ...(existingId === undefined ? {} : { existingId }),
  })

const refused = (status: number, told: Told, message: string): Reason => {
  const isDuplicate = told.duplicate ?? (status === 409 && (told.field !== undefined || told.existingId !== undefined))
  if (isDuplicate) return duplicate(told, message)
  if (status === 409 || status === 412) return new Conflict({ message })
  return new Invalid({ message, issues: issuesOf(told, message) })
}

/** The reason of a status of 400 and above; undefined for the rest. A 408 is no refusal: the server may be at work. */
export const reason = (exchange: Exchange, read?: Reader): Reason | undefined => {
  const { status } = exchange
  if (status < 400) return undefined
  const told = toldBy(read, exchange)
  const message = tidy(told.message ?? "") || `answered with status ${status}`
  const wait = retryAfter(exchange)
  const later = wait === undefined ? {} : { retryAfter: wait }
  if (status >= 500 || status === 408) return new Unavailable({ message, status, ...later })
  switch (status) {
    case 401:
      return new Unauthorized({ message })
    case 403:
      return new Forbidden({ message })
    case 404:
    case 410:
      return new NotFound({ message })
    case 423:
      return new Locked({ message, ...later })
    case 429:
      return new Throttled({ message, ...later })
    default:
      return refused(status, told, message)
  }
}

/** For the `classify` of a pipeline. */
export const classify =
  (read?: Reader) =>
  (exchange: Exchange): Reason | undefined =>
    reason(exchange, read)
