/** Throws inside this package; the public functions turn it into the failure of an Effect. */
import { DescriptionError, type Problem } from "../DescriptionError.ts"

export const fail = (problem: Problem, message: string, at?: string): never => {
  throw new DescriptionError({ problem, message, ...(at === undefined ? {} : { at }) })
}

/** An entity that is not there, with the names that may have been meant. */
export const failNearest = (entity: string, message: string, at: string, nearest: ReadonlyArray<string>): never => {
  throw new DescriptionError({ problem: "EntityNotFound", message, at, entity, nearest })
}

/** Names in a sentence, the first few of many. */
export const some = (names: ReadonlyArray<string>, few = 5): string =>
  names.length <= few ? names.join(", ") : `${names.slice(0, few).join(", ")} and ${names.length - few} more`

const SHOWN = 60

/** A piece of foreign text that fits into a message: one line, no control characters, not long. */
export const quoted = (text: string): string => {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim()
  return JSON.stringify(plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain)
}
