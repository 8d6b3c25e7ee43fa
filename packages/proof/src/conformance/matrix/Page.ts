/** The kill matrix as a page: the same text for the same verdicts. */
import { type Killed, verdictOf } from "./Kill.ts"
import * as Matrix from "./Matrix.ts"

const MARK = { killed: "killed", survived: "**survived**", other: "**by others only**" } as const

const code = (ids: ReadonlyArray<string>): string => ids.map((id) => `\`${id}\``).join(" ")

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const table = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => [
  row(heads),
  row(heads.map(() => "---")),
  ...rows.map(row),
]

/** One line of the grid: what the rule made of each mutant, on whichever connector. */
const line = (matrix: Matrix.Matrix, names: ReadonlyArray<string>, rule: string): string =>
  names
    .map((name) => {
      const all = matrix.filter((one) => one.name === name)
      if (all.some(({ killedBy }) => killedBy.includes(rule))) return "#"
      if (all.some(({ caughtBy }) => caughtBy.includes(rule))) return "!"
      return all.some(({ alsoBy }) => alsoBy.includes(rule)) ? "+" : "."
    })
    .join("")

/** The numbers of the mutants above the grid, read from top to bottom. */
const numbers = (count: number): ReadonlyArray<string> => {
  const all = Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, " "))
  return [0, 1, 2].map((digit) => all.map((text) => text[digit]).join(""))
}

const grid = (matrix: Matrix.Matrix, rules: ReadonlyArray<string>): ReadonlyArray<string> => {
  const names = Matrix.names(matrix)
  const width = Math.max(...rules.map((id) => id.length)) + 1
  return [
    "```",
    ...numbers(names.length).map((text) => " ".repeat(width) + text),
    ...rules.map((id) => id.padEnd(width) + line(matrix, names, id)),
    "```",
  ]
}

const mutantRows = (matrix: Matrix.Matrix): ReadonlyArray<ReadonlyArray<string>> => {
  const numberOf = new Map(Matrix.names(matrix).map((name, index) => [name, index + 1]))
  return matrix.map((one: Killed) => [
    String(numberOf.get(one.name)),
    one.name,
    one.connector,
    MARK[verdictOf(one)],
    code(one.killedBy),
    code(one.alsoBy),
  ])
}

export const text = (matrix: Matrix.Matrix, rules: ReadonlyArray<string>): string => {
  const { killed, mutants } = Matrix.tally(matrix)
  const sweeps = [...new Set(matrix.flatMap(({ caughtBy }) => caughtBy))].filter((name) => !rules.includes(name)).sort()
  const tried = rules.length - Matrix.untried(matrix, rules).length
  return [
    "# The kill matrix",
    "",
    "Connectors that are broken on purpose, each in one way, and who turned them down. A rule that turns down no broken",
    "connector is no rule, and a broken connector that nobody named for it turns down fails the build. Written by",
    "`npm run conformance:mutants`, which runs every rule, and the sweep that is named, against each of them.",
    "",
    `${killed} of ${mutants} mutants are killed by name; ${tried} of ${rules.length} rules turned down one that they are named for.`,
    "",
    "## Rules and mutants",
    "",
    "`#` turned down by a rule that is named for it; `+` turned down by another one besides; `.` not noticed, which is no",
    "fault: a mutant is broken in one way. The numbers above are those of the mutants, from top to bottom.",
    "",
    ...grid(matrix, [...rules, ...sweeps]),
    "",
    "## Mutants",
    "",
    ...table(["", "what it does wrong", "connector", "", "turned down by", "and by"], mutantRows(matrix)),
    "",
  ].join("\n")
}
