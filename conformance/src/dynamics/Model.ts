/**
 * What the service says of itself in `$metadata`: sets, keys, kinds of values, enumerations and links. A tenant's own fields
 * and the sets that a version lacks are laid over the standard.
 */
import { model } from "../generated/dynamics.ts"

export interface ModelText {
  readonly enums: { readonly [name: string]: string }
  readonly sets: {
    readonly [name: string]: {
      readonly type: string
      readonly keys: string
      readonly fields: string
      readonly links: string
    }
  }
}

/**
 * `date` and `instant` are the two that AX keeps apart and the wire does not; `when` is one of them, and nobody has said
 * which.
 */
export type Kind =
  | "text"
  | "decimal"
  | "int64"
  | "int32"
  | "date"
  | "instant"
  | "when"
  | "guid"
  | "binary"
  | "boolean"
  | "enum"

export interface Field {
  readonly name: string
  readonly kind: Kind
  readonly nullable: boolean
  /** Of an enumeration. */
  readonly enumeration?: string
  readonly required: boolean
  readonly editable: boolean
  readonly givenAtCreation: boolean
}

export interface Link {
  readonly name: string
  readonly target: string
  readonly many: boolean
}

export interface SetModel {
  readonly name: string
  readonly type: string
  readonly keys: ReadonlyArray<string>
  readonly fields: ReadonlyMap<string, Field>
  readonly links: ReadonlyMap<string, Link>
}

export interface Enumeration {
  readonly members: ReadonlyArray<string>
  /** What an unset one shows: the member with the number 0, or null where none has it. */
  readonly unset: string | null
}

export const NAMESPACE = "Microsoft.Dynamics.DataEntities"

const KINDS: { readonly [letter: string]: Kind } = {
  s: "text",
  d: "decimal",
  l: "int64",
  i: "int32",
  A: "date",
  U: "instant",
  D: "when",
  g: "guid",
  x: "binary",
  b: "boolean",
  e: "enum",
}

/** Shown as null when unset, though the public descriptions do not number their members. */
const WITHOUT_ZERO: ReadonlySet<string> = new Set(["Timezone", "LegalNature_IT", "PaymentType_MX"])

const words = (text: string): ReadonlyArray<string> => (text === "" ? [] : text.split(" "))

const fieldOf = (text: string): Field => {
  const [, name = "", letter = "", enumeration, flags = ""] = /^(\w+):(\w)(?:\.(\w+))?(.*)$/.exec(text) ?? []
  return {
    name,
    kind: KINDS[letter] ?? "text",
    nullable: flags.includes("?"),
    ...(enumeration === undefined ? {} : { enumeration }),
    required: flags.includes("*"),
    editable: !flags.includes("~"),
    givenAtCreation: !flags.includes("^"),
  }
}

const linkOf = (text: string): Link => {
  const [name = "", target = ""] = text.split(":")
  return { name, target: target.replace("+", ""), many: target.endsWith("+") }
}

const enumOf = (name: string, text: string): Enumeration => {
  const [first = "-", ...others] = text.split(" ")
  const members = first === "-" ? others : [first, ...others]
  return { members, unset: first === "-" || WITHOUT_ZERO.has(name) ? null : first }
}

const named = <A extends { readonly name: string }>(list: ReadonlyArray<A>): Map<string, A> =>
  new Map(list.map((one) => [one.name, one]))

/** A tenant's own field, as its developers added it to an entity. */
export interface OwnField {
  readonly set: string
  readonly name: string
  readonly kind: Kind
  /** Members of an own enumeration, whose name then is `${name}Enum`. */
  readonly members?: ReadonlyArray<string>
}

const ownOf = (own: OwnField): Field => ({
  name: own.name,
  kind: own.kind,
  nullable: own.kind === "text" || own.kind === "enum",
  ...(own.kind === "enum" ? { enumeration: own.members === undefined ? "NoYes" : `${own.name}Enum` } : {}),
  required: false,
  editable: true,
  givenAtCreation: true,
})

/** Read when a set is first asked for: a run asks for a dozen of them. */
class LazySet implements SetModel {
  readonly name: string
  readonly type: string
  readonly keys: ReadonlyArray<string>
  private readonly text: ModelText["sets"][string]
  private readonly own: ReadonlyArray<OwnField>
  private readFields: ReadonlyMap<string, Field> | undefined
  private readLinks: ReadonlyMap<string, Link> | undefined

  constructor(name: string, text: ModelText["sets"][string], own: ReadonlyArray<OwnField>) {
    this.name = name
    this.type = text.type
    this.keys = words(text.keys)
    this.text = text
    this.own = own
  }

  get fields(): ReadonlyMap<string, Field> {
    this.readFields ??= named([...words(this.text.fields).map(fieldOf), ...this.own.map(ownOf)])
    return this.readFields
  }

  get links(): ReadonlyMap<string, Link> {
    this.readLinks ??= named(words(this.text.links).map(linkOf))
    return this.readLinks
  }
}

/** The key of a set, whatever version and tenant. */
export const keysOf = (set: string): ReadonlyArray<string> => words(model.sets[set]?.keys ?? "")

export class Model {
  readonly enums: Map<string, Enumeration>
  private readonly sets: Map<string, SetModel>

  constructor(own: ReadonlyArray<OwnField> = [], absent: ReadonlyArray<string> = []) {
    this.enums = new Map(Object.entries(model.enums).map(([name, text]) => [name, enumOf(name, text)]))
    for (const { members, name } of own) if (members !== undefined) this.enums.set(`${name}Enum`, firstUnset(members))
    this.sets = new Map()
    for (const [name, text] of Object.entries(model.sets)) {
      if (absent.includes(name)) continue
      const added = own.filter((one) => one.set === name)
      this.sets.set(name, new LazySet(name, text, added))
    }
  }

  find(set: string): SetModel | undefined {
    return this.sets.get(set)
  }

  all(): ReadonlyArray<SetModel> {
    return [...this.sets.values()]
  }

  enumeration(name: string): Enumeration {
    return this.enums.get(name) ?? { members: [], unset: null }
  }
}

const firstUnset = (members: ReadonlyArray<string>): Enumeration => ({ members, unset: members[0] ?? null })
