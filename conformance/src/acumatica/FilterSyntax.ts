/** The part of OData v3's filter syntax that the instance reads: text to a tree. */
import * as Errors from "./Errors.ts"

export type Literal =
  | { readonly kind: "string" | "number" | "guid"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** Date and time with an offset, or a bare date. */
  | { readonly kind: "instant"; readonly value: string }
  | { readonly kind: "null" }

export type Operand =
  | { readonly tag: "field"; readonly path: ReadonlyArray<string> }
  | { readonly tag: "custom"; readonly type: string; readonly field: string }
  | { readonly tag: "literal"; readonly literal: Literal }
  | { readonly tag: "call"; readonly name: CallName; readonly args: ReadonlyArray<Operand> }

export type CallName = "substringof" | "startswith" | "endswith"
export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le"

export type Node =
  | { readonly tag: "and"; readonly left: Node; readonly right: Node }
  | { readonly tag: "or"; readonly left: Node; readonly right: Node }
  | { readonly tag: "not"; readonly node: Node }
  | { readonly tag: "compare"; readonly op: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly tag: "bare"; readonly operand: Operand }

const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    "(?<typed>(?:datetimeoffset|datetime|date|guid)'[^']*')",
    "(?<string>'(?:[^']|'')*')",
    String.raw`(?<number>-?\d+(?:\.\d+)?(?:[mMdDfFlL](?![A-Za-z]))?)`,
    String.raw`(?<custom>cf\.\w+)`,
    String.raw`(?<name>[A-Za-z_]\w*(?:/[A-Za-z_]\w*)*)`,
    "(?<mark>[(),=])",
  ].join("|"),
  "y",
)

interface Token {
  readonly kind: string
  readonly text: string
}

const tokenize = (text: string): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (match === null) throw Errors.badQuery(`Syntax error: character '${text[at]}' is not valid at position ${at}.`)
    at = TOKEN.lastIndex
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? ""
    if (kind !== "space") tokens.push({ kind, text: match[0] })
  }
  return tokens
}

const unquote = (text: string): string => text.slice(1, -1).replaceAll("''", "'")

const COMPARISONS: ReadonlySet<string> = new Set(["eq", "ne", "gt", "ge", "lt", "le"])
const CALLS: ReadonlySet<string> = new Set(["substringof", "startswith", "endswith"])

class Parser {
  private readonly tokens: ReadonlyArray<Token>
  private at = 0

  constructor(tokens: ReadonlyArray<Token>) {
    this.tokens = tokens
  }

  whole(): Node {
    const node = this.or()
    const rest = this.tokens[this.at]
    if (rest !== undefined) throw Errors.badQuery(`Syntax error at '${rest.text}'.`)
    return node
  }

  private peek(text: string): boolean {
    return this.tokens[this.at]?.text === text
  }

  private take(): Token {
    const token = this.tokens[this.at++]
    if (token === undefined) throw Errors.badQuery("Syntax error: the expression ends too early.")
    return token
  }

  private expect(text: string): void {
    const token = this.take()
    if (token.text !== text) throw Errors.badQuery(`Syntax error: '${text}' expected, '${token.text}' found.`)
  }

  private or(): Node {
    let left = this.and()
    while (this.peek("or")) {
      this.at++
      left = { tag: "or", left, right: this.and() }
    }
    return left
  }

  private and(): Node {
    let left = this.unary()
    while (this.peek("and")) {
      this.at++
      left = { tag: "and", left, right: this.unary() }
    }
    return left
  }

  private unary(): Node {
    if (this.peek("not")) {
      this.at++
      return { tag: "not", node: this.unary() }
    }
    if (this.peek("(")) {
      this.at++
      const node = this.or()
      this.expect(")")
      return node
    }
    const left = this.operand()
    const op = this.tokens[this.at]?.text ?? ""
    if (!COMPARISONS.has(op)) return { tag: "bare", operand: left }
    this.at++
    return { tag: "compare", op: op as Comparison, left, right: this.operand() }
  }

  private operand(): Operand {
    const { kind, text } = this.take()
    if (kind === "string") return { tag: "literal", literal: { kind: "string", value: unquote(text) } }
    if (kind === "number") {
      return { tag: "literal", literal: { kind: "number", value: text.replace(/[mMdDfFlL]$/, "") } }
    }
    if (kind === "typed") return { tag: "literal", literal: typedLiteral(text) }
    if (kind === "custom") return this.customField(text.slice(3))
    if (text === "true" || text === "false") {
      return { tag: "literal", literal: { kind: "boolean", value: text === "true" } }
    }
    if (text === "null") return { tag: "literal", literal: { kind: "null" } }
    if (kind !== "name") throw Errors.badQuery(`Syntax error at '${text}'.`)
    if (this.peek("(")) return this.call(text)
    return { tag: "field", path: text.split("/") }
  }

  private customField(type: string): Operand {
    this.expect("(")
    this.expect("f")
    this.expect("=")
    const name = this.take()
    if (name.kind !== "string") throw Errors.badQuery("Syntax error: the name of a custom field is quoted.")
    this.expect(")")
    return { tag: "custom", type, field: unquote(name.text) }
  }

  private call(name: string): Operand {
    if (!CALLS.has(name)) throw Errors.badQuery(`An unknown function with name '${name}' was found.`)
    this.expect("(")
    const first = this.operand()
    this.expect(",")
    const second = this.operand()
    this.expect(")")
    return { tag: "call", name: name as CallName, args: [first, second] }
  }
}

const typedLiteral = (text: string): Literal => {
  const quote = text.indexOf("'")
  const value = text.slice(quote + 1, -1)
  if (text.startsWith("guid")) return { kind: "guid", value: value.toLowerCase() }
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(value)) {
    throw Errors.badQuery(`Unrecognized literal '${text}'.`)
  }
  return { kind: "instant", value }
}

export const parse = (text: string): Node => new Parser(tokenize(text)).whole()
