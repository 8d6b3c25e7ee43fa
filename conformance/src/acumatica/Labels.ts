/** Labels of drop-downs, and the codes that stand for some of them. Only "Open", "Invoice" and a few are documented. */

const DOC_TYPES: ReadonlyArray<readonly [code: string, label: string]> = [
  ["INV", "Invoice"],
  ["CRM", "Credit Memo"],
  ["DRM", "Debit Memo"],
  ["PMT", "Payment"],
  ["PPM", "Prepayment"],
  ["REF", "Refund"],
]

export const docTypeLabel = (text: string): string => DOC_TYPES.find(([code]) => code === text)?.[1] ?? text

export const docTypeCode = (text: string): string => DOC_TYPES.find(([, label]) => label === text)?.[0] ?? text

export const STATUS = {
  active: "Active",
  onHold: "On Hold",
  creditHold: "Credit Hold",
  balanced: "Balanced",
  open: "Open",
  closed: "Closed",
  voided: "Voided",
  canceled: "Canceled",
  completed: "Completed",
} as const
