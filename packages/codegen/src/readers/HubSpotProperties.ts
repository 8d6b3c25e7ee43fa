/**
 * What a portal answers when it is asked for the properties of an object type, laid over the description of the API: there a
 * record holds texts by whatever name, here by the names that the portal has.
 */
import type { CustomField, Schema } from "../Description.ts"
import { hubspotObjects } from "../facts/names.ts"
import { withoutNotes } from "../internal/custom.ts"
import type { Draft, EntityDraft } from "../internal/Draft.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import { meaning } from "../internal/merge.ts"
import { orNull } from "../internal/schemas.ts"
import { specialise, titled } from "../internal/specialise.ts"
import { isOwnName, namedIn, partsOf } from "../internal/words.ts"

const isProperty = (one: JsonObject): boolean =>
  typeof one["name"] === "string" && typeof one["type"] === "string" && typeof one["fieldType"] === "string"

const listOf = (parsed: Json): ReadonlyArray<JsonObject> =>
  objectsOf(isObject(parsed) ? parsed["results"] : parsed).filter(isProperty)

/** Whether this is such an answer. */
export const isOne = (parsed: Json): boolean => listOf(parsed).length > 0

/** Named in the plural, and asked for in the singular by some. */
const KNOWN: ReadonlyMap<string, string> = new Map(
  hubspotObjects.flatMap((name) => {
    const singular = name.replace(/ies$/, "y").replace(/(?:(?<=x)es|s)$/, "")
    return [singular, name].map((written) => [written, name] as const)
  }),
)

/** A portal's own types: by name with the portal, `p123_cars`, or by id, `2-123`. */
const OWN = /^(?:p\d*_\w+|\d+-\d+)$/i

const PROPERTY_WORDS = /(?:^|[-_.\s])propert(?:y|ies)(?=$|[-_.\s])/gi

const inPath = (part: string, file: string): string | undefined => {
  const stem = part.replaceAll(PROPERTY_WORDS, "").replaceAll(/^[-_.\s]+|[-_.\s]+$/g, "")
  if (OWN.test(stem)) return stem
  const [only, ...others] = namedIn(stem, KNOWN)
  if (others.length > 0) {
    const message = `${file} is called after ${[only, ...others].join(" and ")}; call it after the one that it is about`
    return fail("NotADescription", message, file)
  }
  return only ?? (/^[a-z]\w*$/.test(stem) && isOwnName(stem) ? stem : undefined)
}

/** The answer does not say which object type it is about; the file that it was kept in does, or else its folder. */
const objectTypeOf = (file: string): string => {
  for (const part of partsOf(file)) {
    const found = inPath(part, file)
    if (found !== undefined) return found
  }
  const message = `${file} does not say whose properties it holds; call it after the object type, companies.json`
  return fail("NotADescription", message, file)
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

/** A second answer about one type has to be the same. */
const again = (
  draft: Draft,
  given: { readonly file: string; readonly record: string; readonly schema: Schema; readonly type: string },
): Draft => {
  if (meaning(draft.openapi31.components.schemas[given.record]) === meaning(given.schema)) return draft
  const message = `${given.file} holds properties of ${quoted(given.type)}, as another file does, and not the same`
  return fail("DuplicateSchema", `${message}; only one can be meant`, given.file)
}

/** Lays one answer over the draft. */
export const overlay = (draft: Draft, file: string, parsed: Json): Draft => {
  checkPages(parsed, file)
  const properties = listOf(parsed).filter((property) => property["archived"] !== true)
  checkDoubles(properties, file)
  const type = objectTypeOf(file)
  const record = `${titled(type)}Properties`
  const schema: Schema = {
    type: "object",
    properties: Object.fromEntries(
      properties.map((property) => [String(property["name"]), schemaOfProperty(property)]),
    ),
  }
  const before = draft.entities.some((entity) => entity.schema === record)
  if (before) return again(draft, { file, record, schema, type })
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
