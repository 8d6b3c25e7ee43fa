/**
 * The suite in the tests of an adapter: a test a rule, a test a sweep.
 *
 * ```ts
 * import { describeConformance } from "@mortise/conformance/Vitest"
 * import { describe, it } from "vitest"
 * import { subject } from "./subject.ts"
 *
 * describeConformance({ describe, it, subject })
 * ```
 *
 * An adapter and the declaration of its twin, as `TwinSubject.make` takes them, may stand in place of the subject.
 */
import type * as Connector from "@mortise/core/Connector"
import * as Checked from "./kit/Checked.ts"
import type { RuleResult, SweepResult } from "./kit/Result.ts"
import type { Rule } from "./kit/Rule.ts"
import type { Scenario } from "./kit/Scenario.ts"
import type { Subject } from "./kit/Subject.ts"
import * as Suite from "./kit/Suite.ts"
import { rules as allRules } from "./rules/index.ts"
import { scenarios as allScenarios } from "./scenarios/index.ts"
import * as TwinSubject from "./TwinSubject.ts"

/** `it` of vitest, or of another framework that skips in the same way. */
export interface It {
  (name: string, body: () => Promise<void>, timeoutMillis?: number): unknown
  readonly skip: (name: string, body: () => Promise<void>) => unknown
}

export interface Common {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: It
  /** All of them unless told. */
  readonly rules?: ReadonlyArray<Rule>
  /** All of them unless told; a sweep takes seconds. */
  readonly scenarios?: ReadonlyArray<Scenario>
  /** Of the random schedules of each sweep. */
  readonly seeds?: ReadonlyArray<number>
  /** Exact numbers of assertions by rule. */
  readonly pins?: Readonly<Record<string, number>>
}

export type Options<P extends Connector.Ports, Credentials, Client> = Common &
  ({ readonly subject: Subject } | TwinSubject.Options<P, Credentials, Client>)

/** Beyond the patience of the suite itself, which tells what took so long. */
const TIMEOUT = 330_000

const indented = (lines: ReadonlyArray<string>): string => lines.map((line) => `\n  ${line}`).join("")

const ofRule = ({ findings, promise, verdict }: RuleResult): void => {
  if (verdict !== "passed") throw new Error(`${verdict}: ${promise}${indented(findings)}`)
}

const ofSweep = ({ failures, findings, says, verdict }: SweepResult): void => {
  const told = failures.map(({ problems, schedule }) => `${schedule || "as a whole"}: ${problems.join("; ")}`)
  if (told.length > 0) throw new Error(`${says}${indented(told)}`)
  if (verdict === "skipped") throw new Error(`lacking: ${says}${indented(findings)}`)
  if (verdict === "vacuous") throw new Error(`vacuous: ${says}${indented(findings)}`)
}

const isAbsent = ({ needs }: Pick<Rule, "needs">, { absent }: Subject): boolean =>
  needs.some((feature) => absent[feature] !== undefined)

export const describeConformance = <P extends Connector.Ports, Credentials, Client>(
  options: Options<P, Credentials, Client>,
): void => {
  const { describe, it, pins, rules = allRules, scenarios = allScenarios, seeds } = options
  const subject = Checked.subject("subject" in options ? options.subject : TwinSubject.make(options))
  const describeRule = (rule: Rule): void => {
    const judged = async () => {
      for (const result of await Suite.judge(subject, { rules: [rule], ...(pins === undefined ? {} : { pins }) })) {
        ofRule(result)
      }
    }
    const name = `${rule.id}: ${rule.promise}`
    // One that was pinned and is declared absent now has to fail.
    if (isAbsent(rule, subject) && pins?.[rule.id] === undefined) it.skip(name, judged)
    else it(name, judged, TIMEOUT)
  }
  const describeSweep = (scenario: Scenario): void => {
    const swept = async () => {
      const only = { scenarios: [scenario], ...(seeds === undefined ? {} : { seeds }) }
      for (const result of await Suite.sweep(subject, only)) ofSweep(result)
    }
    const name = `sweep ${scenario.id}: ${scenario.says}`
    if (isAbsent(scenario, subject)) it.skip(name, swept)
    else it(name, swept, TIMEOUT)
  }
  describe(`${subject.name} keeps the promises of a connector`, () => {
    for (const rule of rules) describeRule(rule)
    for (const scenario of scenarios) describeSweep(scenario)
  })
}
