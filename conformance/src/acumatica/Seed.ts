/** Puts records into a world as if people had entered them: no session, no limits, no rights. */
import * as Custom from "./Custom.ts"
import type { EntityDef } from "./Entities.ts"
import { keyColumns } from "./Entities.ts"
import { type FormContext, IssueList } from "./forms/Form.ts"
import * as Forms from "./forms/Forms.ts"
import { docTypeLabel } from "./Labels.ts"
import { type Cell, type Doc, type Row, row, stamp, text } from "./Record.ts"
import type { Member, Shapes } from "./Shapes.ts"

export type SeedValue = string | number | boolean | null | SeedRecord | ReadonlyArray<SeedRecord>

/**
 * Members by the names of the entity in the newest version, bare: `{ CustomerID: "C1", MainContact: { Email: "a@b.c" } }`.
 * Amounts are text. Names that begin with `$` are no members.
 */
export interface SeedRecord {
  readonly [member: string]: SeedValue | undefined
  readonly $id?: string
  /** Milliseconds or ISO text; now unless told. */
  readonly $modified?: number | string
  readonly $created?: number | string
  readonly $note?: string
  /** A released document. */
  readonly $released?: boolean
  /** `{ "Document.UsrX": "value" }` */
  readonly $custom?: SeedRecord
}

export interface SeedContext extends FormContext {
  readonly shapes: Shapes
  readonly version: string
}

const isRecord = (value: SeedValue): value is SeedRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const cellOf = (member: Member & { readonly kind: "scalar" }, value: SeedValue): Cell => {
  if (typeof value === "boolean") return member.inverted ? !value : value
  if (value === null || value === "") return null
  return member.name.endsWith("DocType") ? docTypeLabel(String(value)) : String(value)
}

const fillLines = (context: SeedContext, type: string, records: ReadonlyArray<SeedRecord>): Array<Row> =>
  records.map((one) => {
    const line = row(context.guid())
    fill(context, line, one, type)
    return line
  })

const fillCustom = (target: Row, custom: SeedRecord): void => {
  for (const [name, value] of Object.entries(custom)) {
    const { field, view } = Custom.parsePath(name)
    const kept = target.custom[view] ?? {}
    kept[field] = typeof value === "boolean" ? value : value === null || value === undefined ? null : String(value)
    target.custom[view] = kept
  }
}

const fillMember = (context: SeedContext, target: Row, member: Member, value: SeedValue): void => {
  if (member.kind === "scalar") target.fields[member.source] = cellOf(member, value)
  else if (member.kind === "rows") {
    target.rows[member.source] = fillLines(context, member.type, value as ReadonlyArray<SeedRecord>)
  } else if (isRecord(value)) {
    const linked = member.source.split(".").reduce((at, name) => {
      const next = at.links[name] ?? row("")
      at.links[name] = next
      return next
    }, target)
    fill(context, linked, value, member.type)
  }
}

const fill = (context: SeedContext, target: Row, record: SeedRecord, type: string): void => {
  const shape = context.shapes.of(type, context.version)
  for (const [name, value] of Object.entries(record)) {
    if (name.startsWith("$") || value === undefined) continue
    const member = shape.get(name)
    if (member === undefined) throw new RangeError(`${type} has no member ${name}`)
    fillMember(context, target, member, value)
  }
  if (record.$custom !== undefined) fillCustom(target, record.$custom)
  if (record.$note !== undefined) target.note = record.$note
}

/** Members that the form computes and the seed gives all the same, such as a status or a balance. */
const restate = (context: SeedContext, doc: Doc, record: SeedRecord, type: string): void => {
  for (const [name, value] of Object.entries(record)) {
    const member = context.shapes.of(type, context.version).get(name)
    if (member?.kind === "scalar" && value !== undefined) doc.fields[member.source] = cellOf(member, value)
  }
}

/** The same on a copy. */
export const restated = (context: SeedContext, doc: Doc, record: SeedRecord, type: string): Doc => {
  const made = structuredClone(doc)
  restate(context, made, record, type)
  return made
}

/** Numbers a new record where the seed gives no number. */
const number = (context: SeedContext, entity: EntityDef, doc: Doc): void => {
  const column = keyColumns(entity.store).at(-1) ?? ""
  if (text(doc, column) === "") doc.fields[column] = nextNumber(context, entity)
}

/** The next free number of the entity's sequence. */
export const nextNumber = (context: FormContext, entity: EntityDef): string => {
  const { digits, prefix } = entity.numbered
  const store = context.tenant.store(entity.store)
  for (;;) {
    const count = context.tenant.next(entity.name)
    const candidate =
      entity.store === "contacts" ? String(99_999 + count) : prefix + String(count).padStart(digits, "0")
    if (!store.hasNumber(candidate)) return candidate
  }
}

export const millisOf = (at: number | string | undefined, otherwise: number): number =>
  at === undefined ? otherwise : typeof at === "number" ? at : Date.parse(at)

export const insert = (context: SeedContext, entity: EntityDef, record: SeedRecord): Doc => {
  const { $created, $id, $modified } = record
  const modified = stamp(millisOf($modified, context.now))
  const created = stamp(millisOf($created, Date.parse(modified)))
  const doc: Doc = { ...row($id ?? context.guid()), created, modified }
  const form = Forms.of(entity.store)
  form.open(doc, context)
  if (entity.store === "receivables") doc.fields["Module"] = entity.name === "SalesInvoice" ? "SO" : "AR"
  fill(context, doc, record, entity.name)
  number(context, entity, doc)
  if (record.$released === true) doc.fields["Hold"] = false
  const issues = new IssueList()
  form.close({ doc, before: undefined, sent: new Map(), context, issues })
  restate(context, doc, record, entity.name)
  context.tenant.store(entity.store).put(doc)
  return doc
}

/** Writes members over an existing record without its form, as a script in the database would. */
export const overwrite = (context: SeedContext, entity: EntityDef, doc: Doc, record: SeedRecord): Doc => {
  const made = structuredClone(doc)
  fill(context, made, record, entity.name)
  return made
}
