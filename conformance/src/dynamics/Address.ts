/** Addresses below the root: a set, then a key, then a link, a field or an action. */
import * as Errors from "./Errors.ts"
import * as Literals from "./Literals.ts"

export interface Address {
  readonly set: string
  /** By name; a single value without a name stands under the empty one. */
  readonly key?: ReadonlyMap<string, Literals.Literal>
  readonly rest: ReadonlyArray<string>
}

const bad = (): Errors.Refusal => Errors.badQuery("Bad Request - Error in query syntax.")

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw bad()
  }
}

const NAME = /(\w+)=/y

const keyAt = (source: string, start: number): readonly [ReadonlyMap<string, Literals.Literal>, end: number] => {
  const key = new Map<string, Literals.Literal>()
  let at = start
  for (;;) {
    NAME.lastIndex = at
    const name = NAME.exec(source)
    if (name !== null) at += name[0].length
    const literal = Literals.at(source, at)
    if (literal === undefined) throw bad()
    key.set(name?.[1] ?? "", literal[0])
    at = literal[1]
    if (source[at] === ")") return [key, at + 1]
    if (source[at] !== ",") throw bad()
    at += 1
  }
}

/** Reads what follows `/data/`. Slashes inside a quoted key belong to it. */
export const parse = (path: string): Address => {
  const source = decoded(path)
  const [, set = ""] = /^(\w+)/.exec(source) ?? []
  if (set === "") throw bad()
  const [key, end] = source[set.length] === "(" ? keyAt(source, set.length + 1) : [undefined, set.length]
  const rest = source.slice(end)
  if (rest !== "" && !rest.startsWith("/")) throw bad()
  const parts = rest.split("/").filter((one) => one !== "")
  return key === undefined ? { set, rest: parts } : { set, key, rest: parts }
}
