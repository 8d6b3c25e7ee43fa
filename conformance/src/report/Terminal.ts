/** The report for people at a terminal: what is not as promised, with the line that shows it again; then the numbers. */
import type { Result, RuleResult, SweepFailure, SweepResult } from "../kit/Result.ts"

export interface Options {
  readonly colors?: boolean
}

const FINDINGS = 6

type Paint = (code: number, text: string) => string

/** What came from a vendor moves no cursor. */
const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")

const paint =
  ({ colors = false }: Options): Paint =>
  (code, text) =>
    colors ? `\u001b[${code}m${plain(text)}\u001b[0m` : plain(text)

const RED = 31
const GREEN = 32
const YELLOW = 33
const DIM = 2
const BOLD = 1

const findingsOf = (findings: ReadonlyArray<string>, indent: string): ReadonlyArray<string> => [
  ...findings.slice(0, FINDINGS).map((finding) => `${indent}${plain(finding)}`),
  ...(findings.length > FINDINGS ? [`${indent}and ${findings.length - FINDINGS} more`] : []),
]

const ofRule = ({ findings, id, level, promise, reproduce, verdict }: RuleResult, color: Paint) => [
  `  ${color(verdict === "failed" ? RED : YELLOW, verdict.padEnd(8))}${color(BOLD, id)} ${level}: ${plain(promise)}`,
  ...findingsOf(findings, "          "),
  `          ${color(DIM, reproduce)}`,
]

const ofFailure = ({ problems, reproduce, schedule, seed }: SweepFailure, color: Paint) => [
  `          ${schedule === "" ? "as a whole" : plain(schedule)}${seed === undefined ? "" : ` (found by seed ${seed})`}`,
  ...findingsOf(problems, "            "),
  `            ${color(DIM, reproduce)}`,
]

const ofSweep = ({ failures, findings, id, reproduce, says, verdict }: SweepResult, color: Paint) => [
  `  ${color(verdict === "failed" ? RED : YELLOW, verdict.padEnd(8))}${color(BOLD, id)} sweep: ${plain(says)}`,
  ...findingsOf(findings, "          "),
  ...(verdict === "vacuous" ? [`          ${color(DIM, reproduce)}`] : []),
  ...failures.slice(0, FINDINGS).flatMap((failure) => ofFailure(failure, color)),
  ...(failures.length > FINDINGS ? [`          and ${failures.length - FINDINGS} more schedules`] : []),
]

/** Rules that lack the same are told of together: what would mend one mends all. */
const lacking = (rules: ReadonlyArray<RuleResult>, color: Paint): ReadonlyArray<string> => {
  const byMend = Map.groupBy(
    rules.filter(({ verdict }) => verdict === "lacking"),
    ({ findings }) => findings.join("; "),
  )
  return [...byMend].flatMap(([mend, of]) => [
    `  ${color(YELLOW, "lacking ")}${color(BOLD, of.map(({ id }) => id).join(", "))}`,
    `          ${plain(mend)}`,
  ])
}

const isTold = (verdict: RuleResult["verdict"]): boolean => verdict === "failed" || verdict === "vacuous"

/** What was noted of rules and sweeps that passed, each once. */
const notes = ({ rules, sweeps }: Result): ReadonlyArray<string> => {
  const where = new Map<string, Array<string>>()
  for (const { findings, id, verdict } of [...rules, ...sweeps]) {
    for (const note of verdict === "passed" ? findings : []) where.set(note, [...(where.get(note) ?? []), id])
  }
  return [...where].map(([note, [first = "", ...more]]) => {
    const others = more.length === 0 ? "" : ` and ${more.length} more`
    return `  ${plain(note)} (seen in ${first}${others})`
  })
}

const numbers = ({ counts, sweeps }: Result): string => {
  const { assertions, cutPoints, rules, seeds } = counts
  const swept = sweeps.filter(({ verdict }) => verdict !== "skipped").length
  return `${rules} rules with ${assertions} assertions; ${swept} sweeps with ${cutPoints} cut points and ${seeds} seeded schedules`
}

export const text = (result: Result, options: Options = {}): string => {
  const color = paint(options)
  const { claimed, connector, counts, profile, rules, seconds, sweeps, whole } = result
  const skipped = [...rules, ...sweeps].filter(({ verdict }) => verdict === "skipped")
  const found = profile === claimed ? color(GREEN, profile) : color(RED, `${profile}, though it claims ${claimed}`)
  const isPart = !whole && profile === "partial"
  const told = isPart ? color(YELLOW, "partial, for only a part of the suite was run") : found
  return [
    `${color(BOLD, connector.name)} ${plain(`${connector.version} on API ${connector.apiVersion}`)}: ${told}`,
    ...rules.filter(({ verdict }) => isTold(verdict)).flatMap((rule) => ofRule(rule, color)),
    ...sweeps.filter(({ verdict }) => isTold(verdict)).flatMap((sweep) => ofSweep(sweep, color)),
    ...lacking(rules, color),
    ...notes(result).map((note) => color(YELLOW, note)),
    ...skipped.map(({ findings, id }) => color(DIM, `  skipped ${id}: ${findings.join("; ")}`)),
    `  ${numbers(result)}; ${seconds.toFixed(1)} s`,
    `  ${counts.passed} passed, ${counts.failed} failed, ${counts.vacuous} vacuous, ${counts.skipped} skipped`,
  ].join("\n")
}

/** The last line of a run. */
export const total = (results: ReadonlyArray<Result>): string => {
  const sum = (of: "passed" | "failed" | "vacuous") => results.reduce((all, { counts }) => all + counts[of], 0)
  return `${sum("passed")} passed, ${sum("failed")} failed, ${sum("vacuous")} vacuous`
}
