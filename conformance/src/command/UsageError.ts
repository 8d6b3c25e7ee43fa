/** The command was called in a way that it does not know, or what it was given cannot be judged. */
import * as Data from "effect/Data"

export class UsageError extends Data.TaggedError("UsageError")<{
  /** A whole sentence. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
}> {}

export const usageError = (message: string, hint?: string): UsageError =>
  new UsageError({ message, ...(hint === undefined ? {} : { hint }) })
