/** The one error of reading, trimming and writing descriptions: what is wrong, where, and what to do about it. */
import * as Data from "effect/Data"

export type Problem =
  /** Nothing is there, or it cannot be read. */
  | "Unreadable"
  /** It is there, and no description in any format that is known. */
  | "NotADescription"
  /** Another format than the one that was named, or a version of a format that is not known. */
  | "WrongFormat"
  /** It ends in the middle. */
  | "Truncated"
  | "UnresolvedReference"
  /** References that lead back to themselves with nothing between them; a recursive record is none of these. */
  | "CircularReference"
  | "DuplicateSchema"
  | "EntityNotFound"
  /** A document type or an entity of XML, by which a file could read other files. */
  | "Refused"
  | "TooLarge"

export class DescriptionError extends Data.TaggedError("DescriptionError")<{
  readonly problem: Problem
  /** A whole sentence for the person who asked. */
  readonly message: string
  /** The file, with the place in it where that is known: `default.json`, `metadata.xml:12:5`. */
  readonly at?: string
  /** `EntityNotFound`: the one that was asked for. */
  readonly entity?: string
  /** `EntityNotFound`: what might have been meant, the nearest first. */
  readonly nearest?: ReadonlyArray<string>
}> {}
