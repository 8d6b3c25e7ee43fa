/** Document types: applications tell them by code, forms by label. A tenant's own words come first. */
import type { Words } from "../Config.ts"

/** Acumatica: AR document types. */
const DOCUMENT_TYPES: Words = {
  INV: "Invoice",
  CRM: "Credit Memo",
  DRM: "Debit Memo",
  FCH: "Overdue Charge",
  PMT: "Payment",
  PPM: "Prepayment",
  REF: "Refund",
}

export const documentType = (raw: string, own: Words | undefined): string => own?.[raw] ?? DOCUMENT_TYPES[raw] ?? raw
