/** The report as JUnit XML, for build servers: a test case each rule and each sweep. */
import type { Result, RuleResult, SweepResult } from "../kit/Result.ts"
import { escaped } from "./Markup.ts"

interface Case {
  readonly suite: string
  readonly name: string
  readonly seconds: number
  readonly body: string
  readonly is: "failure" | "skipped" | "passed"
}

const failure = (message: string, text: string): string =>
  `<failure message="${escaped(message)}">${escaped(text)}</failure>`

const ofRule = ({ family, findings, id, promise, reproduce, seconds, verdict }: RuleResult): Case => {
  const common = { suite: family, name: `${id}: ${promise}`, seconds }
  if (verdict === "passed") return { ...common, is: "passed", body: "" }
  if (verdict === "skipped" || verdict === "lacking") {
    return { ...common, is: "skipped", body: `<skipped message="${escaped(findings.join("; "))}"/>` }
  }
  return {
    ...common,
    is: "failure",
    body: failure(`${verdict}: ${findings[0] ?? ""}`, [...findings, reproduce].join("\n")),
  }
}

const ofSweep = ({ cutPoints, failures, findings, id, reproduce, says, seconds, verdict }: SweepResult): Case => {
  const common = { suite: "Sweeps", name: `${id}: ${says} (${cutPoints} cut points)`, seconds }
  if (verdict === "passed") return { ...common, is: "passed", body: "" }
  if (verdict === "skipped") {
    return { ...common, is: "skipped", body: `<skipped message="${escaped(findings.join("; "))}"/>` }
  }
  const told = failures.map(({ problems, reproduce: again, schedule, seed }) =>
    [`${schedule}${seed === undefined ? "" : ` (seed ${seed})`}`, ...problems, again].join("\n"),
  )
  if (verdict === "vacuous") {
    return {
      ...common,
      is: "failure",
      body: failure(`vacuous: ${findings[0] ?? ""}`, [...findings, reproduce].join("\n")),
    }
  }
  return { ...common, is: "failure", body: failure(`${failures.length} schedules failed`, told.join("\n\n")) }
}

const totals = (cases: ReadonlyArray<Case>): string => {
  const count = (is: Case["is"]) => cases.filter((one) => one.is === is).length
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0)
  return `tests="${cases.length}" failures="${count("failure")}" skipped="${count("skipped")}" errors="0" time="${seconds.toFixed(3)}"`
}

export const text = ({ connector, rules, sweeps }: Result): string => {
  const cases = [...rules.map(ofRule), ...sweeps.map(ofSweep)]
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((suite) => {
    const own = cases.filter((one) => one.suite === suite)
    const rows = own.map(
      ({ body, name, seconds }) =>
        `    <testcase classname="${escaped(`${connector.name}.${suite}`)}" name="${escaped(name)}" time="${seconds.toFixed(3)}">${body}</testcase>`,
    )
    return [`  <testsuite name="${escaped(suite)}" ${totals(own)}>`, ...rows, "  </testsuite>"].join("\n")
  })
  const name = escaped(`${connector.name} ${connector.version}`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}" ${totals(cases)}>\n${suites.join("\n")}\n</testsuites>\n`
}
