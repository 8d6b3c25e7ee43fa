/** A record as the record API shows it. Members without a value are left out. */
import * as Json from "@mortise/core/Json"
import * as Labels from "./Labels.ts"
import * as Receivables from "./Receivables.ts"
import type { Cell, Doc, Line, Row } from "./Record.ts"
import * as Record from "./Record.ts"
import type { Member, Shape } from "./Shapes.ts"
import * as Types from "./Types.ts"
import type { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

export interface View {
  readonly world: NetSuiteWorld
  /** `https://…/services/rest/record/v1` */
  readonly base: string
  readonly expand: boolean
  readonly bareEnums: boolean
}

const self = (href: string) => [{ rel: "self", href }]

/** Doubles show at least one digit behind the point. */
const double = (text: string): Json.JsonNumber => new Json.JsonNumber({ text: text.includes(".") ? text : `${text}.0` })

const reference = (view: View, id: string, member: Member & { readonly kind: "ref" | "refs" }): unknown => {
  const target = member.table === undefined ? undefined : view.world.table(member.table).get(id)
  const type = target?.type ?? member.to
  const externalId = target === undefined ? "" : Record.text(target, "externalId")
  return {
    links: self(`${view.base}/${type}/${id}`),
    id,
    ...(externalId === "" ? {} : { externalId }),
    ...(target === undefined ? {} : { refName: view.world.nameOf(target) }),
  }
}

const scalar = (view: View, type: string, name: string, member: Member, cell: string | boolean): unknown => {
  const text = String(cell)
  switch (member.kind) {
    case "boolean":
      return cell
    case "integer":
      return new Json.JsonNumber({ text })
    case "number":
      return double(text)
    case "dateTime":
      return Zone.utc(Number(text), view.world.knobs.granularity)
    case "ref":
      return reference(view, text, member)
    case "enum":
      return view.bareEnums ? text : { id: text, refName: Labels.labelOf(type, name, text) }
    default:
      return text
  }
}

/** What an application shows of its invoice. */
const applied = (view: View, line: Line, name: string): Cell | undefined => {
  const invoice = view.world.table("transactions").get(Record.text(line, "doc"))
  if (invoice === undefined) return undefined
  const values: { readonly [field: string]: Cell | undefined } = {
    due: invoice.fields["amountRemaining"],
    total: invoice.fields["total"],
    refNum: invoice.fields["tranId"],
    applyDate: invoice.fields["tranDate"],
    type: "Invoice",
  }
  return values[name]
}

/** What the record does not keep and its form shows. */
const derived = (view: View, type: string, row: Row, name: string): Cell | undefined => {
  if (type === "apply") return applied(view, row as Line, name)
  if (!("modified" in row)) return undefined
  const doc = row as Doc
  if (name === "lastModifiedDate") return String(doc.modified)
  if (name === "dateCreated" || name === "createdDate") return String(doc.created)
  if (name === "id") return doc.id
  if (type !== "customer" || !["balance", "overdueBalance", "daysOverdue"].includes(name)) return undefined
  const standing = Receivables.standing(view.world, doc)
  if (name === "daysOverdue") return String(standing.days)
  return name === "balance" ? standing.balance : standing.overdue
}

export const cellOf = (view: View, type: string, row: Row, name: string): Cell =>
  row.fields[name] ?? derived(view, type, row, name) ?? null

const rowsOf = (view: View, type: string, doc: Doc, name: string, member: Member, href: string): unknown => {
  const rows = Record.lines(doc, name)
  const items = rows.map((row, index) => {
    if (member.kind === "refs") return reference(view, Record.text(row, "id"), member)
    if (member.kind !== "sub") return undefined
    const key = name === "apply" ? `doc=${Record.text(row, "doc")}` : (row.fields["line"] ?? index + 1)
    const kind = name === "apply" ? "apply" : type
    return { links: self(`${href}/${key}`), ...membersOf(view, kind, row, member.of, `${href}/${key}`) }
  })
  return { links: self(href), items, totalResults: items.length, count: items.length, offset: 0, hasMore: false }
}

const memberOf = (view: View, type: string, row: Row, name: string, member: Member, href: string): unknown => {
  if (member.kind === "sub" || member.kind === "refs") {
    return view.expand ? rowsOf(view, type, row as Doc, name, member, href) : { links: self(href) }
  }
  if (member.kind === "part") {
    const part = row.parts[name]
    if (part === undefined) return undefined
    return view.expand ? { links: self(href), ...membersOf(view, type, part, member.of, href) } : { links: self(href) }
  }
  const cell = cellOf(view, type, row, name)
  return cell === null ? undefined : scalar(view, type, name, member, cell)
}

const membersOf = (view: View, type: string, row: Row, shape: Shape, href: string, fields?: ReadonlySet<string>) => {
  const shown: { [name: string]: unknown } = {}
  for (const [name, member] of shape.members) {
    if (fields !== undefined && !fields.has(name)) continue
    const value = memberOf(view, type, row, name, member, `${href}/${name}`)
    if (value !== undefined) shown[name] = value
  }
  return shown
}

/** `fields` limits what is shown; none of a sublist's can be asked for. */
export const record = (view: View, doc: Doc, fields?: ReadonlySet<string>) => {
  const href = `${view.base}/${doc.type}/${doc.id}`
  const shape = view.world.shapes.of(doc.type)
  const absent = new Set(view.world.knobs.missingFields[doc.type] ?? [])
  const members = membersOf(view, doc.type, doc, shape, href, fields)
  return {
    links: self(href),
    ...Object.fromEntries(Object.entries(members).filter(([name]) => !absent.has(name))),
    id: doc.id,
    ...(Types.get(doc.type).group === "transactions" && fields === undefined
      ? { refName: view.world.nameOf(doc) }
      : {}),
  }
}
