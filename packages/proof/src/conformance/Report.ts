/** The outcome of a run for people: one line a rule and connector, what is wrong under it, and the sum. */
import type { Verdict } from "./Judge.ts"

const times = (hazards: Verdict["hazards"]): string =>
  [...hazards].map(([hazard, count]) => `${count}x ${hazard}`).join(", ")

const SUBJECT = 10
const ID = 22

export const line = ({ assertions, findings, hazards, rule, subject, verdict }: Verdict): string => {
  const head = `${verdict.padEnd(8)} ${subject.padEnd(SUBJECT)} ${rule.level.padEnd(6)} ${rule.id.padEnd(ID)}`
  if (verdict === "absent") return `${head} ${findings.join("; ")}`
  const what = `${assertions} assertions; ${times(hazards) || "no hazard"}`
  return [`${head} ${what}`, ...findings.map((finding) => `         ${finding}`)].join("\n")
}

export const head = (): string =>
  `${"verdict".padEnd(8)} ${"connector".padEnd(SUBJECT)} ${"level".padEnd(6)} ${"rule".padEnd(ID)} evidence`

const count = (verdicts: ReadonlyArray<Verdict>, verdict: Verdict["verdict"]): number =>
  verdicts.filter((one) => one.verdict === verdict).length

/** The last line of a run. */
export const sum = (verdicts: ReadonlyArray<Verdict>): string =>
  (["passed", "failed", "vacuous"] as const).map((verdict) => `${count(verdicts, verdict)} ${verdict}`).join(", ")

/** True when nothing failed and nothing went unproven. */
export const isClean = (verdicts: ReadonlyArray<Verdict>): boolean =>
  count(verdicts, "failed") === 0 && count(verdicts, "vacuous") === 0 && count(verdicts, "passed") > 0
