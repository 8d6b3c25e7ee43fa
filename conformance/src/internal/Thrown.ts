/** What was thrown, in words: an error tells its message, and of anything else it is shown what it is. */
import { inspect } from "node:util"

const SHOWN = 200

const shown = (thrown: unknown): string =>
  inspect(thrown, { depth: 1, breakLength: Number.POSITIVE_INFINITY }).slice(0, SHOWN)

export const messageOf = (thrown: unknown): string => {
  if (thrown instanceof Error) return thrown.message
  return typeof thrown === "string" ? thrown : `${shown(thrown)}, which is no Error`
}
