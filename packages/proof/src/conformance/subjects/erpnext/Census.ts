/** The books without what two equal runs may differ in: names that the site makes up, and times. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"

const DOCTYPES = [
  "Custom Field",
  "Customer",
  "Contact",
  "Address",
  "Item",
  "Item Price",
  "Sales Order",
  "Sales Invoice",
  "Payment Entry",
]

const OF_THE_RUN = new Set(["creation", "modified", "owner", "modified_by", "posting_time", "__unsaved"])

/** Counted out by a series, or drawn by lot. */
const MADE_UP = /^([A-Z]+(-[A-Z]+)*-\d{4}-\d{5}|[0-9a-v]{10})$/

/** Texts that are empty and texts that are not there are one to the site, which makes the one of the other when it saves. */
const lasting = (key: string, value: unknown): unknown => {
  if (OF_THE_RUN.has(key) || value === "") return undefined
  return (key === "name" || key === "parent") && MADE_UP.test(String(value)) ? undefined : value
}

export const of = (world: ErpNextTwin.ErpNextWorld): ReadonlyArray<string> =>
  DOCTYPES.flatMap((doctype) => world.all(doctype))
    .map(({ columns, doctype, tables }) => {
      const named = Object.fromEntries(Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1)))
      return `${doctype} ${JSON.stringify({ ...named, ...tables }, lasting)}`
    })
    .sort()
