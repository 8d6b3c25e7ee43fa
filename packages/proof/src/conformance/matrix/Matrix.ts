/** What all broken connectors together say of the rules: who was turned down by whom, and what is wrong with that. */
import { missed } from "@mortise/conformance/report/KillMatrix"
import { type Killed, type Verdict, verdictOf } from "./Kill.ts"

export type Matrix = ReadonlyArray<Killed>

export interface Tally {
  readonly mutants: number
  readonly killed: number
  readonly survived: number
  readonly killedByOtherRule: number
}

/** Names of the mutants, in their order. */
export const names = (matrix: Matrix): ReadonlyArray<string> => [...new Set(matrix.map(({ name }) => name))]

/** A mutant is killed when it is on every connector that it was tried on; what is worst of it counts. */
const worst = (matrix: Matrix, mutant: string): Verdict => {
  const verdicts = new Set(matrix.filter(({ name }) => name === mutant).map(verdictOf))
  return verdicts.has("survived") ? "survived" : verdicts.has("other") ? "other" : "killed"
}

export const tally = (matrix: Matrix): Tally => {
  const verdicts = names(matrix).map((name) => worst(matrix, name))
  const of = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length
  return {
    mutants: verdicts.length,
    killed: of("killed"),
    survived: of("survived"),
    killedByOtherRule: of("other"),
  }
}

/** Rules and sweeps that turned no mutant down that they are named for. */
export const untried = (matrix: Matrix, rules: ReadonlyArray<string>): ReadonlyArray<string> => {
  const tried = new Set(matrix.flatMap(({ killedBy }) => killedBy))
  return rules.filter((id) => !tried.has(id))
}

/** What is wrong with one of them. */
const faults = (one: Killed): ReadonlyArray<string> => {
  const { alsoBy, caughtBy, connector, name } = one
  const who = `"${name}" on ${connector}`
  const named = caughtBy.join(", ") || "no rule that runs there"
  switch (verdictOf(one)) {
    case "survived":
      return [`${who} survived: nobody turned it down, and ${named} has to`]
    case "other":
      return [`${who} was turned down by ${alsoBy.join(", ")} alone, and not by ${named}`]
    case "killed":
      return missed(one).map((id) => `${who} was not turned down by ${id}, which is named for it`)
  }
}

/** All that fails the run, in words. */
export const problems = (matrix: Matrix, rules: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...matrix.flatMap(faults),
  ...untried(matrix, rules).map((id) => `${id} turned down no mutant that it is named for`),
]
