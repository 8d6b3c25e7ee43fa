/** How large an invented business is, and which of its records carry the hazards. */

interface Pair {
  readonly first: number
  readonly second: number
}

/** From this record to before that one. */
type Range = readonly [from: number, to: number]

export interface Plan {
  readonly counts: {
    readonly customers: number
    readonly contacts: number
    readonly items: number
    readonly invoices: number
    readonly payments: number
  }
  /** So many of each came in one import and share one stamp. */
  readonly imported: { readonly customers: number; readonly contacts: number; readonly invoices: number }
  /** Two accounts of one domain, of which the CRM knows one company. */
  readonly domainPairs: ReadonlyArray<Pair>
  /** Two people who give one email. */
  readonly emailPairs: ReadonlyArray<Pair>
  /** Customers of one name. */
  readonly namesakes: ReadonlyArray<Pair>
  /** What sales keeps already: companies, people, and people whose second address is the one that the ERP has. */
  readonly known: { readonly customers: Range; readonly contacts: Range; readonly secondAddresses: Range }
}

/** Pairs of neighbours, beginning with this record. */
export const pairs = (count: number, from: number): ReadonlyArray<Pair> =>
  Array.from({ length: count }, (_, index) => ({ first: from + index * 2, second: from + index * 2 + 1 }))

/** The business of the demo: more rows on one stamp than any page holds. */
export const DEMO: Plan = {
  counts: { customers: 1_200, contacts: 2_000, items: 300, invoices: 3_000, payments: 1_800 },
  imported: { customers: 260, contacts: 240, invoices: 520 },
  domainPairs: pairs(6, 700),
  emailPairs: pairs(5, 1_500),
  namesakes: pairs(6, 900),
  known: { customers: [600, 640], contacts: [1_000, 1_060], secondAddresses: [1_100, 1_105] },
}
