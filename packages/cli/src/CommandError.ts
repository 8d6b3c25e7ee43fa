/** What the command itself has to complain about; what is wrong with a description is a `DescriptionError`. */
import * as Data from "effect/Data"

export type Problem =
  /** The command was called in a way that it does not know. */
  | "Usage"
  /** They are missing, refused, or stand where others can read them. */
  | "Credentials"
  /** An address that is not asked: plain http, another host, credentials in it. */
  | "Address"
  /** The server cannot be reached, or gave no description. */
  | "Server"
  /** The instance does not serve the version that was asked for. */
  | "VersionMismatch"
  /** There is no pin to compare with, or it is none. */
  | "Pin"
  /** The output cannot be written where it was asked for. */
  | "Output"

export class CommandError extends Data.TaggedError("CommandError")<{
  readonly problem: Problem
  /** A whole sentence. Never carries a secret, nor text of the command line that may be one. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
}> {}

export const commandError = (problem: Problem, message: string, hint?: string): CommandError =>
  new CommandError({ problem, message, ...(hint === undefined ? {} : { hint }) })
