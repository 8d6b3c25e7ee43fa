/** In which format a document is, by what stands in it; its name and its ending say nothing. */
import type { Format, System } from "../Description.ts"
import * as AdHocSchema from "../readers/AdHocSchema.ts"
import * as DocType from "../readers/DocType.ts"
import * as FoMetadata from "../readers/FoMetadata.ts"
import * as HubSpotProperties from "../readers/HubSpotProperties.ts"
import * as NetSuite from "../readers/NetSuite.ts"
import { fail, quoted } from "./fail.ts"
import type { Document } from "./files.ts"
import { isObject, type Json } from "./json.ts"

/** `adhoc` only adds to a description; `unknown` may be a part that another file refers to. */
export type Kind = Format | "adhoc" | "unknown"

export const kindOf = (parsed: Json): Kind => {
  if (isObject(parsed)) {
    if (parsed["mortise"] !== undefined && isObject(parsed["openapi31"])) return "pin"
    if (typeof parsed["swagger"] === "string" || typeof parsed["swagger"] === "number") return "swagger2"
    if (typeof parsed["openapi"] === "string" || typeof parsed["openapi"] === "number") return "openapi"
    if (NetSuite.isSchema(parsed)) return "netsuite-schema"
  }
  if (FoMetadata.isOne(parsed)) return "fo-metadata"
  if (AdHocSchema.isOne(parsed)) return "adhoc"
  if (HubSpotProperties.isOne(parsed)) return "hubspot-properties"
  return DocType.isOne(parsed) ? "doctype" : "unknown"
}

/** Whether the document begins as XML does, without reading all of it. */
export const isXml = async (document: Document): Promise<boolean> => {
  for await (const chunk of document.chunks()) {
    const first = /[^\s\uFEFF]/.exec(chunk)?.[0]
    if (first !== undefined) return first === "<"
  }
  return false
}

const WEB_PAGE = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i

/** Fails for a page that a server shows to people, whatever the file is called that it was kept in. */
export const refuseWebPage = async (document: Document): Promise<void> => {
  const { name } = document
  for await (const chunk of document.chunks()) {
    if (WEB_PAGE.test(chunk))
      fail("NotADescription", `${name} is a web page, perhaps the one that asks to sign in`, name)
    return
  }
}

/** Whether XML is the kind that describes a service; its root says so. */
export const isEdmx = async (document: Document): Promise<boolean> => {
  for await (const chunk of document.chunks()) return /<(?:\w+:)?Edmx\b/.test(chunk)
  return false
}

const MARKS = ["custom", "doc_type", "dt", "fieldname", "fields", "fieldType", "Members", "openapi", "Properties"]
const MARK = new RegExp(`"(?:${[...MARKS, "properties", "swagger"].join("|")})"|^\\s*(?:openapi|swagger)\\s*:`, "m")

/**
 * Whether a text that cannot be read may have been a description. A folder of an app holds templates, charts of accounts and
 * settings beside its descriptions, some of them with a word twice or with comments; these are nobody's description.
 */
export const mayDescribe = (text: string): boolean => MARK.test(text)

const WORDS: { readonly [format in Format]: string } = {
  csdl: "CSDL XML ($metadata)",
  doctype: "DocType JSON",
  "fo-metadata": "REST metadata JSON of Finance & Operations",
  "hubspot-properties": "HubSpot property definitions",
  "netsuite-schema": "a schema of NetSuite's metadata catalog",
  openapi: "OpenAPI 3",
  pin: "a pinned description",
  swagger2: "Swagger 2.0",
}

const ACCEPTED: { readonly [system in System]: ReadonlyArray<Format> } = {
  acumatica: ["swagger2", "openapi", "csdl"],
  dynamics: ["csdl", "fo-metadata", "openapi"],
  erpnext: ["doctype", "openapi"],
  hubspot: ["openapi", "swagger2", "hubspot-properties"],
  netsuite: ["openapi", "swagger2", "netsuite-schema"],
}

/** Fails when the file is in another format than was named, or than the system serves. */
export const checkFormat = (found: Format, name: string, system: System, named: Format | undefined): void => {
  if (named !== undefined && named !== found) {
    fail("WrongFormat", `${name} is ${WORDS[found]}, not ${WORDS[named]}, as was named`, name)
  }
  if (found === "pin" || ACCEPTED[system].includes(found)) return
  const served = ACCEPTED[system].map((format) => WORDS[format]).join(", or ")
  fail("WrongFormat", `${name} is ${WORDS[found]}; ${system} is described by ${served}`, name)
}

/** Says of something that is no description what it seems to be. */
export const refuse = (parsed: Json, name: string): never => {
  if (FoMetadata.isListOnly(parsed)) {
    const message = `${name} lists data entities and says nothing of their fields; ask for /metadata/PublicEntities`
    return fail("NotADescription", message, name)
  }
  if (NetSuite.isCatalog(parsed)) {
    const message = `${name} lists records and says nothing of their fields; ask again with Accept: application/swagger+json and select=`
    return fail("NotADescription", message, name)
  }
  const members = isObject(parsed) ? Object.keys(parsed) : []
  const holds = isObject(parsed)
    ? members.length === 0
      ? "an empty object"
      : `an object with ${members.slice(0, 4).map(quoted).join(", ")}`
    : "a list"
  return fail("NotADescription", `${name} is no API description in any format that is known: it holds ${holds}`, name)
}
