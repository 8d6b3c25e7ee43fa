/**
 * The report as JSON, as `schema/report.schema.json` describes it: for programs, and for the pages that others make of
 * several reports.
 */
import type { Result } from "../kit/Result.ts"

/** Raised when a reader of the format would stumble. */
export const FORMAT = 1

export interface Report extends Result {
  readonly format: typeof FORMAT
}

export const report = (result: Result): Report => ({ format: FORMAT, ...result })

export const text = (result: Result): string => `${JSON.stringify(report(result), null, 2)}\n`

export interface Summary {
  readonly profile: Result["profile"]
  readonly passed: number
  readonly failed: number
  readonly vacuous: number
  readonly skipped: number
  readonly rules: number
  readonly cutPoints: number
  readonly seeds: number
  readonly seconds: number
}

const summaryOf = ({ counts: { assertions: _, ...counts }, profile, seconds }: Result): Summary => ({
  profile,
  ...counts,
  seconds: Number(seconds.toFixed(1)),
})

/** All connectors in a few numbers each. */
export const summary = (
  results: ReadonlyArray<Result>,
): { readonly connectors: Readonly<Record<string, Summary>> } => ({
  connectors: Object.fromEntries(results.map((result) => [result.connector.name, summaryOf(result)])),
})
