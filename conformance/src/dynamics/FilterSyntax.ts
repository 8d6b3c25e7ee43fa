/** The grammar of `$filter` as the service documents it: comparisons, arithmetic, `and`, `or`, `not`, brackets. */
import * as Errors from "./Errors.ts"
import * as Literals from "./Literals.ts"

export const COMPARISONS = ["eq", "ne", "gt", "ge", "lt", "le"] as const
export type Comparison = (typeof COMPARISONS)[number]
export type Operator = "add" | "sub" | "mul" | "div" | "divby" | "mod"

export type Node =
  | { readonly tag: "literal"; readonly literal: Literals.Literal }
  | { readonly tag: "field"; readonly name: string }
  | { readonly tag: "arithmetic"; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly tag: "compare"; readonly comparison: Comparison; readonly left: Node; readonly right: Node }
  | { readonly tag: "call"; readonly name: string; readonly args: ReadonlyArray<Node> }
  | { readonly tag: "and" | "or"; readonly left: Node; readonly right: Node }
  | { readonly tag: "not"; readonly of: Node }

const SUMS: ReadonlySet<string> = new Set(["add", "sub"])
const PRODUCTS: ReadonlySet<string> = new Set(["mul", "div", "divby", "mod"])
const WORD = /[A-Za-z_]\w*(?:[./]\w+)*/y

const syntax = (at: number): Errors.Refusal =>
  Errors.badQuery(`Syntax error at position ${at} in the $filter expression.`)

class Parser {
  private at = 0
  private readonly source: string

  constructor(source: string) {
    this.source = source
  }

  parse(): Node {
    const node = this.or()
    this.skip()
    if (this.at < this.source.length) throw this.unexpected()
    return node
  }

  private skip(): void {
    while (this.source[this.at] === " ") this.at += 1
  }

  private peek(): string {
    this.skip()
    WORD.lastIndex = this.at
    return WORD.exec(this.source)?.[0] ?? ""
  }

  private take(word: string): boolean {
    if (this.peek() !== word) return false
    this.at += word.length
    return true
  }

  private punctuation(char: string): boolean {
    this.skip()
    if (this.source[this.at] !== char) return false
    this.at += 1
    return true
  }

  private unexpected(): Errors.Refusal {
    const word = this.peek()
    if (word === "in" || word === "has") return Errors.badQuery(`The operator '${word}' is not supported.`)
    return syntax(this.at)
  }

  private or(): Node {
    let left = this.and()
    while (this.take("or")) left = { tag: "or", left, right: this.and() }
    return left
  }

  private and(): Node {
    let left = this.unary()
    while (this.take("and")) left = { tag: "and", left, right: this.unary() }
    return left
  }

  private unary(): Node {
    return this.take("not") ? { tag: "not", of: this.unary() } : this.comparison()
  }

  private comparison(): Node {
    const left = this.sum()
    const comparison = COMPARISONS.find((one) => this.take(one))
    return comparison === undefined ? left : { tag: "compare", comparison, left, right: this.sum() }
  }

  private sum(): Node {
    let left = this.product()
    for (let word = this.peek(); SUMS.has(word); word = this.peek()) {
      this.take(word)
      left = { tag: "arithmetic", operator: word as Operator, left, right: this.product() }
    }
    return left
  }

  private product(): Node {
    let left = this.primary()
    for (let word = this.peek(); PRODUCTS.has(word); word = this.peek()) {
      this.take(word)
      left = { tag: "arithmetic", operator: word as Operator, left, right: this.primary() }
    }
    return left
  }

  private primary(): Node {
    if (this.punctuation("(")) {
      const inside = this.or()
      if (!this.punctuation(")")) throw this.unexpected()
      return inside
    }
    this.skip()
    const literal = Literals.at(this.source, this.at)
    if (literal !== undefined) {
      this.at = literal[1]
      return { tag: "literal", literal: literal[0] }
    }
    const word = this.peek()
    if (word === "" || word === "in" || word === "has") throw this.unexpected()
    this.at += word.length
    return this.punctuation("(") ? this.call(word) : { tag: "field", name: word }
  }

  private call(name: string): Node {
    const args = [this.or()]
    while (this.punctuation(",")) args.push(this.or())
    if (!this.punctuation(")")) throw this.unexpected()
    return { tag: "call", name, args }
  }
}

export const parse = (source: string): Node => new Parser(source).parse()
