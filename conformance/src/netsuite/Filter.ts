/**
 * The `q` of a collection: `email IS "a@b.c" AND lastModifiedDate AFTER "1/15/2026 9:00 am"`. AND binds tighter than OR;
 * values with blanks stand in double quotes. Oracle: help, section 1545222128.
 */
import * as Amount from "./Amount.ts"
import * as Errors from "./Errors.ts"
import type { Cell, Doc } from "./Record.ts"
import * as Render from "./Render.ts"
import type { Member } from "./Shapes.ts"
import type { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

type Test = (doc: Doc) => boolean

const invalid = (detail = "Invalid search query. Provide a valid search query."): Errors.Refusal =>
  Errors.badParameter(detail, "q")

const TOKEN = /\s*(?:"([^"]*)"|([()[\],])|([^\s()[\],"]+))/y

interface Token {
  readonly text: string
  readonly quoted: boolean
}

const tokensOf = (q: string): Array<Token> => {
  const tokens: Array<Token> = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < q.trimEnd().length) {
    const match = TOKEN.exec(q)
    if (match === null || match[3]?.includes("'") === true) throw invalid()
    tokens.push({ text: match[1] ?? match[2] ?? match[3] ?? "", quoted: match[1] !== undefined })
  }
  return tokens
}

type Kind = "text" | "boolean" | "number" | "date"

const kindOf = (member: Member): Kind => {
  if (member.kind === "boolean") return "boolean"
  if (member.kind === "date" || member.kind === "dateTime") return "date"
  return member.kind === "integer" || member.kind === "number" || member.kind === "ref" ? "number" : "text"
}

const NEGATED: Readonly<Record<string, string>> = { END_WITH_NOT: "ENDWITH" }

const OPERATORS: Readonly<Record<Kind, ReadonlyArray<string>>> = {
  boolean: ["IS"],
  number: ["ANY_OF", "BETWEEN", "EQUAL", "GREATER", "GREATER_OR_EQUAL", "LESS", "LESS_OR_EQUAL", "WITHIN"],
  text: ["CONTAIN", "IS", "START_WITH", "ENDWITH"],
  date: ["AFTER", "BEFORE", "ON", "ON_OR_AFTER", "ON_OR_BEFORE"],
}

interface Operator {
  readonly name: string
  readonly negated: boolean
}

const operatorOf = (word: string, kind: Kind): Operator => {
  const negated = word.endsWith("_NOT")
  const name = NEGATED[word] ?? (negated ? word.slice(0, -"_NOT".length) : word)
  if (name !== "EMPTY" && !OPERATORS[kind].includes(name)) throw invalid()
  return { name, negated }
}

const textTest = (name: string, value: string): ((cell: string) => boolean) => {
  const folded = value.toLowerCase()
  switch (name) {
    case "CONTAIN":
      return (cell) => cell.toLowerCase().includes(folded)
    case "START_WITH":
      return (cell) => cell.toLowerCase().startsWith(folded)
    case "ENDWITH":
      return (cell) => cell.toLowerCase().endsWith(folded)
    default:
      return (cell) => cell.toLowerCase() === folded
  }
}

const numberTest = (name: string, values: ReadonlyArray<string>): ((cell: string) => boolean) => {
  if (values.length === 0 || !values.every(Amount.isDecimal)) throw invalid()
  const [first = "", second = first] = values
  const compared: Readonly<Record<string, (cell: string) => boolean>> = {
    EQUAL: (cell) => Amount.compare(cell, first) === 0,
    GREATER: (cell) => Amount.compare(cell, first) > 0,
    GREATER_OR_EQUAL: (cell) => Amount.compare(cell, first) >= 0,
    LESS: (cell) => Amount.compare(cell, first) < 0,
    LESS_OR_EQUAL: (cell) => Amount.compare(cell, first) <= 0,
    BETWEEN: (cell) => Amount.compare(cell, first) >= 0 && Amount.compare(cell, second) <= 0,
    ANY_OF: (cell) => values.some((one) => Amount.compare(cell, one) === 0),
  }
  return compared[name] ?? (compared["BETWEEN"] as (cell: string) => boolean)
}

const DAY = 86_400_000

/** A bare date means the whole day; the wall clock is the account's. */
const dateTest = (world: NetSuiteWorld, name: string, value: string): ((wall: number) => boolean) => {
  const from = Zone.parseLocal(value, world.knobs.dateFormat)
  if (from === undefined) throw invalid(`Invalid search query. Unparseable date: "${value}"`)
  const to = from + (/\d:\d/.test(value) ? world.knobs.granularity : DAY)
  const tests: Readonly<Record<string, (wall: number) => boolean>> = {
    AFTER: (wall) => wall >= to,
    BEFORE: (wall) => wall < from,
    ON: (wall) => wall >= from && wall < to,
    ON_OR_AFTER: (wall) => wall >= from,
  }
  return tests[name] ?? ((wall) => wall < to)
}

const wallOf = (world: NetSuiteWorld, member: Member, cell: Cell): number =>
  member.kind === "date"
    ? Date.parse(`${cell}T00:00:00Z`)
    : Zone.wall(Zone.floor(Number(cell), world.knobs.granularity), world.knobs)

const valueTest = (world: NetSuiteWorld, member: Member, name: string, values: ReadonlyArray<string>) => {
  const kind = kindOf(member)
  const [first] = values
  if (first === undefined) throw invalid()
  if (kind === "date") {
    const test = dateTest(world, name, first)
    return (cell: Cell) => cell !== null && test(wallOf(world, member, cell))
  }
  if (kind === "boolean") {
    if (!/^(true|false|t|f)$/i.test(first)) throw invalid()
    return (cell: Cell) => cell === /^t/i.test(first)
  }
  const test = kind === "number" ? numberTest(name, values) : textTest(name, first)
  return (cell: Cell) => typeof cell === "string" && test(cell)
}

class Parser {
  private readonly tokens: Array<Token>
  private readonly world: NetSuiteWorld
  private readonly type: string
  private at = 0

  constructor(world: NetSuiteWorld, type: string, q: string) {
    this.world = world
    this.type = type
    this.tokens = tokensOf(q)
  }

  private peek(): string | undefined {
    const token = this.tokens[this.at]
    return token === undefined || token.quoted ? undefined : token.text
  }

  private next(): string {
    const token = this.tokens[this.at]
    if (token === undefined) throw invalid()
    this.at += 1
    return token.text
  }

  whole(): Test {
    const test = this.either()
    if (this.at < this.tokens.length) throw invalid()
    return test
  }

  private either(): Test {
    const parts = [this.both()]
    while (this.peek()?.toUpperCase() === "OR") {
      this.at += 1
      parts.push(this.both())
    }
    return (doc) => parts.some((part) => part(doc))
  }

  private both(): Test {
    const parts = [this.one()]
    while (this.peek()?.toUpperCase() === "AND") {
      this.at += 1
      parts.push(this.one())
    }
    return (doc) => parts.every((part) => part(doc))
  }

  private one(): Test {
    if (this.peek() !== "(") return this.condition()
    this.at += 1
    const inner = this.either()
    if (this.next() !== ")") throw invalid()
    return inner
  }

  private values(): ReadonlyArray<string> {
    if (this.peek() !== "[") return [this.next()]
    this.at += 1
    const values = [this.next()]
    while (this.peek() === ",") {
      this.at += 1
      values.push(this.next())
    }
    if (this.next() !== "]") throw invalid()
    return values
  }

  private condition(): Test {
    const { type, world } = this
    const field = this.next()
    const member = this.member(field)
    const { name, negated } = operatorOf(this.next(), kindOf(member))
    const view: Render.View = { world, base: "", expand: false, bareEnums: true }
    const test = name === "EMPTY" ? (cell: Cell) => cell === null : valueTest(world, member, name, this.values())
    return (doc) => test(Render.cellOf(view, type, doc, field)) !== negated
  }

  private member(field: string): Member {
    const { type, world } = this
    const member = field === "id" ? ({ kind: "integer" } as const) : world.shapes.of(type).members.get(field)
    if (member === undefined || ["sub", "refs", "part"].includes(member.kind)) throw invalid()
    if (world.knobs.missingFields[type]?.includes(field) === true) {
      throw Errors.refuse(400, { detail: `Field ${field} does not exist.`, code: "NONEXISTENT_FIELD", queryParam: "q" })
    }
    return member
  }
}

export const compile = (world: NetSuiteWorld, type: string, q: string): Test => new Parser(world, type, q).whole()
