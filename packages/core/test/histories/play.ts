/** Plays histories by their seeds, and says how to play a failing one again. */
import * as Effect from "effect/Effect"
import type { Violation } from "./Checker.ts"
import { type Make, play } from "./Consumer.ts"
import { Hazards } from "./Hazards.ts"
import * as Script from "./Script.ts"

export interface Failure {
  readonly seed: number
  readonly strategy: string
  readonly violations: ReadonlyArray<Violation>
}

export interface Played {
  readonly histories: number
  readonly hazards: Hazards
  readonly failures: ReadonlyArray<Failure>
}

/** MORTISE_SEED plays that one seed only. */
export const seeds = (first: number, count: number): ReadonlyArray<number> => {
  const one = process.env["MORTISE_SEED"]
  return one === undefined ? Array.from({ length: count }, (_, index) => first + index) : [Number(one)]
}

export const playAll = async (from: ReadonlyArray<number>, make: Make, only?: Script.Only): Promise<Played> => {
  const hazards = new Hazards()
  const failures: Array<Failure> = []
  for (const seed of from) {
    const script = Script.make(seed, only)
    const exit = await Effect.runPromiseExit(play(script, make, hazards))
    const violations: ReadonlyArray<Violation> =
      exit._tag === "Success" ? exit.value : [{ fault: "lost", what: `the reading failed: ${String(exit.cause)}` }]
    if (violations.length > 0) failures.push({ seed, strategy: script.strategy, violations })
  }
  return { histories: from.length, hazards, failures }
}

export const tell = ({ seed, strategy, violations }: Failure): string =>
  [
    `history ${seed} (${strategy}):`,
    ...violations.map(({ fault, what }) => `  ${fault}: ${what}`),
    `  again: MORTISE_SEED=${seed} npx vitest run packages/core/test/watermark.histories.test.ts`,
  ].join("\n")
