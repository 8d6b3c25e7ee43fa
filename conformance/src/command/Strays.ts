/**
 * What goes wrong beside the work of a process: a promise that nobody waits for, an exception of a callback. It would end
 * the process; here it is kept, for the rule or the sweep that was under way.
 */
import { messageOf } from "../internal/Thrown.ts"

const kept: Array<string> = []

/** From now on nothing of the kind ends this process. */
export const keep = (): void => {
  process.on("unhandledRejection", (reason) => {
    kept.push(`the adapter left a promise that nobody waits for, and it was rejected: ${messageOf(reason)}`)
  })
  process.on("uncaughtException", (error) => {
    kept.push(`the adapter threw where nobody catches it: ${messageOf(error)}`)
  })
}

/** What came since it was asked last, each once; Node tells of a rejection a turn of the event loop later. */
export const taken = async (): Promise<ReadonlyArray<string>> => {
  await new Promise((resolve) => setImmediate(resolve))
  return [...new Set(kept.splice(0))]
}
