/** Records of the setup: the tenant's own fields, webhooks, exchange rates, clients of OAuth. */
import { type Columns, type Doc, given, isSet, text } from "../Doc.ts"
import { invalid } from "../Errors.ts"
import type { Site } from "../Site.ts"
import type { Controller } from "./Controller.ts"

const scrubbed = (label: string): string =>
  label
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")

const placeOf = (site: Site, columns: Columns): number => {
  const fields = site.shape(text(columns, "dt"))?.doctype.fields ?? []
  const after = fields.findIndex((field) => field.fieldname === text(columns, "insert_after"))
  return after < 0 ? 0 : after + 1
}

export const customField: Controller = {
  beforeInsert: (site, { columns }) => {
    if (!given(columns, "fieldname")) columns["fieldname"] = `custom_${scrubbed(text(columns, "label"))}`
    const [doctype, fieldname] = [text(columns, "dt"), text(columns, "fieldname")]
    if (site.shape(doctype)?.field(fieldname) !== undefined)
      throw invalid(`${doctype} has a field ${fieldname} already`)
    columns["idx"] = placeOf(site, columns)
  },
  name: (_site, { columns }) => `${text(columns, "dt")}-${text(columns, "fieldname")}`,
  validate: ({ before, doc }) => {
    if (before !== undefined && text(before.columns, "fieldtype") !== text(doc.columns, "fieldtype")) {
      throw invalid(`The type of ${text(doc.columns, "fieldname")} cannot change`)
    }
  },
  afterInsert: (site) => site.readCustomFields(),
  afterSave: (site) => site.readCustomFields(),
  afterDelete: (site) => site.readCustomFields(),
}

const PROPERTIES = new Set(["reqd", "read_only", "hidden", "default", "options", "label", "unique"])

/** Property setters are kept and shown; the twin's rules do not change with them. */
export const propertySetter: Controller = {
  name: (_site, { columns }) =>
    [text(columns, "doc_type"), text(columns, "field_name") || "main", text(columns, "property")].join("-"),
  validate: ({ doc }) => {
    if (!PROPERTIES.has(text(doc.columns, "property")) && given(doc.columns, "field_name")) {
      throw invalid(`No property of a field: ${text(doc.columns, "property")}`)
    }
  },
}

export const currencyExchange: Controller = {
  name: (_site, { columns }) => {
    const purposes = [
      isSet(columns, "for_selling") ? "Selling" : "",
      isSet(columns, "for_buying") ? "Buying" : "",
    ].filter((one) => one !== "")
    return [text(columns, "date"), text(columns, "from_currency"), text(columns, "to_currency"), ...purposes].join("-")
  },
  validate: ({ doc: { columns } }) => {
    if (text(columns, "from_currency") === text(columns, "to_currency"))
      throw invalid("From Currency and To Currency are the same")
  },
}

export const webhook: Controller = {
  validate: ({ doc: { columns } }) => {
    columns["meets_condition"] = "Yes"
    columns["preview_request_body"] = "No document was chosen for a preview"
    if (isSet(columns, "enable_security") && !given(columns, "webhook_secret"))
      throw invalid("A signed webhook needs a secret")
  },
}

export const oauthClient: Controller = {
  name: (site, doc: Doc) => {
    const id = site.hash()
    doc.columns["client_id"] = id
    doc.columns["client_secret"] = site.hash()
    if ((doc.tables["allowed_roles"] ?? []).length === 0) doc.tables["allowed_roles"] = [{ role: "Desk User" }]
    return id
  },
}
