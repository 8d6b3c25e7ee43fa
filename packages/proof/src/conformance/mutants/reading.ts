/** Mutants that the rules of this family have to catch. */
import type * as Change from "@mortise/core/Change"
import { reading as pages } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const stampOf = (change: Change.Change<unknown> | undefined): string | undefined =>
  change?._tag === "Upserted" ? change.stamp : undefined

const strictlyGreater = pages("goes on after the last stamp with strictly greater", (page, before) => {
  const last = stampOf(before?.changes.at(-1))
  return { ...page, changes: page.changes.filter((change) => last === undefined || stampOf(change) !== last) }
})

const swallows = pages("leaves out what it cannot read", (page) => ({
  ...page,
  changes: page.changes.filter(({ _tag }) => _tag !== "Undecodable"),
}))

export const reading: ReadonlyArray<Known> = [
  { make: () => strictlyGreater, caughtBy: ["R/each-once"] },
  { make: () => swallows, caughtBy: ["R/undecodable"] },
]
