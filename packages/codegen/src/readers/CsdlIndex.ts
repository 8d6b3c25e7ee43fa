/**
 * First pass over a `$metadata`: where each type, set and operation stands in the text and which types it needs. Only
 * names and positions are held, so that a file of any size can be cut to what was asked for.
 */
import { SaxesParser } from "saxes"
import { fail, quoted } from "../internal/fail.ts"
import type { Document } from "../internal/files.ts"

/** Positions in characters of the text, from the end of what stands before to the end of the element itself. */
export interface Piece {
  readonly start: number
  end: number
}

export interface Declared extends Piece {
  /** `EntityType`, `ComplexType`, `EnumType`, `TypeDefinition`, `Term`. */
  readonly kind: string
  /** With its namespace. */
  readonly name: string
  /** Types without which this one cannot be read. */
  readonly needs: Set<string>
}

/** `Action` and `Function`; one name may have several, bound to different types. */
export interface Operation extends Declared {
  readonly bound: boolean
  /** The type it is bound to. */
  binding: string | undefined
}

/** A member of the container: `EntitySet`, `Singleton`, `ActionImport`, `FunctionImport`. */
export interface Member extends Piece {
  readonly kind: string
  readonly name: string
  /** The type of its rows, or the operation that is imported. */
  readonly of: string
}

/** Annotations that stand apart from what they are about. */
export interface Apart extends Piece {
  readonly target: string
}

export interface SchemaIndex {
  readonly namespace: string
  /** The element as it is opened, to be written again. */
  readonly open: Piece
  readonly tag: string
  readonly types: Array<Declared>
  readonly operations: Array<Operation>
  readonly apart: Array<Apart>
  container:
    | { readonly name: string; readonly open: Piece; readonly tag: string; readonly members: Array<Member> }
    | undefined
}

export interface Index {
  /** All that stands before the first schema. */
  readonly head: Piece
  /** Tags that were open there, the innermost first. */
  readonly around: ReadonlyArray<string>
  readonly schemas: ReadonlyArray<SchemaIndex>
  /** From alias to namespace. */
  readonly aliases: ReadonlyMap<string, string>
}

const TYPES: ReadonlySet<string> = new Set(["EntityType", "ComplexType", "EnumType", "TypeDefinition", "Term"])
const OPERATIONS: ReadonlySet<string> = new Set(["Action", "Function"])
const MEMBERS: ReadonlySet<string> = new Set(["EntitySet", "Singleton", "ActionImport", "FunctionImport"])
const OLD = /schemas\.microsoft\.com\/ado\/\d{4}\/\d{2}\/edm/

const local = (tag: string): string => tag.slice(tag.indexOf(":") + 1)

/** The type inside of `Collection(...)`. */
export const bareType = (type: string): string => /^Collection\((.*)\)$/.exec(type.trim())?.[1] ?? type.trim()

type Attributes = { readonly [name: string]: string }

class Indexer {
  readonly schemas: Array<SchemaIndex> = []
  readonly aliases = new Map<string, string>()
  head: Piece | undefined
  around: ReadonlyArray<string> = []
  readonly #name: string
  readonly #parser: SaxesParser
  readonly #open: Array<string> = []
  #before = 0
  #declared: Declared | undefined
  #operation: Operation | undefined
  #member: Member | undefined
  #apart: Apart | undefined

  constructor(name: string, parser: SaxesParser) {
    this.#name = name
    this.#parser = parser
  }

  opened(tag: string, attributes: Attributes): void {
    const depth = this.#open.length
    const kind = local(tag)
    if (depth === 0) this.#root(kind, attributes)
    this.#open.push(tag)
    const schema = this.schemas.at(-1)
    if (kind === "Schema") this.#schema(tag, attributes)
    else if (schema !== undefined) this.#inSchema(schema, kind, tag, attributes)
    this.#before = this.#parser.position
  }

  closed(): void {
    const tag = this.#open.pop() ?? ""
    const kind = local(tag)
    const end = this.#parser.position
    const inner = kind === "Annotation" || kind === "Annotations" ? this.#apart : undefined
    if (TYPES.has(kind) && this.#declared !== undefined) {
      this.#declared.end = end
      this.#declared = undefined
    } else if (OPERATIONS.has(kind) && this.#operation !== undefined) {
      this.#operation.end = end
      this.#operation = undefined
    } else if (MEMBERS.has(kind) && this.#member !== undefined) {
      this.#member.end = end
      this.#member = undefined
    } else if (kind === "Annotations" && inner !== undefined) {
      inner.end = end
      this.#apart = undefined
    }
    this.#before = end
  }

  #root(kind: string, attributes: Attributes): void {
    if (kind !== "Edmx")
      fail("NotADescription", `${this.#name} is XML of another kind: its root is ${quoted(kind)}, not Edmx`, this.#name)
    const version = attributes["Version"] ?? ""
    if (!version.startsWith("4")) {
      fail(
        "WrongFormat",
        `${this.#name} is OData metadata of version ${quoted(version)}; version 4 is read`,
        this.#name,
      )
    }
  }

  #schema(tag: string, attributes: Attributes): void {
    const namespace = attributes["Namespace"] ?? ""
    if (OLD.test(Object.values(attributes).join(" "))) {
      fail("WrongFormat", `${this.#name} is OData metadata before version 4; ask the service for version 4`, this.#name)
    }
    if (this.head === undefined) {
      this.head = { start: 0, end: this.#before }
      this.around = this.#open.slice(0, -1).reverse()
    }
    if (attributes["Alias"] !== undefined) this.aliases.set(attributes["Alias"], namespace)
    const open = { start: this.#before, end: this.#parser.position }
    this.schemas.push({ namespace, open, tag, types: [], operations: [], apart: [], container: undefined })
  }

  #inSchema(schema: SchemaIndex, kind: string, tag: string, attributes: Attributes): void {
    const piece = { start: this.#before, end: this.#parser.position }
    const name = attributes["Name"] ?? ""
    const above = local(this.#open.at(-2) ?? "")
    if (above === "Schema") {
      const declared = { ...piece, kind, name: `${schema.namespace}.${name}`, needs: new Set<string>() }
      if (TYPES.has(kind)) {
        this.#declared = declared
        schema.types.push(declared)
        this.#needs(declared, attributes["BaseType"])
        this.#needs(declared, attributes["UnderlyingType"])
      } else if (OPERATIONS.has(kind)) {
        this.#operation = { ...declared, bound: attributes["IsBound"] === "true", binding: undefined }
        schema.operations.push(this.#operation)
      } else if (kind === "EntityContainer") schema.container = { name, open: piece, tag, members: [] }
      else if (kind === "Annotations") {
        this.#apart = { ...piece, target: attributes["Target"] ?? "" }
        schema.apart.push(this.#apart)
      }
    } else if (above === "EntityContainer" && MEMBERS.has(kind) && schema.container !== undefined) {
      const of = attributes["EntityType"] ?? attributes["Type"] ?? attributes["Action"] ?? attributes["Function"] ?? ""
      this.#member = { ...piece, kind, name, of }
      schema.container.members.push(this.#member)
    } else this.#part(kind, attributes)
  }

  /** A member of a type, or a parameter of an operation. */
  #part(kind: string, attributes: Attributes): void {
    if (kind === "Property") this.#needs(this.#declared, attributes["Type"])
    else if (kind === "NavigationProperty" && attributes["ContainsTarget"] === "true")
      this.#needs(this.#declared, attributes["Type"])
    else if (kind === "Parameter" && this.#operation !== undefined) {
      const type = bareType(attributes["Type"] ?? "")
      const first = this.#operation.binding === undefined && this.#operation.needs.size === 0
      if (this.#operation.bound && first) this.#operation.binding = type
      this.#needs(this.#operation, type)
    } else if (kind === "ReturnType") this.#needs(this.#operation, attributes["Type"])
  }

  #needs(of: Declared | undefined, type: string | undefined): void {
    if (of !== undefined && type !== undefined && type !== "") of.needs.add(bareType(type))
  }
}

const broken = (name: string, error: Error, parser: SaxesParser): never => {
  const at = `${name}:${parser.line}:${parser.column}`
  const why = error.message.replace(/^\d+:\d+: /, "")
  if (/^unclosed tag|^document must contain a root|^unexpected end/.test(why)) {
    return fail("Truncated", `${name} ends in the middle (${why}); fetch it again`, at)
  }
  return fail("NotADescription", `${at} is no well-formed XML: ${why}`, at)
}

export const index = async (document: Document): Promise<Index> => {
  const parser = new SaxesParser()
  const { name } = document
  const indexer = new Indexer(name, parser)
  parser.on("doctype", () => {
    fail("Refused", `${name} declares a document type (DTD), by which it could read other files; it is refused`, name)
  })
  parser.on("opentag", (tag) => {
    indexer.opened(tag.name, tag.attributes as Attributes)
  })
  parser.on("closetag", () => indexer.closed())
  parser.on("error", (error) => broken(name, error, parser))
  for await (const chunk of document.chunks()) parser.write(chunk)
  parser.close()
  if (indexer.head === undefined) return fail("NotADescription", `${name} has no schema in it`, name)
  return { head: indexer.head, around: indexer.around, schemas: indexer.schemas, aliases: indexer.aliases }
}
