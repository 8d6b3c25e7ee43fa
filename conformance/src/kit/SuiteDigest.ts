/** Which suite judged: its version, and a digest of every rule and scenario as they run. */
import { createHash } from "node:crypto"
import manifest from "../../package.json" with { type: "json" }
import type { Result } from "./Result.ts"
import type { Rule } from "./Rule.ts"
import type { Scenario } from "./Scenario.ts"

export const of = (rules: ReadonlyArray<Rule>, scenarios: ReadonlyArray<Scenario>): Result["suite"] => {
  const hash = createHash("sha256")
  for (const { assertions, check, hazards, id, level, needs, promise } of rules) {
    const says = hazards.map((hazard) => [hazard.says, String(hazard.count)])
    hash.update(JSON.stringify([id, level, needs, promise, says, assertions, String(check)]))
  }
  for (const { id, needs, play, says } of scenarios) hash.update(JSON.stringify([id, needs, says, String(play)]))
  return { version: manifest.version, digest: `sha256:${hash.digest("hex").slice(0, 16)}` }
}
