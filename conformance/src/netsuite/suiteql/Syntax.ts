/** The parts of a query as they were read. */

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | null }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "column"; readonly table?: string; readonly name: string }
  | {
      readonly kind: "call"
      readonly name: string
      readonly args: ReadonlyArray<Expression>
      readonly distinct: boolean
    }
  | { readonly kind: "star" }
  | { readonly kind: "binary"; readonly op: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | {
      readonly kind: "in"
      readonly of: Expression
      readonly list: ReadonlyArray<Expression> | Select
      readonly negated: boolean
    }
  | { readonly kind: "like"; readonly of: Expression; readonly pattern: Expression; readonly negated: boolean }
  | {
      readonly kind: "between"
      readonly of: Expression
      readonly low: Expression
      readonly high: Expression
      readonly negated: boolean
    }
  | { readonly kind: "isNull"; readonly of: Expression; readonly negated: boolean }
  | {
      readonly kind: "case"
      readonly whens: ReadonlyArray<readonly [when: Expression, then: Expression]>
      readonly otherwise: Expression
    }

export interface Item {
  /** Undefined for `*` or `t.*`. */
  readonly of?: Expression
  readonly table?: string
  readonly alias?: string
}

export interface Source {
  readonly of: string | Select
  readonly alias: string
  readonly join: "first" | "inner" | "left" | "cross"
  readonly on?: Expression
}

export interface Order {
  readonly of: Expression
  readonly descending: boolean
}

export interface Select {
  readonly distinct: boolean
  readonly items: ReadonlyArray<Item>
  readonly from: ReadonlyArray<Source>
  readonly where?: Expression
  readonly groupBy: ReadonlyArray<Expression>
  readonly having?: Expression
  readonly orderBy: ReadonlyArray<Order>
  /** TOP, or FETCH FIRST. */
  readonly most?: number
}

/** The conditions that all have to hold. */
export const conjuncts = (of: Expression | undefined): ReadonlyArray<Expression> => {
  if (of === undefined) return []
  return of.kind === "binary" && of.op === "AND" ? [...conjuncts(of.left), ...conjuncts(of.right)] : [of]
}

/** The parts of an expression, itself first; not into queries within it. */
export const walk = function* (of: Expression): Generator<Expression> {
  yield of
  for (const part of partsOf(of)) yield* walk(part)
}

const partsOf = (of: Expression): ReadonlyArray<Expression> => {
  switch (of.kind) {
    case "call":
      return of.args
    case "binary":
      return [of.left, of.right]
    case "not":
    case "isNull":
      return [of.of]
    case "in":
      return "items" in of.list ? [of.of] : [of.of, ...of.list]
    case "like":
      return [of.of, of.pattern]
    case "between":
      return [of.of, of.low, of.high]
    case "case":
      return [...of.whens.flat(), of.otherwise]
    default:
      return []
  }
}
