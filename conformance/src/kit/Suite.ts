/** Runs all rules and sweeps against one subject. */
import { rules as allRules } from "../rules/index.ts"
import { scenarios as allScenarios } from "../scenarios/index.ts"
import type { Quirk } from "../twin/Twin.ts"
import * as VirtualClock from "../VirtualClock.ts"
import { START } from "./Bench.ts"
import * as Judge from "./Judge.ts"
import type { Mutant } from "./Mutant.ts"
import type { Result, RuleResult, SweepResult } from "./Result.ts"
import { families, familyOf, type Rule } from "./Rule.ts"
import type { Scenario } from "./Scenario.ts"
import type * as Schedule from "./Schedule.ts"
import type { Subject } from "./Subject.ts"
import * as SuiteDigest from "./SuiteDigest.ts"
import * as Sweep from "./Sweep.ts"

/** What a run is about to do, for people who wait. */
export type Progress =
  | { readonly _tag: "Rule"; readonly id: string; readonly done: number; readonly of: number }
  | { readonly _tag: "Sweep"; readonly scenario: string; readonly done: number; readonly of: number }

export interface Options {
  readonly rules?: ReadonlyArray<Rule>
  readonly scenarios?: ReadonlyArray<Scenario>
  readonly mutant?: Mutant
  /** Exact numbers of assertions by rule. */
  readonly pins?: Readonly<Record<string, number>>
  /** Of the random schedules of each sweep. Defaults to {@link SEEDS}. */
  readonly seeds?: ReadonlyArray<number>
  /** Only this schedule, of the scenarios that are given. */
  readonly schedule?: Schedule.Schedule
  /** What people type to run it again, without what chooses a part of it. */
  readonly command?: string
  readonly tell?: (progress: Progress) => void
}

/** Of the random schedules, unless told. */
export const SEEDS: ReadonlyArray<number> = Array.from({ length: 25 }, (_, index) => index + 1)

const ORDER = ["assumed", "reported", "documented", "observed"] as const

const inOrder = (quirks: ReadonlyArray<Quirk>): ReadonlyArray<Quirk> =>
  [...quirks].sort((a, b) => ORDER.indexOf(a.grade) - ORDER.indexOf(b.grade))

const ruleResult = (verdict: Judge.Verdict, command: string): RuleResult => ({
  id: verdict.rule.id,
  family: families[familyOf(verdict.rule)],
  level: verdict.rule.level,
  promise: verdict.rule.promise,
  verdict: verdict.verdict,
  assertions: verdict.assertions,
  hazards: verdict.hazards,
  findings: verdict.findings,
  transcript: verdict.transcript,
  seconds: verdict.millis / 1000,
  reproduce: `${command} --rule ${verdict.rule.id}`,
})

const sweepResult = (swept: Sweep.Swept, command: string): SweepResult => ({
  id: swept.scenario.id,
  says: swept.scenario.says,
  verdict: swept.failures.length === 0 ? "passed" : "failed",
  findings: [],
  requests: swept.requests,
  storeWrites: swept.storeWrites,
  cutPoints: swept.cutPoints,
  faults: swept.faults,
  crashes: swept.crashes,
  unmet: swept.unmet,
  seeds: swept.seeds,
  failures: swept.failures.map(({ problems, schedule, seed, transcript }) => ({
    schedule,
    ...(seed === undefined ? {} : { seed }),
    problems,
    transcript,
    reproduce: `${command} --scenario ${swept.scenario.id} --schedule "${schedule}"`,
  })),
  seconds: swept.millis / 1000,
})

const skippedSweep = (scenario: Scenario, findings: ReadonlyArray<string>): SweepResult => ({
  id: scenario.id,
  says: scenario.says,
  verdict: "skipped",
  findings,
  requests: 0,
  storeWrites: 0,
  cutPoints: 0,
  faults: 0,
  crashes: 0,
  unmet: 0,
  seeds: [],
  failures: [],
  seconds: 0,
})

const runRules = async (subject: Subject, options: Options, command: string): Promise<ReadonlyArray<RuleResult>> => {
  const rules = options.rules ?? allRules
  const results: Array<RuleResult> = []
  for (const [done, rule] of rules.entries()) {
    options.tell?.({ _tag: "Rule", id: rule.id, done, of: rules.length })
    const verdict = await Judge.judge(rule, subject, {
      ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
      ...(options.pins === undefined ? {} : { pins: options.pins }),
    })
    results.push(ruleResult(verdict, command))
  }
  return results
}

const runSweeps = async (subject: Subject, options: Options, command: string): Promise<ReadonlyArray<SweepResult>> => {
  const results: Array<SweepResult> = []
  for (const scenario of options.scenarios ?? allScenarios) {
    const reasons = scenario.needs.flatMap((feature) => {
      const reason = subject.absent[feature]
      return reason === undefined ? [] : [`${feature}: ${reason}`]
    })
    if (reasons.length > 0) {
      results.push(skippedSweep(scenario, reasons))
      continue
    }
    const swept = await Sweep.sweep(subject, scenario, {
      seeds: options.seeds ?? SEEDS,
      ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
      ...(options.schedule === undefined ? {} : { only: options.schedule }),
      tell: (done, of) => options.tell?.({ _tag: "Sweep", scenario: scenario.id, done, of }),
    })
    results.push(sweepResult(swept, command))
  }
  return results
}

const countsOf = (rules: ReadonlyArray<RuleResult>, sweeps: ReadonlyArray<SweepResult>): Result["counts"] => {
  const of = (...verdicts: ReadonlyArray<string>) =>
    [...rules, ...sweeps].filter(({ verdict }) => verdicts.includes(verdict)).length
  return {
    passed: of("passed"),
    failed: of("failed"),
    vacuous: of("vacuous"),
    skipped: of("skipped", "lacking"),
    rules: rules.length,
    cutPoints: sweeps.reduce((sum, { cutPoints }) => sum + cutPoints, 0),
    seeds: sweeps.reduce((sum, { seeds }) => sum + seeds.length, 0),
  }
}

const profileOf = (subject: Subject, rules: ReadonlyArray<RuleResult>, counts: Result["counts"]): Result["profile"] => {
  if (counts.failed > 0 || counts.vacuous > 0 || counts.passed === 0) return "none"
  return rules.some(({ verdict }) => verdict === "lacking") ? "partial" : subject.profile
}

export const run = async (subject: Subject, options: Options = {}): Promise<Result> => {
  const began = performance.now()
  const command = options.command ?? `npm run conformance -- --connector ${subject.name}`
  const rules = await runRules(subject, options, command)
  const sweeps = await runSweeps(subject, options, command)
  const counts = countsOf(rules, sweeps)
  const { quirks } = subject.open({ clock: VirtualClock.make({ start: START }) }).twin
  return {
    suite: SuiteDigest.of(options.rules ?? allRules, options.scenarios ?? allScenarios),
    connector: { name: subject.name, version: subject.version, apiVersion: subject.apiVersion },
    claimed: subject.profile,
    profile: profileOf(subject, rules, counts),
    absent: { ...subject.absent },
    quirks: inOrder(quirks),
    rules,
    sweeps,
    counts,
    seconds: (performance.now() - began) / 1000,
  }
}
