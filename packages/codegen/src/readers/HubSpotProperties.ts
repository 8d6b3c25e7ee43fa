/**
 * What a portal answers when it is asked for the properties of an object type, laid over the description of the API: there a
 * record holds texts by whatever name, here by the names that the portal has.
 */
import type { CustomField, Schema } from "../Description.ts"
import { withoutNotes } from "../internal/custom.ts"
import type { Draft, EntityDraft } from "../internal/Draft.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import { orNull } from "../internal/schemas.ts"
import { specialise, titled } from "../internal/specialise.ts"

const isProperty = (one: JsonObject): boolean =>
  typeof one["name"] === "string" && typeof one["type"] === "string" && typeof one["fieldType"] === "string"

const listOf = (parsed: Json): ReadonlyArray<JsonObject> =>
  objectsOf(isObject(parsed) ? parsed["results"] : parsed).filter(isProperty)

/** Whether this is such an answer. */
export const isOne = (parsed: Json): boolean => listOf(parsed).length > 0

/** Asked for in the singular, named in the plural. */
const PLURALS: { readonly [singular: string]: string } = {
  commerce_payment: "commerce_payments",
  company: "companies",
  contact: "contacts",
  deal: "deals",
  invoice: "invoices",
  line_item: "line_items",
  order: "orders",
  product: "products",
  ticket: "tickets",
}

/** The answer does not say which object type it is about; the file that it was kept in does. */
const objectTypeOf = (file: string): string => {
  const stem = file.replace(/\.[^.]+$/, "")
  const words = stem
    .split("/")
    .at(-1)
    ?.replaceAll(/(?:^|[-_.])propert(?:y|ies)(?=$|[-_.])/g, "")
    .replaceAll(/^[-_.]+|[-_.]+$/g, "")
  const name = words === undefined || words === "" ? (stem.split("/").at(-2) ?? "") : words
  return PLURALS[name] ?? name
}

const optionsOf = (property: JsonObject): ReadonlyArray<string> =>
  objectsOf(property["options"]).flatMap((option) => textOf(option["value"]) ?? [])

/** Several choices are one text, with semicolons between. */
const isSeveral = (property: JsonObject): boolean =>
  property["type"] === "enumeration" && property["fieldType"] === "checkbox"

const choicesOf = (property: JsonObject): Schema => {
  const options = [...new Set(optionsOf(property))]
  if (property["externalOptions"] === true || options.length === 0) return { type: "string" }
  return isSeveral(property) ? { type: "string", "x-enum-flags": options } : { type: "string", enum: options }
}

/** Every value travels as text; what the text means is told by its format. */
const valueOfProperty = (property: JsonObject): Schema => {
  switch (property["type"]) {
    case "number":
      return { type: "string", format: "decimal" }
    case "date":
      return { type: "string", format: "date" }
    case "datetime":
      return { type: "string", format: "date-time" }
    case "bool":
      return { type: "string", enum: ["true", "false"] }
    case "enumeration":
      return choicesOf(property)
    default:
      return { type: "string" }
  }
}

const isReadOnly = (property: JsonObject): boolean => {
  const meta = property["modificationMetadata"]
  return property["calculated"] === true || (isObject(meta) && meta["readOnlyValue"] === true)
}

/** What a comparison needs beside the type: most properties are texts on the wire. */
const meaningOf = (property: JsonObject): Schema => {
  const target = textOf(property["referencedObjectType"])
  const type = isSeveral(property) ? "checkbox" : String(property["type"])
  return { "x-mortise-type": type, ...(target === undefined ? {} : { "x-mortise-target": target }) }
}

const schemaOfProperty = (property: JsonObject): Schema => ({
  ...orNull(valueOfProperty(property)),
  ...meaningOf(property),
  ...(isReadOnly(property) ? { readOnly: true } : {}),
})

const customOf = (properties: ReadonlyArray<JsonObject>): ReadonlyArray<CustomField> =>
  properties
    .filter((property) => property["hubspotDefined"] !== true)
    .map((property) => ({
      name: String(property["name"]),
      schema: withoutNotes(orNull(valueOfProperty(property))),
      readOnly: isReadOnly(property),
    }))

const checkDoubles = (properties: ReadonlyArray<JsonObject>, file: string): void => {
  const seen = new Set<string>()
  for (const { name } of properties) {
    const text = String(name)
    if (seen.has(text))
      fail("DuplicateSchema", `${file} defines the property ${quoted(text)} twice; only one can be meant`, file)
    seen.add(text)
  }
}

/** One page of several is not the whole, and HubSpot has no name for the others. */
const checkPages = (parsed: Json, file: string): void => {
  const paging = isObject(parsed) ? parsed["paging"] : undefined
  if (isObject(paging) && isObject(paging["next"]))
    fail("Truncated", `${file} is one page of several; put the \`results\` of all into one file`, file)
}

/** Lays one answer over the draft. */
export const overlay = (draft: Draft, file: string, parsed: Json): Draft => {
  checkPages(parsed, file)
  const properties = listOf(parsed).filter((property) => property["archived"] !== true)
  checkDoubles(properties, file)
  const type = objectTypeOf(file)
  if (type === "")
    fail("NotADescription", `${file} holds properties of an unknown object type; name the file after it`, file)
  const record = `${titled(type)}Properties`
  const schema: Schema = {
    type: "object",
    properties: Object.fromEntries(
      properties.map((property) => [String(property["name"]), schemaOfProperty(property)]),
    ),
  }
  const { document, paths } = specialise(draft.openapi31, type, record)
  const entity: EntityDraft = {
    name: type,
    schema: record,
    paths,
    keys: properties.some(({ name }) => name === "hs_object_id") ? ["hs_object_id"] : [],
    numberSequenceKeys: ["hs_object_id"],
    custom: customOf(properties),
  }
  const schemas = { ...document.components.schemas, [record]: schema }
  return {
    openapi31: { ...document, components: { ...document.components, schemas } },
    entities: [...draft.entities.filter(({ name }) => name !== type), entity],
    origin: { ...draft.origin, format: "hubspot-properties" },
  }
}
