/** Runs all rules and sweeps against one subject. */
import { rules as allRules } from "../rules/index.ts"
import { scenarios as allScenarios } from "../scenarios/index.ts"
import type { Quirk } from "../twin/Twin.ts"
import * as VirtualClock from "../VirtualClock.ts"
import { START } from "./Bench.ts"
import * as Checked from "./Checked.ts"
import type { Absent } from "./Feature.ts"
import * as Judge from "./Judge.ts"
import type { Mutant } from "./Mutant.ts"
import type { About, Result, RuleResult, SweepResult } from "./Result.ts"
import { families, familyOf, type Rule } from "./Rule.ts"
import type { Scenario } from "./Scenario.ts"
import type * as Schedule from "./Schedule.ts"
import type { Subject } from "./Subject.ts"
import * as SuiteDigest from "./SuiteDigest.ts"
import * as Sweep from "./Sweep.ts"
import * as Transcript from "./Transcript.ts"

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
  /** Whether a rule fails that leaves sockets and timers open. Not where others work in the same process. */
  readonly handles?: boolean
  /** What went wrong in this process beside the calls that were made, since it was asked last. */
  readonly strays?: () => Promise<ReadonlyArray<string>>
  /** Rules through the global `fetch`, where MSW intercepts it. */
  readonly intercepted?: boolean
  /** What people type to run it again, without what chooses a part of it. */
  readonly command?: string
  readonly tell?: (progress: Progress) => void
}

/** Of the random schedules, unless told. */
export const SEEDS: ReadonlyArray<number> = Array.from({ length: 25 }, (_, index) => index + 1)

const ORDER = ["assumed", "reported", "documented", "observed"] as const

const inOrder = (quirks: ReadonlyArray<Quirk>): ReadonlyArray<Quirk> =>
  [...quirks].sort((a, b) => ORDER.indexOf(a.grade) - ORDER.indexOf(b.grade))

const commandOf = (subject: Subject, { command }: Options): string =>
  command ?? `npm run conformance -- --connector ${subject.name}`

const ruleResult = (verdict: Judge.Verdict, command: string): RuleResult => {
  const isGood = verdict.verdict === "passed" || verdict.verdict === "skipped"
  return {
    id: verdict.rule.id,
    family: families[familyOf(verdict.rule)],
    level: verdict.rule.level,
    promise: verdict.rule.promise,
    verdict: verdict.verdict,
    assertions: verdict.assertions,
    hazards: verdict.hazards,
    findings: verdict.findings.map(Transcript.redaction(verdict.secrets)),
    transcript: Transcript.of(verdict.transcript, isGood ? Transcript.BRIEF : Transcript.LONG, verdict.secrets),
    seconds: verdict.millis / 1000,
    reproduce: `${command} --rule ${verdict.rule.id}`,
  }
}

const VACUOUS = "nothing was done to it, so nothing is proven"

const sweepVerdict = ({ cutPoints, failures, unmet }: Sweep.Swept): Pick<SweepResult, "verdict" | "findings"> => {
  if (failures.length > 0) return { verdict: "failed", findings: [] }
  if (cutPoints > 0) return { verdict: "passed", findings: [] }
  return { verdict: "vacuous", findings: [unmet > 0 ? `${VACUOUS}: the run was over before` : VACUOUS] }
}

const sweepResult = (swept: Sweep.Swept, command: string): SweepResult => {
  const reproduce = `${command} --scenario ${swept.scenario.id}`
  const { findings, verdict } = sweepVerdict(swept)
  return {
    id: swept.scenario.id,
    says: swept.scenario.says,
    verdict,
    findings: [...findings, ...swept.notes.map((note) => `note: ${note}`)],
    requests: swept.requests,
    storeWrites: swept.storeWrites,
    cutPoints: swept.cutPoints,
    faults: swept.faults,
    crashes: swept.crashes,
    unmet: swept.unmet,
    seeds: swept.seeds,
    failures: swept.failures.map(({ problems, schedule, secrets, seed, transcript }) => ({
      schedule,
      ...(seed === undefined ? {} : { seed }),
      problems: problems.map(Transcript.redaction(secrets)),
      transcript: Transcript.of(transcript, Transcript.LONG, secrets),
      reproduce: schedule === "" ? reproduce : `${reproduce} --schedule "${schedule}"`,
    })),
    seconds: swept.millis / 1000,
    reproduce,
  }
}

const skippedSweep = (scenario: Scenario, findings: ReadonlyArray<string>, command: string): SweepResult => ({
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
  reproduce: `${command} --scenario ${scenario.id}`,
})

/** Of a rule whose process ended before it did. */
export const brokenRule = (rule: Rule, subject: string, why: string, command: string): RuleResult => {
  const nothing = { assertions: 0, hazards: [], transcript: [], secrets: new Set<string>(), millis: 0 }
  return ruleResult({ rule, subject, verdict: "failed", findings: [`it broke off: ${why}`], ...nothing }, command)
}

/** Of a sweep whose process ended before it did. */
export const brokenSweep = (scenario: Scenario, subject: string, why: string, command: string): SweepResult =>
  sweepResult(Sweep.brokenOff(subject, scenario, [why], performance.now()), command)

export const judge = async (subject: Subject, options: Options = {}): Promise<ReadonlyArray<RuleResult>> => {
  const rules = options.rules ?? allRules
  const results: Array<RuleResult> = []
  for (const [done, rule] of rules.entries()) {
    options.tell?.({ _tag: "Rule", id: rule.id, done, of: rules.length })
    const verdict = await Judge.judge(rule, subject, {
      ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
      ...(options.pins === undefined ? {} : { pins: options.pins }),
      ...(options.handles === undefined ? {} : { handles: options.handles }),
      ...(options.strays === undefined ? {} : { strays: options.strays }),
      ...(options.intercepted === undefined ? {} : { intercepted: options.intercepted }),
    })
    results.push(ruleResult(verdict, commandOf(subject, options)))
  }
  return results
}

export const sweep = async (subject: Subject, options: Options = {}): Promise<ReadonlyArray<SweepResult>> => {
  const results: Array<SweepResult> = []
  for (const scenario of options.scenarios ?? allScenarios) {
    const reasons = scenario.needs.flatMap((feature) => {
      const reason = subject.absent[feature] ?? subject.undeclared?.[feature]
      return reason === undefined ? [] : [`${feature}: ${reason}`]
    })
    if (reasons.length > 0) {
      results.push(skippedSweep(scenario, reasons, commandOf(subject, options)))
      continue
    }
    const swept = await Sweep.sweep(subject, scenario, {
      seeds: options.seeds ?? SEEDS,
      ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
      ...(options.schedule === undefined ? {} : { only: options.schedule }),
      ...(options.strays === undefined ? {} : { strays: options.strays }),
      tell: (done, of) => options.tell?.({ _tag: "Sweep", scenario: scenario.id, done, of }),
    })
    results.push(sweepResult(swept, commandOf(subject, options)))
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
    assertions: rules.reduce((sum, { assertions }) => sum + assertions, 0),
    cutPoints: sweeps.reduce((sum, { cutPoints }) => sum + cutPoints, 0),
    seeds: sweeps.reduce((sum, { seeds }) => sum + seeds.length, 0),
  }
}

/** No claim reaches further than what there is. */
const mostOf = ({ absent, claimed }: About): Result["profile"] => {
  const { reads, writes } = absent as Absent
  if (reads !== undefined && writes !== undefined) return "partial"
  return writes !== undefined ? "reader" : reads !== undefined ? "writer" : claimed
}

const profileOf = (of: About, rules: ReadonlyArray<RuleResult>, counts: Result["counts"], whole: boolean) => {
  if (counts.failed > 0 || counts.vacuous > 0 || counts.passed === 0) return "none"
  return !whole || rules.some(({ verdict }) => verdict === "lacking") ? "partial" : mostOf(of)
}

export const about = (subject: Subject): About => ({
  connector: { name: subject.name, version: subject.version, apiVersion: subject.apiVersion },
  claimed: subject.profile,
  absent: { ...subject.absent },
  quirks: inOrder(subject.open({ clock: VirtualClock.make({ start: START }) }).twin.quirks),
})

/** What several processes found, as the result of one run. */
export const result = (
  of: About,
  found: Pick<Result, "rules" | "sweeps" | "seconds">,
  options: Pick<Options, "rules" | "scenarios"> & { readonly command: string },
): Result => {
  const counts = countsOf(found.rules, found.sweeps)
  const whole = found.rules.length >= allRules.length && found.sweeps.length >= allScenarios.length
  return {
    suite: SuiteDigest.of(options.rules ?? allRules, options.scenarios ?? allScenarios),
    ...of,
    profile: profileOf(of, found.rules, counts, whole),
    whole,
    ...found,
    counts,
    reproduce: options.command,
  }
}

export const run = async (of: Subject, options: Options = {}): Promise<Result> => {
  const subject = Checked.subject(of)
  const began = performance.now()
  const rules = await judge(subject, options)
  const sweeps = await sweep(subject, options)
  const seconds = (performance.now() - began) / 1000
  return result(about(subject), { rules, sweeps, seconds }, { ...options, command: commandOf(subject, options) })
}
