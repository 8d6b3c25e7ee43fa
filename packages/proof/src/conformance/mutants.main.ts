/**
 * `npm run conformance:mutants`: every rule, and the sweep that is named, against every broken connector. Fails when one
 * survives, or a rule turns down none that it is named for.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import * as Progress from "@mortise/conformance/command/Progress"
import { rules } from "@mortise/conformance/rules/index"
import * as Hands from "./matrix/Hands.ts"
import type { Killed } from "./matrix/Kill.ts"
import * as Matrix from "./matrix/Matrix.ts"
import * as Page from "./matrix/Page.ts"
import { mutants } from "./mutants/index.ts"
import { reference } from "./reference/Reference.ts"
import { subjects as ours } from "./subjects/index.ts"

const HELP = `npm run conformance:mutants -- [options]

Runs every rule, and the sweep that is named, against every broken connector, and writes the kill matrix to
conformance/reports/. Ends with 1 when a broken connector survives, or is turned down only by rules that are not named
for it, or when a rule turns down none that it is named for.

  --json FILE        writes {"mutants","killed","survived","killedByOtherRule"}
  --mutant TEXT      only mutants whose name holds this; the matrix is not written
  --processes N      shares the work among so many; 2 unless told
`

const reports = join(import.meta.dirname, "../../../../conformance/reports")
const subjects = [...ours, reference]
const ids = rules.map(({ id }) => id as string)

const isOn = (mutant: (typeof mutants)[number], subject: string): boolean => mutant.on?.includes(subject) ?? true

/** The slow connectors first, so that no process is left alone with one at the end. */
const tasksOf = (part: string): ReadonlyArray<Hands.Task> =>
  subjects.flatMap(({ name: connector }) =>
    mutants.flatMap((known, mutant) =>
      isOn(known, connector) && known.make().name.includes(part) ? [{ mutant, connector }] : [],
    ),
  )

const written = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const inOrder = (killed: ReadonlyArray<Killed>): Matrix.Matrix => {
  const place = new Map(mutants.map((known, index) => [known.make().name, index]))
  const connector = new Map(subjects.map(({ name }, index) => [name, index]))
  const at = (one: Killed) => (place.get(one.name) ?? 0) * subjects.length + (connector.get(one.connector) ?? 0)
  return [...killed].sort((a, b) => at(a) - at(b))
}

const judged = async (part: string, count: number): Promise<Matrix.Matrix> => {
  const tasks = tasksOf(part)
  const all: Array<Killed> = []
  const progress = Progress.make({
    write: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 120,
  })
  const done = (killed: Killed) => {
    all.push(killed)
    progress.done(all.length, tasks.length)
  }
  await Hands.run(tasks, { script: import.meta.filename, count, at: progress.at, done }).finally(progress.end)
  return inOrder(all)
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      json: { type: "string" },
      mutant: { type: "string", default: "" },
      processes: { type: "string", default: "2" },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const began = performance.now()
  const matrix = await judged(values.mutant, Number(values.processes))
  const tally = Matrix.tally(matrix)
  const isPart = values.mutant !== ""
  const page = Page.text(matrix, ids)
  const problems = Matrix.problems(matrix, isPart ? [] : ids)
  process.stdout.write(`${page}\n`)
  if (!isPart) {
    written(join(reports, "kill-matrix.md"), page)
    written(join(reports, "kill-matrix.json"), `${JSON.stringify(matrix, null, 1)}\n`)
  }
  if (values.json !== undefined) written(resolve(values.json), `${JSON.stringify(tally)}\n`)
  for (const problem of problems) process.stdout.write(`- ${problem}\n`)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  process.stdout.write(
    `${tally.killed} of ${tally.mutants} mutants killed by name, ${tally.survived} survived, ` +
      `${tally.killedByOtherRule} killed by others only; ${problems.length} problems; ${seconds} s\n`,
  )
  if (problems.length > 0) process.exitCode = 1
}

if (process.argv[2] === Hands.FLAG && process.send !== undefined) Hands.serve(mutants, subjects)
else await main()
