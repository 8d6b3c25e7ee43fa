/** What is known to open a door before anything was sent: such values stand in no report. */
import * as Redacted from "effect/Redacted"

/** Shorter values are no secrets: they stand in texts by chance. */
export const LEAST = 8

/** Credentials are not nested deeper. */
const DEPTH = 5

const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null

const wrapped = (value: unknown, depth: number): ReadonlyArray<unknown> => {
  if (Redacted.isRedacted(value)) return [Redacted.value(value)]
  return isRecord(value) && depth > 0 ? Object.values(value).flatMap((one) => wrapped(one, depth - 1)) : []
}

/** The texts in a value that its author took for secret. */
export const redactedIn = (value: unknown): ReadonlyArray<string> =>
  wrapped(value, DEPTH).filter((one) => typeof one === "string")

/** Those that are long enough to be told from other texts. */
export const of = (...texts: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(texts.filter(({ length }) => length >= LEAST))
