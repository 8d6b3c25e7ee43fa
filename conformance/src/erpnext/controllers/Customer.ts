/** A customer: named by its own name with a tail when it is taken, or by a series, as Selling Settings say. */
import { type Columns, given, isSet, nameOf, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { crash, Refusal, refusedByApp, thrown } from "../Errors.ts"
import * as Links from "../Links.ts"
import { nextInSeries } from "../Naming.ts"
import type { Site } from "../Site.ts"
import type { Controller } from "./Controller.ts"

/** A repeated create is no error: it makes `Acme Corp - 1`, with a note that clients do not read. */
const byCustomerName = (site: Site, wanted: string): string => {
  if (!site.store.has("Customer", wanted)) return wanted
  let tail = 1
  while (site.store.has("Customer", `${wanted} - ${tail}`)) tail += 1
  const name = `${wanted} - ${tail}`
  site.note({ message: `"${wanted}" is taken; this customer is "${name}"`, title: "Note", indicator: "yellow" })
  return name
}

/** A contact or an address that belongs to nobody else goes with the customer, if nothing else needs it. */
const dropLinked = (site: Site, doctype: "Address" | "Contact", customer: string): void => {
  for (const doc of [...site.store.all(doctype)]) {
    const links = doc.tables["links"] ?? []
    if (!links.some((row) => row["link_doctype"] === "Customer" && row["link_name"] === customer)) continue
    if (links.length > 1) continue
    try {
      Links.refuseDelete(site, doctype, nameOf(doc))
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      const { notes = [] } = refusal.details
      throw thrown(417, "LinkExistsError", `This ${doctype} is needed; it can be disabled`, { app: true, notes })
    }
    Documents.remove(site, doctype, nameOf(doc))
  }
}

const byRule = (site: Site): string => text(site.settings("Selling Settings"), "cust_master_name") || "Customer Name"

export const controller: Controller = {
  name: (site, { columns }) => {
    if (!given(columns, "customer_name"))
      throw crash("AttributeError", "'NoneType' object has no attribute 'strip'", { app: true })
    const wanted = text(columns, "customer_name").trim()
    switch (byRule(site)) {
      case "Naming Series":
        return nextInSeries(site, text(columns, "naming_series"), columns)
      case "Auto Name":
        return undefined
      default:
        return byCustomerName(site, wanted)
    }
  },
  validate: ({ doc, site }) => {
    const { columns } = doc
    if (site.store.has("Customer Group", nameOf(doc))) {
      throw refusedByApp(`A customer cannot have the name of the Customer Group ${nameOf(doc)}`)
    }
    if (!given(columns, "language")) columns["language"] = "en"
    for (const [field, doctype] of [
      ["customer_group", "Customer Group"],
      ["territory", "Territory"],
    ] as const) {
      const group = site.get(doctype, text(columns, field))
      if (group !== undefined && isSet(group.columns, "is_group"))
        throw refusedByApp(`${text(columns, field)} is a group and holds no customers`)
    }
    fetchContact(site, doc.columns)
  },
  afterInsert: (site, doc) => {
    if (
      !given(doc.columns, "customer_primary_contact") &&
      (given(doc.columns, "email_id") || given(doc.columns, "mobile_no"))
    ) {
      makeContact(site, doc.columns)
    }
  },
  beforeDelete: (site, doc) => {
    dropLinked(site, "Address", nameOf(doc))
    dropLinked(site, "Contact", nameOf(doc))
  },
  afterRename: (site, doc) => {
    if (byRule(site) === "Customer Name") doc.columns["customer_name"] = nameOf(doc)
  },
}

/** Mail and phone of a customer are those of its primary contact. */
const fetchContact = (site: Site, columns: Columns): void => {
  const contact = site.get("Contact", text(columns, "customer_primary_contact"))
  if (contact === undefined) return
  columns["email_id"] = contact.columns["email_id"] ?? null
  columns["mobile_no"] = contact.columns["mobile_no"] ?? null
}

const makeContact = (site: Site, columns: Columns): void => {
  const [email, phone] = [text(columns, "email_id"), text(columns, "mobile_no")]
  const contact = Documents.insert(site, "Contact", {
    first_name: text(columns, "customer_name"),
    ...(email === "" ? {} : { email_ids: [{ email_id: email, is_primary: 1 }] }),
    ...(phone === "" ? {} : { phone_nos: [{ phone, is_primary_mobile_no: 1 }] }),
    links: [{ link_doctype: "Customer", link_name: text(columns, "name") }],
  })
  Documents.setColumns(site, "Customer", text(columns, "name"), { customer_primary_contact: nameOf(contact) })
}
