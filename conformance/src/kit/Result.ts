/** What a run of the suite found out about one connector, as plain data: all reports are made from it. */
import type { JournalLine } from "../twin/Journal.ts"
import type { Quirk } from "../twin/Twin.ts"
import type * as Judge from "./Judge.ts"
import type { Profile } from "./Subject.ts"

export interface RuleResult {
  readonly id: string
  readonly family: string
  readonly level: "MUST" | "SHOULD"
  readonly promise: string
  readonly verdict: Judge.Outcome
  readonly assertions: number
  readonly hazards: ReadonlyArray<{ readonly says: string; readonly times: number }>
  readonly findings: ReadonlyArray<string>
  readonly transcript: ReadonlyArray<JournalLine>
  readonly seconds: number
  /** The command that runs this rule alone. */
  readonly reproduce: string
}

export interface SweepFailure {
  readonly schedule: string
  readonly seed?: number
  readonly problems: ReadonlyArray<string>
  readonly transcript: ReadonlyArray<JournalLine>
  readonly reproduce: string
}

export interface SweepResult {
  readonly id: string
  readonly says: string
  readonly verdict: "passed" | "failed" | "skipped"
  /** Of what was skipped: the declared reasons. */
  readonly findings: ReadonlyArray<string>
  readonly requests: number
  readonly storeWrites: number
  readonly cutPoints: number
  readonly faults: number
  readonly crashes: number
  readonly unmet: number
  readonly seeds: ReadonlyArray<number>
  readonly failures: ReadonlyArray<SweepFailure>
  readonly seconds: number
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly vacuous: number
  readonly skipped: number
  readonly rules: number
  readonly cutPoints: number
  readonly seeds: number
}

export interface Result {
  readonly suite: { readonly version: string; readonly digest: string }
  readonly connector: { readonly name: string; readonly version: string; readonly apiVersion: string }
  /** What it claims to be, and what it was found to be; `none` where something failed or is vacuous. */
  readonly claimed: Profile
  readonly profile: Profile | "partial" | "none"
  /** What it is declared not to have, with the reasons. */
  readonly absent: Readonly<Record<string, string>>
  /** What the twin assumes, first; then what is reported, documented, observed. */
  readonly quirks: ReadonlyArray<Quirk>
  readonly rules: ReadonlyArray<RuleResult>
  readonly sweeps: ReadonlyArray<SweepResult>
  readonly counts: Counts
  readonly seconds: number
}

/** True when nothing failed, nothing is vacuous, and something was proven. */
export const isClean = ({ counts, profile }: Result): boolean =>
  counts.failed === 0 && counts.vacuous === 0 && counts.passed > 0 && profile !== "none"
