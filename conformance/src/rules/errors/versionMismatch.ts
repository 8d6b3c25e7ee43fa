import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

export const versionMismatch: Rule = {
  id: "E/version-mismatch",
  level: "MUST",
  needs: ["versions"],
  promise: "a version that the instance does not serve is told as such, with those that it serves",
  hazards: [Hazard.lines("the instance was asked what it serves", ({ status }) => status === 200)],
  assertions: 2,
  check: async (bench, witness) => {
    const exit = await bench.run(Effect.exit(bench.connect(need(bench.wrongVersion, "versions"))))
    const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
    witness.equal(Reasons.tagOf(error), "VersionMismatch", "reason")
    const found = (error as { readonly reason?: { readonly found?: ReadonlyArray<string> } } | undefined)?.reason?.found
    witness.holds((found ?? []).length > 0, "what the instance serves is not named")
  },
}
