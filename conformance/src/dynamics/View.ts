/** One record as one entity set shows it. */
import * as Dimensions from "./Dimensions.ts"
import * as Errors from "./Errors.ts"
import { type Field, NAMESPACE, type SetModel } from "./Model.ts"
import { type Cell, type Doc, NO_INSTANT, recId, text } from "./Record.ts"
import * as Sets from "./Sets.ts"
import * as Values from "./Values.ts"
import type { DynamicsWorld } from "./World.ts"

export interface View {
  readonly world: DynamicsWorld
  readonly set: Sets.SetDef
  readonly model: SetModel
}

export const typeName = (view: View): string => `${NAMESPACE}.${view.model.type}`

export const field = (view: View, name: string): Field => {
  const found = view.model.fields.get(name)
  if (found !== undefined) return found
  throw Errors.badQuery(`Could not find a property named '${name}' on type '${typeName(view)}'.`)
}

export const nameOf = (doc: Doc): string => {
  const person = [text(doc, "PersonFirstName"), text(doc, "PersonMiddleName"), text(doc, "PersonLastName")]
  return text(doc, "PartyType") === "Person"
    ? person.filter((one) => one !== "").join(" ")
    : text(doc, "OrganizationName")
}

const computed = (view: View, doc: Doc, name: string): Cell => {
  const unstamped = view.world.knobs.bi === "unstamped"
  switch (name) {
    case "$recId":
      return recId(doc)
    case "$version":
      return String(doc.sources[0]?.[0] ?? 0)
    case "$modified":
      return unstamped ? NO_INSTANT : doc.modified
    case "$created":
      return doc.created
    case "$party":
      return String(doc.sources[4]?.[1] ?? 0)
    case "$sales":
      return "Sales"
    default:
      return nameOf(doc)
  }
}

/** The cell as it is compared and shown. */
export const cell = (view: View, doc: Doc, field: Field): Cell => {
  const name = Sets.column(view.set, field.name)
  if (name === "dataAreaId") return field.name === "dataAreaId" ? doc.company : doc.company.toUpperCase()
  if (name.startsWith("$")) return computed(view, doc, name)
  const kept = doc.fields[name]
  if (kept === undefined) return Values.empty(view.world.model, field)
  if (Dimensions.isSet(name)) return Dimensions.render(kept, view.world.dimensionFormat())
  if (Dimensions.isLedgerAccount(name)) return Dimensions.render(kept, view.world.ledgerFormat())
  return Dimensions.isAccount(name) ? Dimensions.escaped(kept ?? "", view.world.knobs.delimiter) : kept
}

/** The weak ETag: version and id of every row of the join. */
export const etag = (view: View, doc: Doc): string => {
  const pairs = Array.from({ length: view.set.pairs }, (_, place) => (doc.sources[place] ?? [0, 0]).join(","))
  return `W/"${Buffer.from(`'${pairs.join(";")}'`).toString("base64")}"`
}

/** The key as an address shows it. */
export const address = (view: View, doc: Doc): string => {
  const parts = view.model.keys.map((name) => {
    const field = view.model.fields.get(name) as Field
    const value = cell(view, doc, field) ?? ""
    return [
      name,
      Values.isNumber(field) || Values.isTime(field) || field.kind === "guid" ? value : literal(field, value),
    ]
  })
  const inside = parts.length === 1 ? (parts[0]?.[1] ?? "") : parts.map((part) => part.join("=")).join(",")
  return `${view.set.name}(${inside})`
}

const literal = (field: Field, value: string): string => {
  const quoted = `'${encodeURIComponent(value.replaceAll("'", "''"))}'`
  return field.kind === "enum" ? `${Values.typeName(field)}${quoted}` : quoted
}
