/** The forms of customers and contacts. */
import * as Chart from "../Chart.ts"
import * as Errors from "../Errors.ts"
import * as Record from "../Record.ts"
import { badValue, type Form, fallback, need } from "./Form.ts"

const addressText = (part: Record.Row): string =>
  ["addressee", "addr1", "addr2", "addr3", "city", "state", "zip", "country"]
    .map((field) => Record.text(part, field))
    .filter((one) => one !== "")
    .join("\n")

/** One address bills and one ships by default: the last that says so. */
const addresses = ({ doc, patch }: Form): void => {
  const rows = Record.lines(doc, "addressBook")
  for (const row of rows) {
    const part = row.parts["addressBookAddress"]
    if (part === undefined) continue
    part.fields["addrText"] = addressText(part)
    row.fields["addressBookAddress_text"] = addressText(part)
    fallback(row, "label", Record.text(part, "addr1") || null)
  }
  if (!("addressBook" in patch.subs)) return
  for (const field of ["defaultBilling", "defaultShipping"]) {
    const chosen = rows.findLast((row) => Record.flag(row, field))
    for (const row of rows) row.fields[field] = row === chosen
  }
}

/** The currency that the books of a company are kept in. */
const currencyOf = ({ doc, world }: Form): string => {
  const subsidiary = world.table("subsidiary").latest(Record.text(doc, "subsidiary"))
  return subsidiary === undefined ? Chart.BASE_CURRENCY : Record.text(subsidiary, "currency")
}

const currencies = ({ doc }: Form): void => {
  const listed = Record.lines(doc, "currencyList")
  const own = Record.text(doc, "currency")
  if (listed.some((one) => Record.text(one, "currency") === own)) return
  doc.lastLine += 1
  const added = Record.line(String(doc.lastLine))
  added.fields["currency"] = own
  doc.subs["currencyList"] = [...listed, added]
}

const uniqueName = ({ doc, world }: Form): void => {
  const holder = world.table("entities").hasNumber("customer", Record.text(doc, "entityId"))
  if (holder !== undefined && holder !== doc.id) throw Errors.duplicate("entity")
}

export const customer = (form: Form): void => {
  const { before, doc, world } = form
  fallback(doc, "isPerson", false)
  if (before !== undefined) doc.fields["isPerson"] = Record.flag(before, "isPerson")
  const person = Record.flag(doc, "isPerson")
  need(doc, person ? { firstName: "First Name", lastName: "Last Name" } : { companyName: "Company Name" })
  if (world.knobs.oneWorld) need(doc, { subsidiary: "Primary Subsidiary" })
  if (Record.text(doc, "parent") === doc.id) throw badValue(form, doc.id, "parent")
  const name = person
    ? `${Record.text(doc, "firstName")} ${Record.text(doc, "lastName")}`
    : Record.text(doc, "companyName")
  doc.fields["altName"] = name
  fallback(doc, "entityId", world.knobs.numberedCustomers ? undefined : name)
  if (Record.text(doc, "entityId") === "") doc.fields["entityId"] = world.nextNumber("customer")
  uniqueName(form)
  fallback(doc, "currency", currencyOf(form))
  fallback(doc, "entityStatus", "13")
  fallback(doc, "isInactive", false)
  fallback(doc, "creditHoldOverride", "AUTO")
  fallback(doc, "emailPreference", "DEFAULT")
  fallback(doc, "globalSubscriptionStatus", "1")
  currencies(form)
  addresses(form)
}

const sameName = ({ doc, world }: Form): boolean =>
  world
    .table("entities")
    .where("company", Record.text(doc, "company"))
    .some(
      (one) =>
        one.type === "contact" &&
        one.id !== doc.id &&
        Record.text(one, "entityId").toLowerCase() === Record.text(doc, "entityId").toLowerCase(),
    )

export const contact = (form: Form): void => {
  const { doc, world } = form
  const name = ["firstName", "middleName", "lastName"]
    .map((field) => Record.text(doc, field))
    .filter((one) => one !== "")
    .join(" ")
  fallback(doc, "entityId", name === "" ? undefined : name)
  need(doc, { entityId: "Contact Name" })
  const company = world.table("entities").latest(Record.text(doc, "company"))
  if (world.knobs.oneWorld) {
    fallback(doc, "subsidiary", company?.fields["subsidiary"] ?? undefined)
    need(doc, { subsidiary: "Subsidiary" })
  }
  if (world.knobs.sameNamedContacts === "refused" && sameName(form)) throw Errors.duplicate("entity")
  fallback(doc, "isInactive", false)
  fallback(doc, "isPrivate", false)
  fallback(doc, "emailPreference", "DEFAULT")
  fallback(doc, "globalSubscriptionStatus", "1")
  addresses(form)
}
