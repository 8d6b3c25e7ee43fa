/** Runs a rule against a subject and tells what came of it. */
import { messageOf } from "../internal/Thrown.ts"
import type { JournalLine } from "../twin/Journal.ts"
import * as Bench from "./Bench.ts"
import type { Absent } from "./Feature.ts"
import * as Handles from "./Handles.ts"
import type { Mutant } from "./Mutant.ts"
import { Lacking } from "./Need.ts"
import type { Rule } from "./Rule.ts"
import type { Subject } from "./Subject.ts"
import * as Witness from "./Witness.ts"

/**
 * `vacuous`: a hazard did not happen, so nothing was proven. `skipped`: the connector is declared not to have what the
 * rule needs. `lacking`: it does not have it, and does not say so.
 */
export type Outcome = "passed" | "failed" | "vacuous" | "skipped" | "lacking"

export interface Verdict {
  readonly rule: Rule
  readonly subject: string
  readonly verdict: Outcome
  readonly assertions: number
  /** How often each hazard happened. */
  readonly hazards: ReadonlyArray<{ readonly says: string; readonly times: number }>
  /** What is wrong, and notes of what the run does not reach; for what was skipped, the declared reasons. */
  readonly findings: ReadonlyArray<string>
  /** What was asked and answered, as the twin saw it. */
  readonly transcript: ReadonlyArray<JournalLine>
  /** What opened a door in the run: no report may show it. */
  readonly secrets: ReadonlySet<string>
  /** Real time, in milliseconds. */
  readonly millis: number
}

export interface Options {
  readonly mutant?: Mutant
  /** Exact numbers of assertions by rule, where a run is pinned. */
  readonly pins?: Readonly<Record<string, number>>
  /** Through the global `fetch`, where MSW intercepts it; rules that need it go that way anyhow. */
  readonly intercepted?: boolean
  /** Real time after which a rule is given up, in milliseconds; a connector that never comes back hangs no run. */
  readonly patienceMillis?: number
  /** Whether a rule fails that leaves sockets and timers open. Not where others work in the same process. */
  readonly handles?: boolean
  /** What went wrong in this process beside the calls that were made, since it was asked last. */
  readonly strays?: () => Promise<ReadonlyArray<string>>
}

/** Long enough for the longest rule on a slow machine. */
const PATIENCE = 60_000

type Judged = Pick<Verdict, "verdict" | "findings">

const short = (count: number, of: number, what: string) => `only ${count} assertions were made, ${what} ${of}`

const judged = (rule: Rule, seen: Witness.Seen, hazards: Verdict["hazards"], pins: Options["pins"]): Judged => {
  const pin = pins?.[rule.id]
  const missing = hazards.filter(({ times }) => times === 0).map(({ says }) => `did not happen: ${says}`)
  // A connector that did not get as far as the hazard, and did something wrong on the way, has failed.
  if (seen.findings.length > 0) return { verdict: "failed", findings: seen.findings }
  if (missing.length > 0) return { verdict: "vacuous", findings: missing }
  if (seen.assertions < rule.assertions) {
    return { verdict: "failed", findings: [short(seen.assertions, rule.assertions, "the rule makes at least")] }
  }
  if (pins !== undefined && pin !== seen.assertions) {
    return { verdict: "failed", findings: [`${seen.assertions} assertions were made, pinned are ${pin ?? "none"}`] }
  }
  return { verdict: "passed", findings: [] }
}

/** Ends with the check, or when patience does. */
const within = async (check: Promise<void>, millis: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not come back within ${millis / 1000} s of real time`)), millis)
  })
  await Promise.race([check, late]).finally(() => clearTimeout(timer))
}

/** Features that the rule needs and that are among these, with what is said of each. */
const among = (rule: Rule, absent: Absent = {}): ReadonlyArray<string> =>
  rule.needs.flatMap((feature) => (absent[feature] === undefined ? [] : [`${feature}: ${absent[feature]}`]))

/** Why the rule is not tried: what is declared absent, or else what nobody says anything of. */
const untried = (rule: Rule, subject: Subject): Judged | undefined => {
  const findings = among(rule, subject.absent)
  if (findings.length > 0) return { verdict: "skipped", findings }
  const missing = among(rule, subject.undeclared)
  return missing.length > 0 ? { verdict: "lacking", findings: missing } : undefined
}

export const judge = async (rule: Rule, subject: Subject, options: Options = {}): Promise<Verdict> => {
  const began = performance.now()
  const common = { rule, subject: subject.name, transcript: [], secrets: new Set<string>() }
  const not = untried(rule, subject)
  if (not !== undefined) {
    const pin = options.pins?.[rule.id]
    if (pin !== undefined) {
      const findings = [`${pin} assertions are pinned, and now it is ${not.verdict}`, ...not.findings]
      return { ...common, verdict: "failed", assertions: 0, hazards: [], findings, millis: 0 }
    }
    return { ...common, ...not, assertions: 0, hazards: [], millis: 0 }
  }
  const witness = Witness.make()
  const told = (verdict: Judged, bench: Bench.Bench | undefined, hazards: Verdict["hazards"]): Verdict => ({
    ...common,
    ...verdict,
    assertions: witness.seen().assertions,
    hazards,
    transcript: bench?.twin.journal.lines ?? [],
    secrets: bench?.secrets ?? common.secrets,
    millis: performance.now() - began,
  })
  let bench: Bench.Bench | undefined
  const isIntercepted = options.intercepted === true || rule.intercepted === true
  const before = Handles.open()
  try {
    bench = Bench.make(subject, {
      ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
      ...(rule.start === undefined ? {} : { start: rule.start }),
      intercepted: isIntercepted,
    })
    await within(rule.check(bench, witness), options.patienceMillis ?? PATIENCE).finally(bench.close)
  } catch (error) {
    if (error instanceof Lacking) return told({ verdict: "lacking", findings: [error.message] }, bench, [])
    witness.holds(false, `it broke off: ${messageOf(error)}`)
  }
  // Who was cut off closes nothing, and what is global keeps sockets of its own.
  if (options.handles === true && bench?.tape.cuts === 0 && !isIntercepted) {
    const left = await Handles.left(before)
    if (left.length > 0) witness.finds(`the adapter was closed, and left open: ${left.join(", ")}`)
  }
  for (const fault of [...(bench?.faults ?? []), ...((await options.strays?.()) ?? [])]) witness.finds(fault)
  const notes = [...(bench?.notes ?? [])].map((note) => `note: ${note}`)
  const hazards =
    bench === undefined
      ? []
      : rule.hazards.map(({ count, says }) => ({ says, times: count(Bench.evidence(bench as Bench.Bench)) }))
  const { findings, verdict } = judged(rule, witness.seen(), hazards, options.pins)
  return told({ verdict, findings: [...findings, ...notes] }, bench, hazards)
}
