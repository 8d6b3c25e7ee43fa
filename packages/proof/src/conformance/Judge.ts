/** Runs rules against subjects and tells what came of it. */
import type { Mutant, Subject } from "./Bench.ts"
import type { Rule } from "./Rule.ts"
import * as Witness from "./Witness.ts"

export interface Verdict {
  readonly rule: Rule
  readonly subject: string
  /**
   * `vacuous`: the hazard did not happen, or nothing was looked at, so nothing was proven. `absent`: the connector is
   * declared not to have what the rule needs.
   */
  readonly verdict: "passed" | "failed" | "vacuous" | "absent"
  readonly assertions: number
  /** How often each hazard happened. */
  readonly hazards: ReadonlyMap<string, number>
  readonly findings: ReadonlyArray<string>
}

const verdictOf = ({ assertions, findings, hazards }: Witness.Seen): Verdict["verdict"] => {
  if (findings.length > 0) return "failed"
  const happened = hazards.size > 0 && [...hazards.values()].every((times) => times > 0)
  return happened && assertions > 0 ? "passed" : "vacuous"
}

export const judge = async (rule: Rule, subject: Subject, mutant?: Mutant): Promise<Verdict> => {
  const common = { rule, subject: subject.name }
  const lacking = (rule.needs ?? []).flatMap((feature) => subject.absent[feature] ?? [])
  if (lacking.length > 0) {
    return { ...common, verdict: "absent", assertions: 0, hazards: new Map(), findings: lacking }
  }
  const witness = Witness.make()
  try {
    await rule.check(subject.open(mutant === undefined ? {} : { mutant }), witness)
  } catch (error) {
    witness.holds(false, `it broke off: ${error instanceof Error ? error.message : String(error)}`)
  }
  const seen = witness.seen()
  return { ...common, verdict: verdictOf(seen), ...seen }
}

export const all = async (
  rules: ReadonlyArray<Rule>,
  subjects: ReadonlyArray<Subject>,
  tell: (verdict: Verdict) => void = () => {},
): Promise<ReadonlyArray<Verdict>> => {
  const verdicts: Array<Verdict> = []
  for (const subject of subjects) {
    for (const rule of rules) {
      const verdict = await judge(rule, subject)
      tell(verdict)
      verdicts.push(verdict)
    }
  }
  return verdicts
}
