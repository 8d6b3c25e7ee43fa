/** What a role may do with a doctype, as far as the permission tables of the doctypes tell. */
import { actionForbidden, doctypeForbidden, documentForbidden, listForbidden } from "./Errors.ts"
import { ADMINISTRATOR, GUEST, type Site } from "./Site.ts"

export type Right = "read" | "create" | "write" | "delete" | "submit" | "cancel"

const ALL: ReadonlyArray<Right> = ["read", "create", "write", "delete", "submit", "cancel"]
const EDIT: ReadonlyArray<Right> = ["read", "create", "write"]
const READ: ReadonlyArray<Right> = ["read"]

const SETUP = [
  "Company",
  "Currency",
  "Price List",
  "Customer Group",
  "Territory",
  "Item Group",
  "UOM",
  "Country",
  "Language",
  "Mode of Payment",
  "Payment Terms Template",
  "Warehouse",
]
const reads = (doctypes: ReadonlyArray<string>) => Object.fromEntries(doctypes.map((one) => [one, READ]))

const ROLES: { readonly [role: string]: { readonly [doctype: string]: ReadonlyArray<Right> } } = {
  "Sales User": {
    ...reads([...SETUP, "Item"]),
    Customer: EDIT,
    Contact: EDIT,
    Address: EDIT,
    "Sales Order": ALL,
    "Sales Invoice": READ,
  },
  "Accounts User": {
    ...reads([...SETUP, "Item", "Customer", "Account", "Cost Center", "Sales Order"]),
    Contact: EDIT,
    Address: EDIT,
    "Sales Invoice": ["read", "create", "write", "submit"],
    "Payment Entry": ALL,
    "Currency Exchange": EDIT,
  },
  "Item Manager": { Item: ["read", "create", "write", "delete"] },
  "Sales Master Manager": {
    ...reads(["Selling Settings"]),
    Customer: ["read", "create", "write", "delete"],
    Contact: ["read", "create", "write", "delete"],
    Address: ["read", "create", "write", "delete"],
    "Item Price": ["read", "create", "write", "delete"],
    "Price List": EDIT,
  },
  "Sales Manager": { "Selling Settings": READ, "Sales Order": ALL, Customer: EDIT, Item: READ },
  "Accounts Manager": { "Sales Invoice": ALL, "Payment Entry": ALL },
}

const rolesOf = (site: Site, user: string): ReadonlyArray<string> => site.state.users.get(user)?.roles ?? []

/** Whoever manages the system has no right in these by that alone: it takes a role of sales, accounts or stock. */
const TRADE = new Set(["Customer", "Item", "Item Price", "Sales Order", "Sales Invoice", "Payment Entry"])

/** Open to everybody who is signed in. */
const COMMON = new Set(["ToDo"])

export const may = (site: Site, right: Right, doctype: string): boolean => {
  if (site.user === ADMINISTRATOR) return true
  if (site.user === GUEST) return false
  const roles = rolesOf(site, site.user)
  if (COMMON.has(doctype) || (roles.includes("System Manager") && !TRADE.has(doctype))) return true
  return roles.some((role) => ROLES[role]?.[doctype]?.includes(right) === true)
}

export const requireList = (site: Site, doctype: string): void => {
  if (!may(site, "read", doctype)) throw listForbidden(site.user, doctype)
}

/** A caller without the right is not told whether the document is there, except a guest of an older release. */
export const requireRead = (site: Site, doctype: string, name: string): void => {
  if (may(site, "read", doctype)) return
  const there = doctype === "DocType" ? site.shape(name) !== undefined : site.store.has(doctype, name)
  if (!there && site.release.errors.guestSees404) return
  throw there ? documentForbidden(site.user, doctype) : doctypeForbidden(site.user, doctype)
}

export const requireCreate = (site: Site, doctype: string): void => {
  if (!may(site, "create", doctype)) throw doctypeForbidden(site.user, doctype)
}

export const requireAction = (site: Site, right: Right, doctype: string, name: string): void => {
  if (may(site, right, doctype)) return
  if (right === "write") throw documentForbidden(site.user, doctype)
  throw actionForbidden(site.user, right, doctype, name)
}
