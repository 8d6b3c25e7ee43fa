/**
 * Reads a query. What SuiteQL does not take is refused: WITH, date literals, `+` between texts is no concatenation, brackets,
 * more than a thousand arguments of IN. Oracle: help, article 0824094533.
 */
import type { Expression, Item, Order, Select, Source } from "./Syntax.ts"

/** What is wrong, in the words of the vendor's search. */
export class BadQuery extends Error {}

interface Token {
  readonly kind: "name" | "number" | "text" | "symbol" | "end"
  readonly text: string
}

const TOKEN =
  /\s*(?:(?:--[^\n]*|\/\*[\s\S]*?\*\/)\s*)*(?:([A-Za-z_][\w$]*)|(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|"([^"]+)"|(<>|!=|<=|>=|\|\||[-+*/(),.=<>?]))/y

const tokensOf = (q: string): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  const text = q.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (match === null) throw new BadQuery("Invalid or unsupported search")
    const [, name, number, literal, quoted, symbol] = match
    if (name !== undefined || quoted !== undefined) tokens.push({ kind: "name", text: name ?? quoted ?? "" })
    else if (number !== undefined) tokens.push({ kind: "number", text: number })
    else if (literal !== undefined) tokens.push({ kind: "text", text: literal.replaceAll("''", "'") })
    else tokens.push({ kind: "symbol", text: symbol ?? "" })
  }
  return tokens
}

const RESERVED: ReadonlySet<string> = new Set(
  "SELECT FROM WHERE GROUP ORDER BY HAVING AND OR NOT IN LIKE BETWEEN IS NULL INNER LEFT RIGHT OUTER JOIN ON CROSS UNION FETCH AS CASE WHEN THEN ELSE END DISTINCT ASC DESC".split(
    " ",
  ),
)

export const IN_ARGUMENTS = 1000

const END: Token = { kind: "end", text: "" }

export class Parser {
  private readonly tokens: ReadonlyArray<Token>
  private at = 0
  private parameters = 0

  constructor(q: string) {
    this.tokens = tokensOf(q)
  }

  /** How many `?` there were. */
  get parameterCount(): number {
    return this.parameters
  }

  whole(): Select {
    const select = this.select()
    if (this.token().kind !== "end") throw new BadQuery(`Invalid or unsupported search near '${this.token().text}'`)
    return select
  }

  private token(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? END
  }

  private isWord(word: string, ahead = 0): boolean {
    const token = this.token(ahead)
    return token.kind === "name" && token.text.toUpperCase() === word
  }

  private isSymbol(symbol: string): boolean {
    const token = this.token()
    return token.kind === "symbol" && token.text === symbol
  }

  private word(word: string): boolean {
    if (!this.isWord(word)) return false
    this.at += 1
    return true
  }

  private symbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.at += 1
    return true
  }

  private expect(what: string): void {
    if (!this.word(what) && !this.symbol(what)) {
      throw new BadQuery(`Invalid or unsupported search: expected ${what}, found '${this.token().text}'`)
    }
  }

  private name(): string {
    const token = this.token()
    if (token.kind !== "name" || RESERVED.has(token.text.toUpperCase())) {
      throw new BadQuery(`Invalid or unsupported search near '${token.text}'`)
    }
    this.at += 1
    return token.text
  }

  private select(): Select {
    if (this.isWord("WITH")) throw new BadQuery("Invalid or unsupported search: WITH is not supported")
    this.expect("SELECT")
    const top = this.word("TOP") ? this.count() : undefined
    const distinct = this.word("DISTINCT")
    const items = this.list(() => this.item())
    this.expect("FROM")
    const from = this.sources()
    const where = this.word("WHERE") ? this.expression() : undefined
    const groupBy = this.by("GROUP") ? this.list(() => this.expression()) : []
    const having = this.word("HAVING") ? this.expression() : undefined
    const orderBy = this.by("ORDER") ? this.list(() => this.order()) : []
    const most = this.fetch() ?? top
    return {
      distinct,
      items,
      from,
      groupBy,
      orderBy,
      ...(where === undefined ? {} : { where }),
      ...(having === undefined ? {} : { having }),
      ...(most === undefined ? {} : { most }),
    }
  }

  private by(word: string): boolean {
    if (!this.word(word)) return false
    this.expect("BY")
    return true
  }

  private count(): number {
    const token = this.token()
    if (token.kind !== "number") throw new BadQuery("Invalid or unsupported search: a number is expected")
    this.at += 1
    return Number(token.text)
  }

  private fetch(): number | undefined {
    if (!this.word("FETCH")) return undefined
    if (!this.word("FIRST")) this.expect("NEXT")
    const count = this.count()
    if (!this.word("ROWS")) this.expect("ROW")
    this.expect("ONLY")
    return count
  }

  private list<A>(one: () => A): ReadonlyArray<A> {
    const all = [one()]
    while (this.symbol(",")) all.push(one())
    return all
  }

  private item(): Item {
    if (this.symbol("*")) return {}
    const [first, dot, star] = [this.token(), this.token(1), this.token(2)]
    if (first.kind === "name" && dot.text === "." && star.kind === "symbol" && star.text === "*") {
      this.at += 3
      return { table: first.text }
    }
    const of = this.expression()
    const alias = this.alias()
    return alias === undefined ? { of } : { of, alias }
  }

  private alias(): string | undefined {
    if (this.word("AS")) return this.name()
    const token = this.token()
    return token.kind === "name" && !RESERVED.has(token.text.toUpperCase()) ? this.name() : undefined
  }

  private sources(): ReadonlyArray<Source> {
    const all = [this.source("first")]
    for (;;) {
      const join = this.join()
      if (join === undefined) return all
      const source = this.source(join)
      if (join === "cross") all.push(source)
      else {
        this.expect("ON")
        all.push({ ...source, on: this.expression() })
      }
    }
  }

  private join(): Source["join"] | undefined {
    if (this.symbol(",")) return "cross"
    if (this.word("CROSS")) {
      this.expect("JOIN")
      return "cross"
    }
    if (this.word("LEFT")) {
      this.word("OUTER")
      this.expect("JOIN")
      return "left"
    }
    if (this.word("INNER")) this.expect("JOIN")
    else if (!this.word("JOIN")) return undefined
    return "inner"
  }

  private source(join: Source["join"]): Source {
    if (this.symbol("(")) {
      const of = this.select()
      this.expect(")")
      return { of, alias: this.alias() ?? "", join }
    }
    const of = this.name()
    return { of, alias: this.alias() ?? of, join }
  }

  private order(): Order {
    const of = this.expression()
    const descending = this.word("DESC")
    if (!descending) this.word("ASC")
    if (this.word("NULLS") && !this.word("FIRST")) this.expect("LAST")
    return { of, descending }
  }

  private expression(): Expression {
    let left = this.both()
    while (this.word("OR")) left = { kind: "binary", op: "OR", left, right: this.both() }
    return left
  }

  private both(): Expression {
    let left = this.negation()
    while (this.word("AND")) left = { kind: "binary", op: "AND", left, right: this.negation() }
    return left
  }

  private negation(): Expression {
    return this.word("NOT") ? { kind: "not", of: this.negation() } : this.condition()
  }

  private condition(): Expression {
    const of = this.sum()
    const token = this.token()
    if (token.kind === "symbol" && ["=", "<>", "!=", "<", "<=", ">", ">="].includes(token.text)) {
      this.at += 1
      return { kind: "binary", op: token.text === "!=" ? "<>" : token.text, left: of, right: this.sum() }
    }
    if (this.word("IS")) {
      const negated = this.word("NOT")
      this.expect("NULL")
      return { kind: "isNull", of, negated }
    }
    const negated = this.word("NOT")
    if (this.word("IN")) return { kind: "in", of, list: this.members(), negated }
    if (this.word("LIKE")) return { kind: "like", of, pattern: this.sum(), negated }
    if (this.word("BETWEEN")) {
      const low = this.sum()
      this.expect("AND")
      return { kind: "between", of, low, high: this.sum(), negated }
    }
    if (negated) throw new BadQuery("Invalid or unsupported search near NOT")
    return of
  }

  private members(): ReadonlyArray<Expression> | Select {
    this.expect("(")
    const list = this.isWord("SELECT") ? this.select() : this.list(() => this.expression())
    this.expect(")")
    if (!("items" in list) && list.length > IN_ARGUMENTS) {
      throw new BadQuery(`Invalid or unsupported search: IN takes at most ${IN_ARGUMENTS} arguments`)
    }
    return list
  }

  private operators(symbols: ReadonlyArray<string>, part: () => Expression): Expression {
    let left = part()
    for (;;) {
      const token = this.token()
      if (token.kind !== "symbol" || !symbols.includes(token.text)) return left
      this.at += 1
      left = { kind: "binary", op: token.text, left, right: part() }
    }
  }

  private sum(): Expression {
    return this.operators(["+", "-", "||"], () => this.product())
  }

  private product(): Expression {
    return this.operators(["*", "/"], () => this.unary())
  }

  private unary(): Expression {
    if (this.symbol("-")) return { kind: "binary", op: "-", left: { kind: "number", text: "0" }, right: this.unary() }
    return this.primary()
  }

  private primary(): Expression {
    const token = this.token()
    if (token.kind === "number" || token.kind === "text") {
      this.at += 1
      return token.kind === "number" ? { kind: "number", text: token.text } : { kind: "literal", value: token.text }
    }
    if (this.symbol("?")) {
      this.parameters += 1
      return { kind: "parameter", index: this.parameters - 1 }
    }
    if (this.symbol("(")) {
      const of = this.expression()
      this.expect(")")
      return of
    }
    if (this.word("NULL")) return { kind: "literal", value: null }
    if (this.word("CASE")) return this.cases()
    if ((this.isWord("DATE") || this.isWord("TIMESTAMP")) && this.token(1).kind === "text") {
      throw new BadQuery("Invalid or unsupported search: date literals are not supported, use TO_DATE")
    }
    return this.named()
  }

  private cases(): Expression {
    const whens: Array<readonly [Expression, Expression]> = []
    while (this.word("WHEN")) {
      const when = this.expression()
      this.expect("THEN")
      whens.push([when, this.expression()])
    }
    const otherwise: Expression = this.word("ELSE") ? this.expression() : { kind: "literal", value: null }
    this.expect("END")
    return { kind: "case", whens, otherwise }
  }

  private named(): Expression {
    const first = this.name()
    const name = this.symbol(".") ? `${first}.${this.name()}` : first
    if (!this.symbol("(")) {
      const [table, column] = name.split(".")
      return column === undefined ? { kind: "column", name } : { kind: "column", table: table ?? "", name: column }
    }
    const distinct = this.word("DISTINCT")
    const args: ReadonlyArray<Expression> = this.isSymbol(")")
      ? []
      : this.symbol("*")
        ? [{ kind: "star" }]
        : this.list(() => this.expression())
    this.expect(")")
    return { kind: "call", name: name.toUpperCase(), args, distinct }
  }
}
