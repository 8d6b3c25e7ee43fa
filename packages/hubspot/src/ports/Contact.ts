/**
 * Contacts. Keyed on our own unique property; by email where a portal refuses that. The company is an association: the
 * primary company is read, and writing another one replaces it. The role `billing` also stands as HubSpot's own label
 * on the association with the company.
 *
 * Requests for N contacts: a batch read, a batch upsert or update and, where companies are named, a batch read of
 * those companies, a read and a write of associations, for each 100.
 */
import * as Entities from "@mortise/core/Entities"
import { address } from "../internal/Address.ts"
import * as Fields from "../internal/Fields.ts"
import * as Mapping from "../internal/Mapping.ts"

const { flag, ownFlag, ownText, property, readOnly, text } = Fields

/** The main address first, then the others; HubSpot joins those by `;`. */
const emails: Fields.Field = {
  properties: [property("email", "folded"), property("hs_additional_emails")],
  decode: (props) => {
    if (props["email"] === undefined && props["hs_additional_emails"] === undefined) return undefined
    const further = (props["hs_additional_emails"] ?? "").split(";").map((each) => each.trim())
    return [props["email"] ?? "", ...further].filter((each) => each !== "")
  },
}

const ROLES = ownText("mortise_roles", "ERP roles")

const roles: Fields.Field = {
  properties: [ROLES],
  decode: (props) => {
    const words = Fields.value(props, ROLES.name)
    if (typeof words !== "string") return words
    return words.split(";").map((word) => {
      const [code = "", raw] = word.split("=")
      return { code, ...(raw === undefined ? {} : { raw: decodeURIComponent(raw) }) }
    })
  },
  encode: (json) => {
    const list = (json ?? []) as ReadonlyArray<{ readonly code: string; readonly raw?: string }>
    const words = list.map(({ code, raw }) => (raw === undefined ? code : `${code}=${encodeURIComponent(raw)}`))
    return { [ROLES.name]: words.join(";") }
  },
}

export const mapping = Mapping.make({
  entity: Entities.Contact,
  type: "contacts",
  modified: "lastmodifieddate",
  fields: {
    firstName: text(property("firstname")),
    lastName: text(property("lastname")),
    title: text(property("jobtitle")),
    email: text(property("email", "folded")),
    emails,
    phone: text(property("phone")),
    mobile: text(property("mobilephone")),
    address: address(["address"]),
    roles,
    active: flag(ownFlag("mortise_active", "Active in the ERP")),
    lifecycleStage: readOnly(text(property("lifecyclestage"))),
  },
  links: {
    company: { to: "companies", entity: "Company", typeId: 279, primaryTypeId: 1, how: "one", writable: true },
  },
  labels: [{ field: "roles", word: "billing", on: "company", typeId: 931 }],
  naturalKeys: [{ field: "email", property: "email", by: "unique" }],
  standIn: { property: "email", field: "email", always: true },
  absent: {
    displayName: "HubSpot composes the shown name from first and last name",
    account: "HubSpot has companies and no billed accounts; name the company",
  },
  derives: ["hs_email_domain", "lifecyclestage", "hs_full_name_or_email"],
})
