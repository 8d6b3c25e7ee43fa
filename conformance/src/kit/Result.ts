/** What a run of the suite found out about one connector, as plain data: all reports are made from it. */
import type { Quirk } from "../twin/Twin.ts"
import type * as Judge from "./Judge.ts"
import type { Profile } from "./Subject.ts"
import type { Transcript } from "./Transcript.ts"

export interface RuleResult {
  readonly id: string
  readonly family: string
  readonly level: "MUST" | "SHOULD"
  readonly promise: string
  readonly verdict: Judge.Outcome
  readonly assertions: number
  readonly hazards: ReadonlyArray<{ readonly says: string; readonly times: number }>
  readonly findings: ReadonlyArray<string>
  readonly transcript: Transcript
  readonly seconds: number
  /** The command that runs this rule alone. */
  readonly reproduce: string
}

export interface SweepFailure {
  readonly schedule: string
  readonly seed?: number
  readonly problems: ReadonlyArray<string>
  readonly transcript: Transcript
  readonly reproduce: string
}

export interface SweepResult {
  readonly id: string
  readonly says: string
  /** `vacuous`: nothing was done to it, so nothing was proven. */
  readonly verdict: "passed" | "failed" | "vacuous" | "skipped"
  /** Of what was skipped: the declared reasons. Of what is vacuous: why. Else notes of what the run does not reach. */
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
  readonly reproduce: string
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly vacuous: number
  readonly skipped: number
  readonly rules: number
  readonly assertions: number
  readonly cutPoints: number
  readonly seeds: number
}

/** What is known of a connector before anything has run. */
export interface About {
  readonly connector: { readonly name: string; readonly version: string; readonly apiVersion: string }
  /** What it claims to be. */
  readonly claimed: Profile
  /** What it is declared not to have, with the reasons. */
  readonly absent: Readonly<Record<string, string>>
  /** What the twin assumes, first; then what is reported, documented, observed. */
  readonly quirks: ReadonlyArray<Quirk>
}

export interface Result extends About {
  readonly suite: { readonly version: string; readonly digest: string }
  /** What it was found to be; `none` where something failed or is vacuous. */
  readonly profile: Profile | "partial" | "none"
  /** False where only a part of the suite was asked for, which proves no profile. */
  readonly whole: boolean
  readonly rules: ReadonlyArray<RuleResult>
  readonly sweeps: ReadonlyArray<SweepResult>
  readonly counts: Counts
  readonly seconds: number
  /** The command that runs all of it again. */
  readonly reproduce: string
}

/** True when nothing failed, nothing is vacuous, and something was proven. */
export const isClean = ({ counts, profile }: Result): boolean =>
  counts.failed === 0 && counts.vacuous === 0 && counts.passed > 0 && profile !== "none"
