/** Runs the suite against one broken connector, and tells who turned it down. */
import * as Judge from "@mortise/conformance/kit/Judge"
import type { Subject } from "@mortise/conformance/kit/Subject"
import * as Sweep from "@mortise/conformance/kit/Sweep"
import type { Mutated } from "@mortise/conformance/report/KillMatrix"
import { rules as allRules } from "@mortise/conformance/rules/index"
import { scenarios } from "@mortise/conformance/scenarios/index"
import type { Known } from "../mutants/Known.ts"

/** What became of it: `other` is one that was turned down, but by nobody who is named for it. */
export type Verdict = "killed" | "survived" | "other"

export interface Killed extends Mutated {
  /** Rules that turned it down without being named for it. */
  readonly alsoBy: ReadonlyArray<string>
}

export interface Options {
  /** Only the rules that are named for it, and no sweep: enough to know that it dies. */
  readonly namedOnly?: boolean
  readonly tell?: (what: string) => void
}

/** The name of a sweep among those of rules. */
export const sweepName = (scenario: string): string => `sweep ${scenario}`

const sweep = async (known: Known, subject: Subject, id: string): Promise<boolean> => {
  const scenario = scenarios.find((one) => one.id === id)
  if (scenario === undefined) throw new RangeError(`no scenario ${id}`)
  const { failures } = await Sweep.sweep(subject, scenario, { mutant: known.make(), untilFailure: true })
  return failures.length > 0
}

export const kill = async (known: Known, subject: Subject, options: Options = {}): Promise<Killed> => {
  const { namedOnly = false, sweptBy } = { ...options, ...known }
  const rules = allRules.filter(({ id }) => !namedOnly || known.caughtBy.includes(id))
  const failed: Array<string> = []
  const skipped = new Set<string>()
  for (const rule of rules) {
    options.tell?.(rule.id)
    // Made anew for each: some of them count, or remember.
    const { verdict } = await Judge.judge(rule, subject, { mutant: known.make() })
    if (verdict === "failed") failed.push(rule.id)
    if (verdict === "skipped" || verdict === "lacking") skipped.add(rule.id)
  }
  const swept = namedOnly || sweptBy === undefined ? [] : [sweptBy]
  for (const id of swept) {
    options.tell?.(sweepName(id))
    if (await sweep(known, subject, id)) failed.push(sweepName(id))
  }
  const caughtBy = [...known.caughtBy.filter((id) => !skipped.has(id)), ...swept.map(sweepName)]
  return {
    name: known.make().name,
    connector: subject.name,
    caughtBy,
    killedBy: failed.filter((name) => caughtBy.includes(name)),
    alsoBy: failed.filter((name) => !caughtBy.includes(name)),
  }
}

export const verdictOf = ({ alsoBy, killedBy }: Killed): Verdict =>
  killedBy.length > 0 ? "killed" : alsoBy.length > 0 ? "other" : "survived"
