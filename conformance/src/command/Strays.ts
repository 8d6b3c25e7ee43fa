/**
 * What goes wrong beside the work of a process: a promise that nobody waits for, an exception of a callback. It would end
 * the process; here it is kept, for the rule or the sweep that was under way.
 */
import { messageOf } from "../internal/Thrown.ts"

/** Gives what came since it was asked last, each once. */
export type Taken = () => Promise<ReadonlyArray<string>>

/** From now on nothing of the kind ends this process. */
export const keep = (): Taken => {
  const kept: Array<string> = []
  process.on("unhandledRejection", (reason) => {
    kept.push(`the adapter left a promise that nobody waits for, and it was rejected: ${messageOf(reason)}`)
  })
  process.on("uncaughtException", (error) => {
    kept.push(`the adapter threw where nobody catches it: ${messageOf(error)}`)
  })
  return async () => {
    // Node tells of a rejection a turn of the event loop later.
    await new Promise((resolve) => setImmediate(resolve))
    return [...new Set(kept.splice(0))]
  }
}
