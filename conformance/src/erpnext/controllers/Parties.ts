/** Contacts and addresses: named after what they belong to, which they tell in a table of links. */
import { type Columns, type Doc, given, isSet, nameOf, rows, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { invalid } from "../Errors.ts"
import { withTail } from "../Naming.ts"
import type { Site } from "../Site.ts"
import type { Controller } from "./Controller.ts"

/** Links show the title of what they lead to. */
const title = (site: Site, doc: Doc): void => {
  for (const row of rows(doc, "links")) {
    const target = site.get(text(row, "link_doctype"), text(row, "link_name"))
    const field = site.shape(text(row, "link_doctype"))?.doctype.title_field ?? "name"
    if (target !== undefined) row["link_title"] = target.columns[field] ?? text(row, "link_name")
  }
}

const firstLink = (doc: Doc): string => text(rows(doc, "links")[0] ?? {}, "link_name")

/** The primary row; the only row is primary without being told so. */
const primary = (list: ReadonlyArray<Columns>, flag: string, what: string): Columns | undefined => {
  const marked = list.filter((row) => isSet(row, flag))
  if (marked.length > 1) throw invalid(`Only one ${what} can be primary`)
  return marked[0]
}

const setEmail = (doc: Doc): void => {
  const list = rows(doc, "email_ids")
  const only = list.length === 1 ? list[0] : undefined
  if (only !== undefined) only["is_primary"] = 1
  const found = primary(list, "is_primary", "email")
  doc.columns["email_id"] = found === undefined ? "" : text(found, "email_id").trim()
}

const setPhone = (doc: Doc, flag: string, field: string): void => {
  const list = rows(doc, "phone_nos")
  doc.columns[field] = text(primary(list, flag, field) ?? {}, "phone")
}

const fullName = (columns: Columns): string =>
  ["first_name", "middle_name", "last_name"]
    .map((name) => text(columns, name))
    .filter((part) => part !== "")
    .join(" ")

export const contact: Controller = {
  name: (site, doc) => {
    const person =
      fullName(doc.columns) || text(doc.columns, "company_name") || text(rows(doc, "email_ids")[0] ?? {}, "email_id")
    const base = [person, firstLink(doc)].filter((part) => part !== "").join("-")
    return base === "" ? undefined : withTail(site, "Contact", base, "-")
  },
  validate: ({ doc, site }) => {
    doc.columns["full_name"] = fullName(doc.columns) || text(doc.columns, "company_name")
    setEmail(doc)
    setPhone(doc, "is_primary_phone", "phone")
    setPhone(doc, "is_primary_mobile_no", "mobile_no")
    if (!given(doc.columns, "image")) doc.columns["image"] = ""
    title(site, doc)
  },
}

const belongsTo = (doc: Doc, link: Columns): boolean =>
  rows(doc, "links").some(
    (row) => row["link_doctype"] === link["link_doctype"] && row["link_name"] === link["link_name"],
  )

/** A preferred address takes the mark from the first that has it, for each of its owners; it may find itself. */
const prefer = (site: Site, doc: Doc): void => {
  for (const mark of ["is_primary_address", "is_shipping_address"]) {
    if (!isSet(doc.columns, mark)) continue
    for (const link of rows(doc, "links")) {
      const first = site.store
        .find("Address", "links.link_name", text(link, "link_name"))
        .find((other) => belongsTo(other, link) && isSet(other.columns, mark) && !isSet(other.columns, "disabled"))
      if (first !== undefined && nameOf(first) !== nameOf(doc))
        Documents.setColumns(site, "Address", nameOf(first), { [mark]: 0 })
    }
  }
}

export const address: Controller = {
  name: (site, doc) => {
    const base = text(doc.columns, "address_title") || firstLink(doc)
    if (base === "") throw invalid("An address needs a title or a link")
    return withTail(site, "Address", `${base}-${text(doc.columns, "address_type")}`, "-")
  },
  validate: ({ doc, site }) => {
    if (!given(doc.columns, "address_title")) doc.columns["address_title"] = firstLink(doc)
    prefer(site, doc)
    title(site, doc)
  },
}

/** As it is printed on documents; the country is left out where it is the company's own. */
export const display = (columns: Columns, homeCountry: string): string => {
  const country = text(columns, "country")
  const lines = [
    text(columns, "address_line1"),
    text(columns, "address_line2"),
    `${text(columns, "city")}, ${text(columns, "state")} ${text(columns, "pincode")}`,
    country === homeCountry ? "" : country,
  ]
  const [first = "", second = "", place = "", land = ""] = lines
  return `${first}<br>${second === "" ? "" : `${second}<br>`}\n${place}<br>${land === "" ? "" : `${land}<br>`}\n`
}
