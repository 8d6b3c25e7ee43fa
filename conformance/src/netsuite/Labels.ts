/** Words for the ids of enums. The usual ones; accounts may translate them. */
const ORDER: Readonly<Record<string, string>> = {
  A: "Pending Approval",
  B: "Pending Fulfillment",
  C: "Cancelled",
  D: "Partially Fulfilled",
  E: "Pending Billing/Partially Fulfilled",
  F: "Pending Billing",
  G: "Billed",
  H: "Closed",
}

const LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "salesOrder.orderStatus": ORDER,
  "salesOrder.status": ORDER,
  "invoice.status": { A: "Open", B: "Paid In Full", D: "Pending Approval", E: "Rejected", V: "Voided" },
  "creditMemo.status": { A: "Open", B: "Fully Applied", V: "Voided" },
  "customerPayment.status": { A: "Unapproved Payment", B: "Not Deposited", C: "Deposited", R: "Rejected" },
  "customerRefund.status": { B: "Not Deposited", C: "Deposited", V: "Voided" },
  "invoice.approvalStatus": { 1: "Pending Approval", 2: "Approved", 3: "Rejected", 11: "Open" },
  "customer.creditHoldOverride": { AUTO: "Auto", ON: "On", OFF: "Off" },
  "customer.emailPreference": { DEFAULT: "Default", HTML: "HTML", PDF: "PDF" },
  "contact.emailPreference": { DEFAULT: "Default", HTML: "HTML", PDF: "PDF" },
  "customerStatus.stage": { LEAD: "Lead", PROSPECT: "Prospect", CUSTOMER: "Customer" },
}

const COUNTRIES: Readonly<Record<string, string>> = {
  AT: "Austria",
  CA: "Canada",
  CH: "Switzerland",
  DE: "Germany",
  FR: "France",
  GB: "United Kingdom",
  JP: "Japan",
  US: "United States",
}

/** The id itself where no word is known. */
export const labelOf = (type: string, field: string, id: string): string =>
  LABELS[`${type}.${field}`]?.[id] ?? (field === "country" ? COUNTRIES[id] : undefined) ?? id

/** The id of a word, or of itself, among the ids that the field may have; undefined for any other. */
export const idOf = (type: string, field: string, word: string, ids: ReadonlyArray<string>): string | undefined => {
  const known = LABELS[`${type}.${field}`] ?? (field === "country" ? COUNTRIES : {})
  const folded = word.toLowerCase()
  return (
    ids.find((id) => id.toLowerCase() === folded) ??
    Object.keys(known).find((id) => known[id]?.toLowerCase() === folded && (ids.length === 0 || ids.includes(id)))
  )
}
