/**
 * The exact number of assertions of each rule on each connector. A rule that makes another number than it did when it was
 * pinned has lost something, or has to be pinned again by somebody who looked.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { Result } from "../kit/Result.ts"
import { usageError } from "./UsageError.ts"

export type Pins = Readonly<Record<string, Readonly<Record<string, number>>>>

const isPins = (value: unknown): value is Pins =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every(
    (rules) =>
      typeof rules === "object" && rules !== null && Object.values(rules).every((count) => Number.isInteger(count)),
  )

export const read = (file: string): Pins => {
  if (!existsSync(file)) return {}
  try {
    const text = readFileSync(file, "utf8")
    // A run that was broken off has opened it and written nothing.
    if (text === "") return {}
    const pins: unknown = JSON.parse(text)
    if (isPins(pins)) return pins
  } catch {}
  throw usageError(`${file} holds no pins.`, "Take it away, and write it again with --pin.")
}

const sorted = <A>(of: Readonly<Record<string, A>>): Readonly<Record<string, A>> =>
  Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)))

/** What ran is pinned as it ran; what did not run stays as it was. */
export const after = (before: Pins, results: ReadonlyArray<Result>, isPart: boolean): Pins =>
  sorted({
    ...before,
    ...Object.fromEntries(
      results.map(({ connector: { name }, rules }) => {
        const ran = rules.filter(({ verdict }) => verdict === "passed").map(({ assertions, id }) => [id, assertions])
        return [name, sorted({ ...(isPart ? before[name] : {}), ...Object.fromEntries(ran) })]
      }),
    ),
  })

export const write = (file: string, pins: Pins): void => writeFileSync(file, `${JSON.stringify(pins, null, 2)}\n`)
