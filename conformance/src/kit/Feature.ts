/**
 * What a rule may need. A connector that does not have one of these declares so, with the reason, which stands in the
 * report; one that neither has it nor says so is judged incomplete, and its profile is `partial`.
 */

export const features = {
  reads: "changes can be read",
  writes: "records can be written",
  carrier: "the vendor has a field for our key",
  adoption: "an existing record can be adopted by a natural key",
  batches: "one request carries several records",
  ledger: "documents of a ledger, written as drafts",
  person: "a contact that hangs on a party",
  lines: "an order with lines",
  merges: "the vendor merges records",
  deletions: "the reading tells of deletions",
  revisions: "records have revisions, and a write can ask for one",
  archives: "records can be archived",
  custom: "fields of the tenant's own",
  clears: "a text field can be cleared",
  oauth: "tokens that expire and are refreshed",
  rotation: "a refresh gives a new refresh token, and the old one is spent",
  push: "the vendor pushes events",
  signed: "pushes are signed",
  nextLinks: "pages are joined by links that the vendor gives",
  cap: "the vendor stops a listing after so many rows",
  lag: "a write stays invisible to the reading for a while",
  blindEdits: "some edits do not move the modified stamp",
  overdue: "invoices become overdue by the calendar",
  companies: "one instance keeps the books of several companies",
  versions: "the instance names the versions of the API that it serves",
  pinning: "the connector can be pinned to several versions of the API",
  quota: "an allowance of the day",
  limits: "a rate limit that is known ahead",
  unreadable: "the vendor may hold a record that cannot be read",
  decimals: "exact decimals of thirty digits",
  money: "amounts in currencies with no and with three decimals",
  selection: "a reading can ask for some fields alone",
  dates: "days without a time",
  address: "the vendor's address is configured",
  correlation: "the vendor gives an id of each exchange",
} as const

export type Feature = keyof typeof features

export type Absent = Partial<Readonly<Record<Feature, string>>>
