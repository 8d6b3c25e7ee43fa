/** Customers (AR303000) and the business accounts behind them. */
import { STATUS } from "../Labels.ts"
import { type Doc, link, text } from "../Record.ts"
import { cannotBeEmpty, cannotBeFound, type Edit, type Form, fill } from "./Form.ts"

/** What a customer class gives: terms, and the currency unless it may be overridden. */
const CLASS_TERMS: Readonly<Record<string, string>> = { DEFAULT: "30D", RETAIL: "7D", WHOLESALE: "60D" }

const classTerms = (doc: Doc): string => CLASS_TERMS[text(doc, "CustomerClass")] ?? "30D"

/** A new class brings its terms along, over what was there. */
const applyClass = (edit: Edit): void => {
  const { before, doc } = edit
  const changed = before !== undefined && before.fields["CustomerClass"] !== doc.fields["CustomerClass"]
  if (changed && edit.sent.get(doc)?.has("Terms") !== true) doc.fields["Terms"] = classTerms(doc)
  fill(doc, "Terms", classTerms(doc))
}

/** Without the override flag the form takes another currency and puts the old one back. */
const applyCurrency = ({ before, context, doc, issues }: Edit): void => {
  const usual = before === undefined ? context.tenant.baseCurrency : text(before, "CurrencyID")
  fill(doc, "CurrencyID", usual)
  if (doc.fields["EnableCurrencyOverride"] !== true) doc.fields["CurrencyID"] = usual
  if (!context.tenant.currencies.includes(text(doc, "CurrencyID"))) {
    issues.add(doc, "CurrencyID", cannotBeFound("Currency ID"))
  }
}

/** A contact that is not overridden is the main one. */
const applyOverrides = (doc: Doc): void => {
  const main = link(doc, "MainContact")
  link(main, "Address")
  for (const kind of ["Billing", "Shipping"]) {
    if (doc.fields[`${kind}ContactOverride`] !== true) doc.links[`${kind}Contact`] = structuredClone(main)
    const own = link(doc, `${kind}Contact`)
    if (doc.fields[`${kind}AddressOverride`] !== true) own.links["Address"] = structuredClone(link(main, "Address"))
  }
}

/** The email of the form's head is that of the main contact. */
const applyEmail = (doc: Doc): void => {
  if (doc.fields["Email"] === undefined) return
  link(doc, "MainContact").fields["Email"] = doc.fields["Email"]
  delete doc.fields["Email"]
}

export const form: Form = {
  derived: new Set(["BAccountID", "NoteID", "CreatedDateTime", "LastModifiedDateTime", "Type"]),
  derivedInLines: new Set(["AttributeDescription", "ValueDescription"]),
  // nvarchar(30) and nvarchar(50): field comments of the 26.200.001 models.
  lengths: { CustomerID: 30, AccountRef: 50 },
  open: (doc, context) => {
    Object.assign(doc.fields, {
      BAccountID: String(context.tenant.next("BAccountID") + 6000),
      CustomerClass: "DEFAULT",
      Status: STATUS.active,
      Type: "Customer",
      LocationName: "Primary Location",
      EnableCurrencyOverride: false,
      StatementCycleID: "EOM",
    })
    link(link(doc, "MainContact"), "Address").fields["Country"] = "US"
  },
  close: (edit) => {
    const { doc, issues } = edit
    if (text(doc, "CustomerName") === "") issues.add(doc, "CustomerName", cannotBeEmpty("Customer Name"))
    applyClass(edit)
    applyCurrency(edit)
    applyEmail(doc)
    applyOverrides(doc)
  },
  keeps: (doc, context) => {
    const id = text(doc, "CustomerID")
    const used =
      context.tenant.store("receivables").where("CustomerID", id).length +
      context.tenant.store("orders").where("CustomerID", id).length
    return used > 0 ? "Customer cannot be deleted because it is referenced in documents." : undefined
  },
}
