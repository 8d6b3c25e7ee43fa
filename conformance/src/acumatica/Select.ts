/** `$select`, `$expand` and `$custom`: which members of a record an answer shows. */
import type { CustomDef } from "./Custom.ts"
import { parsePath } from "./Custom.ts"
import * as Errors from "./Errors.ts"
import type { Shapes } from "./Shapes.ts"
import type { Contract } from "./Wrap.ts"

export interface Pick {
  /** Every scalar of this level. */
  all: boolean
  readonly fields: Set<string>
  readonly nested: Map<string, Pick>
  /** Custom fields of this level: `View.Field`, or `View.*`. */
  readonly custom: Set<string>
  /** Only these lines; all of them when absent. */
  only?: Set<string>
  files: boolean
}

export interface Query {
  readonly select?: string
  readonly expand?: string
  readonly custom?: string
}

export const pick = (all: boolean): Pick => ({
  all,
  fields: new Set(),
  nested: new Map(),
  custom: new Set(),
  files: false,
})

type Tree = Map<string, Tree>

const splitTop = (text: string): ReadonlyArray<string> => {
  const parts: Array<string> = []
  let depth = 0
  let part = ""
  for (const char of text) {
    if (char === "(") depth += 1
    if (char === ")") depth -= 1
    if (char === "," && depth === 0) {
      parts.push(part)
      part = ""
    } else part += char
  }
  return [...parts, part].map((one) => one.trim()).filter((one) => one !== "")
}

const grow = (tree: Tree, name: string): Tree => {
  const branch = tree.get(name) ?? new Map<string, Tree>()
  tree.set(name, branch)
  return branch
}

/** Up to contract 4 `MainContact,MainContact/Address`; contract 5 `MainContact($expand=Address)`. */
const expandTree = (text: string, contract: Contract): Tree => {
  const tree: Tree = new Map()
  for (const part of splitTop(text)) {
    const inner = /^(\w+)\(\$expand=(.*)\)$/.exec(part)
    if ((inner !== null) !== (contract === 5) && (inner !== null || part.includes("/"))) {
      throw Errors.badQuery(`The expand expression '${part}' is not valid.`)
    }
    if (inner !== null) {
      const branch = grow(tree, inner[1] ?? "")
      for (const [name, below] of expandTree(inner[2] ?? "", contract)) branch.set(name, below)
    } else part.split("/").reduce(grow, tree)
  }
  return tree
}

const selectTree = (text: string): Tree => {
  const tree: Tree = new Map()
  for (const part of splitTop(text)) part.split("/").reduce(grow, tree)
  return tree
}

/** Members that every entity has beside those of its type. */
const COMMON: ReadonlySet<string> = new Set(["id", "rowNumber", "note", "custom", "files", "Translations"])

const isCommon = (name: string): boolean => COMMON.has(name) || name.startsWith("custom.")

interface Build {
  readonly shapes: Shapes
  readonly version: string
}

/** Without `select` every scalar; with it only what is named, and a nested member only if it is expanded as well. */
const level = (build: Build, type: string, select: Tree | undefined, expand: Tree): Pick => {
  const shape = build.shapes.of(type, build.version)
  for (const name of [...(select?.keys() ?? []), ...expand.keys()]) {
    if (!shape.has(name) && !isCommon(name)) {
      throw Errors.badQuery(`Could not find a property named '${name}' on type 'Default.${type}'.`)
    }
  }
  const made = pick(select === undefined)
  made.files = expand.has("files")
  for (const name of select?.keys() ?? []) {
    if (name.startsWith("custom.")) made.custom.add(`${name.slice(7)}.*`)
    else if (shape.get(name)?.kind === "scalar") made.fields.add(name)
  }
  for (const [name, below] of expand) {
    const member = shape.get(name)
    if (member === undefined || member.kind === "scalar") continue
    const chosen = select?.get(name)
    if (select !== undefined && chosen === undefined) continue
    const inner = chosen === undefined || chosen.size === 0 ? undefined : chosen
    made.nested.set(name, level(build, member.type, inner, below))
  }
  return made
}

const addCustom = (root: Pick, text: string): void => {
  for (const part of splitTop(text)) {
    const { field, path, view } = parsePath(part)
    const names = path === "" ? [] : path.split("/")
    // A nested field shows only when its parent is expanded.
    let at: Pick | undefined = root
    for (const name of names) at = at?.nested.get(name)
    at?.custom.add(`${view}.${field}`)
  }
}

export const fromQuery = (build: Build, type: string, contract: Contract, query: Query): Pick => {
  const select = query.select === undefined ? undefined : selectTree(query.select)
  const expand = expandTree(query.expand ?? "", contract)
  const root = level(build, type, select, expand)
  if (query.custom !== undefined) addCustom(root, query.custom)
  return root
}

/** First members that a list with this query goes to the database for by name. */
export const touched = (query: Query, contract: Contract): ReadonlySet<string> => {
  const select = query.select === undefined ? [] : [...selectTree(query.select).keys()]
  return new Set([...select, ...expandTree(query.expand ?? "", contract).keys()])
}

export const shows = (custom: ReadonlySet<string>, def: CustomDef): boolean =>
  custom.has(`${def.view}.${def.field}`) || custom.has(`${def.view}.*`)

/** Both together: what was sent and what was asked for. */
export const union = (a: Pick, b: Pick): Pick => {
  const made = pick(a.all || b.all)
  made.files = a.files || b.files
  for (const one of [a, b]) {
    for (const name of one.fields) made.fields.add(name)
    for (const name of one.custom) made.custom.add(name)
    for (const [name, below] of one.nested) {
      const other = made.nested.get(name)
      made.nested.set(name, other === undefined ? below : union(other, below))
    }
  }
  if (a.only !== undefined && b.only !== undefined) made.only = new Set([...a.only, ...b.only])
  return made
}
