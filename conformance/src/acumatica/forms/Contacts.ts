/** Contacts (CR302000). Their numbers are the system's. */
import { STATUS } from "../Labels.ts"
import { link, text } from "../Record.ts"
import { cannotBeEmpty, cannotBeFound, type Form } from "./Form.ts"

export const form: Form = {
  derived: new Set(["DisplayName", "FullName", "NoteID", "LastModifiedDateTime", "Duplicate", "DuplicateFound"]),
  derivedInLines: new Set(["AttributeDescription", "ValueDescription"]),
  lengths: {},
  open: (doc) => {
    Object.assign(doc.fields, { Active: true, Status: STATUS.active, Type: "Contact", Synchronize: true })
    link(doc, "Address").fields["Country"] = "US"
  },
  close: ({ context, doc, issues }) => {
    if (text(doc, "LastName") === "") issues.add(doc, "LastName", cannotBeEmpty("Last Name"))
    const account = text(doc, "BusinessAccount")
    if (account !== "" && context.tenant.store("accounts").findLatest([account]) === undefined) {
      issues.add(doc, "BusinessAccount", cannotBeFound("Business Account"))
    }
    const name = [text(doc, "FirstName"), text(doc, "MiddleName"), text(doc, "LastName")].filter((one) => one !== "")
    doc.fields["DisplayName"] = name.join(" ")
    doc.fields["FullName"] = name.join(" ")
  },
  keeps: () => undefined,
}
