/**
 * A filter as a predicate over records, with what is known to go wrong: a type mismatch and a negated `substringof` are
 * 500, `substringof(..) eq true` finds nothing, and an AND across two data views finds nothing either.
 */
import type { EntityDef } from "./Entities.ts"
import * as Errors from "./Errors.ts"
import { type CallName, type Comparison, type Literal, type Node, type Operand, parse } from "./FilterSyntax.ts"
import type { Knobs } from "./Knobs.ts"
import { cellOf, linkOf, type View } from "./Members.ts"
import * as Money from "./Money.ts"
import type { Cell, Doc, Row } from "./Record.ts"
import type { Scalar, ScalarMember } from "./Shapes.ts"
import { instantOf } from "./Wrap.ts"

export interface FilterContext {
  readonly entity: EntityDef
  readonly version: string
  readonly view: View
  readonly knobs: Knobs
  /** The tenant's own fields that may stand in `cf.`: view and field give the type. */
  readonly customType: (view: string, field: string) => Scalar | undefined
}

export interface Filter {
  readonly test: (doc: Doc) => boolean
  /** First member of every path. */
  readonly members: ReadonlySet<string>
}

interface Compiled {
  readonly test: (doc: Doc) => boolean
  readonly views: ReadonlySet<string>
}

interface Column {
  readonly read: (doc: Doc) => Cell
  readonly type: Scalar
  readonly dateOnly: boolean
  readonly view: string
  readonly name: string
}

const EDM: Readonly<Record<Scalar, string>> = {
  String: "Edm.String",
  StringSingleSelect: "Edm.String",
  Decimal: "Edm.Decimal",
  Int: "Edm.Int32",
  Short: "Edm.Int16",
  Byte: "Edm.Byte",
  Long: "Edm.Int64",
  Boolean: "Edm.Boolean",
  DateTime: "Edm.DateTimeOffset",
  Guid: "Edm.Guid",
}

const EDM_OF_LITERAL: Readonly<Record<Literal["kind"], string>> = {
  string: "Edm.String",
  number: "Edm.Decimal",
  boolean: "Edm.Boolean",
  instant: "Edm.DateTimeOffset",
  guid: "Edm.Guid",
  null: "null",
}

const ACCEPTS: Readonly<Record<Scalar, Literal["kind"]>> = {
  String: "string",
  StringSingleSelect: "string",
  Decimal: "number",
  Int: "number",
  Short: "number",
  Byte: "number",
  Long: "number",
  Boolean: "boolean",
  DateTime: "instant",
  Guid: "guid",
}

const COMPARE: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

const MIRROR: Readonly<Record<Comparison, Comparison>> = { eq: "eq", ne: "ne", gt: "lt", ge: "le", lt: "gt", le: "ge" }

const incompatible = (left: string, right: string, op: string): never => {
  throw Errors.badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${op}'.`,
  )
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Dashes count only between texts that are the same without them. */
const byWords = (a: string, b: string): number => byText(a.replaceAll("-", ""), b.replaceAll("-", "")) || byText(a, b)

class Compiler {
  readonly members = new Set<string>()
  private readonly context: FilterContext

  constructor(context: FilterContext) {
    this.context = context
  }

  node(node: Node): Compiled {
    switch (node.tag) {
      case "and":
      case "or":
        return this.junction(node.tag, this.node(node.left), this.node(node.right))
      case "not":
        return this.negation(node.node)
      case "bare":
        return this.bare(node.operand)
      case "compare":
        return this.comparison(node.op, node.left, node.right)
    }
  }

  private junction(tag: "and" | "or", left: Compiled, right: Compiled): Compiled {
    const views = new Set([...left.views, ...right.views])
    if (tag === "or") return { views, test: (doc) => left.test(doc) || right.test(doc) }
    if (views.size > 1 && this.context.knobs.twoViewAnd === "empty") return { views, test: () => false }
    return { views, test: (doc) => left.test(doc) && right.test(doc) }
  }

  private negation(node: Node): Compiled {
    if (node.tag === "bare" && node.operand.tag === "call" && node.operand.name === "substringof") {
      throw Errors.badQuery("The expression cannot be translated: Not(SubstringOf).")
    }
    const { test, views } = this.node(node)
    return { views, test: (doc) => !test(doc) }
  }

  private bare(operand: Operand): Compiled {
    if (operand.tag === "call") return this.call(operand.name, operand.args)
    if (operand.tag === "literal") throw Errors.badQuery("A filter is an expression of type Edm.Boolean.")
    const column = this.column(operand)
    if (column.type !== "Boolean") throw Errors.badQuery("A filter is an expression of type Edm.Boolean.")
    return { views: new Set([column.view]), test: (doc) => column.read(doc) === true }
  }

  private comparison(op: Comparison, left: Operand, right: Operand): Compiled {
    if (left.tag === "literal" && right.tag !== "literal") return this.comparison(MIRROR[op], right, left)
    if (right.tag !== "literal") throw Errors.badQuery("Two fields cannot be compared with each other.")
    if (left.tag === "call") return this.callCompared(left.name, left.args, right.literal)
    if (left.tag === "literal") throw Errors.badQuery("A comparison needs a field.")
    const column = this.column(left)
    return { views: new Set([column.view]), test: this.tester(column, op, right.literal) }
  }

  /** `substringof('x',F) eq true` is taken and finds nothing; the other two work. */
  private callCompared(name: CallName, args: ReadonlyArray<Operand>, literal: Literal): Compiled {
    const { test, views } = this.call(name, args)
    if (literal.kind !== "boolean") return incompatible("Edm.Boolean", EDM_OF_LITERAL[literal.kind], "Equal")
    if (name === "substringof") return { views, test: () => false }
    return { views, test: (doc) => test(doc) === literal.value }
  }

  private call(name: CallName, args: ReadonlyArray<Operand>): Compiled {
    const [part, whole] = name === "substringof" ? args : [...args].reverse()
    if (part?.tag !== "literal" || part.literal.kind !== "string" || whole === undefined || whole.tag === "literal") {
      throw Errors.badQuery(`No function signature for '${name}' matches the arguments.`)
    }
    if (whole.tag === "call") throw Errors.badQuery(`'${name}' needs a field.`)
    const column = this.column(whole)
    if (ACCEPTS[column.type] !== "string") return incompatible(EDM[column.type], "Edm.String", name)
    const wanted = this.fold(part.literal.value)
    const method = ({ substringof: "includes", startswith: "startsWith", endswith: "endsWith" } as const)[name]
    return {
      views: new Set([column.view]),
      test: (doc) => {
        const cell = column.read(doc)
        return typeof cell === "string" && this.fold(cell)[method](wanted)
      },
    }
  }

  private fold(text: string): string {
    return this.context.knobs.collation === "sensitive" ? text : text.toLowerCase()
  }

  private tester(column: Column, op: Comparison, literal: Literal): (doc: Doc) => boolean {
    if (literal.kind === "null") {
      return (doc) => (column.read(doc) === null) === (op === "eq")
    }
    if (ACCEPTS[column.type] !== literal.kind) {
      return incompatible(EDM[column.type], EDM_OF_LITERAL[literal.kind], op)
    }
    const holds = COMPARE[op]
    if (literal.kind === "boolean") return (doc) => holds(Number(column.read(doc) === true) - Number(literal.value))
    if (literal.kind === "number") {
      return (doc) => {
        const cell = column.read(doc)
        return typeof cell === "string" && holds(Money.compare(cell, literal.value))
      }
    }
    const wanted = literal.kind === "instant" ? this.instant(literal.value, column.dateOnly) : this.fold(literal.value)
    const order = literal.kind === "string" && this.context.knobs.collation === "words" ? byWords : byText
    return (doc) => {
      const cell = column.read(doc)
      return typeof cell === "string" && holds(order(literal.kind === "string" ? this.fold(cell) : cell, wanted))
    }
  }

  /** Stamps compare as UTC, dates as the day in the profile's zone; a time within a day counts as after its midnight. */
  private instant(value: string, dateOnly: boolean): string {
    const { zoneMinutes } = this.context.knobs
    const millis = instantOf(value, zoneMinutes)
    if (!dateOnly) return new Date(millis).toISOString()
    const local = new Date(millis + zoneMinutes * 60_000).toISOString()
    return local.endsWith("T00:00:00.000Z") ? local.slice(0, 10) : local
  }

  private column(operand: Exclude<Operand, { tag: "literal" } | { tag: "call" }>): Column {
    return operand.tag === "custom" ? this.customColumn(operand.type, operand.field) : this.field(operand.path)
  }

  private customColumn(type: string, name: string): Column {
    const [view = "", field = ""] = name.split(".")
    const found = this.context.customType(view, field)
    if (found === undefined) throw Errors.badQuery(`The field ${name} does not exist in the system.`)
    if (found !== type) return incompatible(EDM[found], `Edm.${type}`, "cf")
    return { read: (doc) => doc.custom[view]?.[field] ?? null, type: found, dateOnly: false, view, name }
  }

  private field(path: ReadonlyArray<string>): Column {
    const { entity, version, view } = this.context
    const [head = ""] = path
    let type = entity.name
    const links: Array<string> = []
    for (const name of path.slice(0, -1)) {
      const member = view.shapes.of(type, version).get(name)
      if (member?.kind === "rows") {
        throw Errors.badQuery(`Filtering by the detail ${name} is not supported.`)
      }
      if (member?.kind !== "link") throw noMember(type, name)
      links.push(member.source)
      type = member.type
    }
    const name = path.at(-1) ?? ""
    const member = view.shapes.of(type, version).get(name)
    if (member?.kind !== "scalar") throw noMember(type, name)
    this.members.add(head)
    return {
      read: this.reader(links, member, entity),
      type: member.type,
      dateOnly: member.dateOnly,
      view: entity.views.members[head] ?? entity.views.of,
      name: path.join("/"),
    }
  }

  private reader(links: ReadonlyArray<string>, member: ScalarMember, entity: EntityDef): (doc: Doc) => Cell {
    const { view } = this.context
    if (links.length === 0) return (doc) => cellOf(view, entity.name, doc, member)
    return (doc) => {
      let at: Row | undefined = doc
      for (const one of links) at = at === undefined ? undefined : linkOf(at, one)
      return at === undefined ? null : cellOf(view, "", at, member)
    }
  }
}

const noMember = (type: string, name: string) =>
  Errors.badQuery(`Could not find a property named '${name}' on type 'Default.${type}'.`)

export const compile = (text: string, context: FilterContext): Filter => {
  const compiler = new Compiler(context)
  const { test } = compiler.node(parse(text))
  return { test, members: compiler.members }
}
