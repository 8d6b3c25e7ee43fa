/**
 * Makes or verifies the Custom Fields that we own: on every doctype that we write the unique field that carries our key, and
 * on lines the one that carries theirs. Run again it changes nothing. A field of the same name that is another one is told
 * as a mismatch and left alone. Making one takes the role of a system manager; verifying takes none.
 */

import type { Declaration, Prepared } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { FieldMeta } from "./internal/Catalog.ts"
import type { Context } from "./internal/Context.ts"
import { definedBody } from "./internal/Writer.ts"
import { NAME_LENGTH } from "./Limits.ts"
import type { Settings } from "./Settings.ts"

/** The names by which declarations speak of what has no port of its own. */
export const LINE = "Line"
export const ADDRESS = "Address"

interface Place {
  readonly doctype: string
  /** The doctype whose meta shows it, where it is a child. */
  readonly parent: string
}

const of = (doctype: string): Place => ({ doctype, parent: doctype })

const PLACES: { readonly [entity: string]: ReadonlyArray<Place> | undefined } = {
  Account: [of("Customer")],
  Contact: [of("Contact")],
  Product: [of("Item")],
  Order: [of("Sales Order")],
  Invoice: [of("Sales Invoice")],
  Payment: [of("Payment Entry")],
  [ADDRESS]: [of("Address")],
  [LINE]: [
    { doctype: "Sales Order Item", parent: "Sales Order" },
    { doctype: "Sales Invoice Item", parent: "Sales Invoice" },
  ],
}

/** All that the connector itself needs. */
export const declarations = ({ keyField, lineKeyField }: Settings): ReadonlyArray<Declaration> => [
  ...["Account", "Contact", ADDRESS, "Order", "Invoice"].map((entity) => ({
    entity,
    name: keyField,
    type: "text" as const,
    label: "Integration Key",
    description: "Names the record in the other system. Do not edit: the integration finds the record by it.",
    unique: true,
  })),
  { entity: LINE, name: lineKeyField, type: "text", label: "Integration Line Key" },
]

const TYPES = {
  text: "Data",
  number: "Float",
  date: "Date",
  dateTime: "Datetime",
  boolean: "Check",
  choice: "Select",
} as const

/** `no_copy`: an amended or duplicated document is another one, and its key would clash. */
const bodyOf = (declaration: Declaration, { doctype }: Place) =>
  definedBody({
    dt: doctype,
    fieldname: declaration.name,
    label: declaration.label,
    fieldtype: TYPES[declaration.type],
    description: declaration.description,
    options: declaration.type === "choice" ? (declaration.choices ?? []).join("\n") : undefined,
    length: declaration.type === "text" ? NAME_LENGTH : undefined,
    unique: declaration.unique === true ? 1 : undefined,
    no_copy: 1,
  })

/** How a field that is there differs from what was declared; undefined when it does not. */
const difference = (declaration: Declaration, { doctype }: Place, field: FieldMeta): string | undefined => {
  const type = TYPES[declaration.type]
  if (field.type !== type) return `${doctype}.${declaration.name} is ${field.type}, ${type} is needed`
  if (declaration.unique === true && !field.unique)
    return `${doctype}.${declaration.name} is not unique; an administrator has to make it so, once no value stands there twice`
  const options = new Set((field.options ?? "").split("\n"))
  const missing = (declaration.choices ?? []).filter((choice) => !options.has(choice))
  return missing.length === 0 ? undefined : `${doctype}.${declaration.name} lacks the options ${missing.join(", ")}`
}

type Verdict = { readonly result: Prepared["result"]; readonly message?: string }

const RANK: ReadonlyArray<Prepared["result"]> = ["present", "created", "mismatch", "unsupported"]

/** One declaration may be for several doctypes: what is worst about them is what is told. */
const worst = (declaration: Declaration, verdicts: ReadonlyArray<Verdict>): Prepared => {
  const [first = { result: "present" as const }] = [...verdicts].sort(
    (a, b) => RANK.indexOf(b.result) - RANK.indexOf(a.result),
  )
  return { declaration, ...first }
}

/** Refused for what it is, or to whom; not because something stood in the way. */
const isRefusal = ({ reason }: ConnectorError): boolean =>
  ["Invalid", "Duplicate", "Forbidden", "NotFound", "MissingReference"].includes(reason._tag)

const fieldOf = ({ catalog }: Context, { doctype, parent }: Place, name: string) =>
  Effect.map(catalog.fields(parent, doctype), (fields) => fields.get(name))

const fresh = (context: Context, place: Place, name: string) =>
  Effect.suspend(() => {
    context.catalog.forget(place.parent)
    return fieldOf(context, place, name)
  })

const verdictOf = (declaration: Declaration, place: Place, field: FieldMeta, created: boolean): Verdict => {
  const message = difference(declaration, place, field)
  return message === undefined ? { result: created ? "created" : "present" } : { result: "mismatch", message }
}

const create = (context: Context, declaration: Declaration, place: Place): Effect.Effect<Verdict, ConnectorError> =>
  Effect.gen(function* () {
    const { name } = declaration
    const lookup = Effect.map(fresh(context, place, name), Option.fromUndefinedOr)
    const made = yield* Effect.result(context.documents.create("Custom Field", bodyOf(declaration, place), lookup))
    const field = yield* fresh(context, place, name)
    if (field !== undefined) return verdictOf(declaration, place, field, made._tag === "Success")
    if (made._tag === "Failure" && !isRefusal(made.failure)) return yield* Effect.fail(made.failure)
    const why =
      made._tag === "Success"
        ? "the site took the field and does not show it"
        : made.failure.reason._tag === "Forbidden"
          ? "the user may not make Custom Fields; an administrator adds it"
          : made.failure.reason.message
    return { result: "unsupported", message: `${place.doctype}.${name} is missing: ${why}` }
  })

const one = (context: Context, declaration: Declaration, place: Place): Effect.Effect<Verdict, ConnectorError> =>
  Effect.gen(function* () {
    const field = yield* fieldOf(context, place, declaration.name)
    if (field !== undefined) return verdictOf(declaration, place, field, false)
    if (!context.settings.readOnly) return yield* create(context, declaration, place)
    const message = `${place.doctype}.${declaration.name} is missing, and the connector was opened read-only`
    return { result: "unsupported", message }
  })

export const prepare =
  (context: Context) =>
  (
    wanted: ReadonlyArray<Declaration> = declarations(context.settings),
  ): Effect.Effect<ReadonlyArray<Prepared>, ConnectorError> =>
    Effect.gen(function* () {
      for (const place of new Set(Object.values(PLACES).flatMap((places) => places ?? [])))
        context.catalog.forget(place.parent)
      const results: Array<Prepared> = []
      for (const declaration of wanted) {
        const places = PLACES[declaration.entity]
        if (places === undefined) {
          const message = `${declaration.entity} is no entity of this connector`
          results.push({ declaration, result: "unsupported", message })
          continue
        }
        const verdicts = yield* Effect.forEach(places, (place) => one(context, declaration, place))
        results.push(worst(declaration, verdicts))
      }
      return results
    })
