/** Ends that are asked for from outside: Ctrl-C, `kill`, a terminal that was closed. */
import { constants } from "node:os"

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
type Name = (typeof SIGNALS)[number]

/**
 * From here on these signals end nothing by themselves: whoever listens has to. Only the first counts, because npm
 * passes on what a terminal has sent already.
 */
export const listen = (): AbortSignal => {
  const stop = new AbortController()
  for (const name of SIGNALS) process.on(name, () => stop.abort(name))
  return stop.signal
}

/** The exit code by which a shell tells what ended a program. */
export const exitCode = (stop: AbortSignal): number => 128 + constants.signals[stop.reason as Name]
