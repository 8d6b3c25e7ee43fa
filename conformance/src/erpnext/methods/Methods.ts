/** The functions that are open to calls by name. */
import * as Access from "../Access.ts"
import * as SalesOrder from "../controllers/SalesOrder.ts"
import * as Documents from "../Documents.ts"
import { invalid, missing, thrown } from "../Errors.ts"
import * as Permissions from "../Permissions.ts"
import * as Render from "../Render.ts"
import * as Request from "../Request.ts"
import { GUEST, type Site } from "../Site.ts"
import * as Client from "./Client.ts"
import * as Descriptions from "./Descriptions.ts"
import * as Mapped from "./Mapped.ts"
import type { Method } from "./Method.ts"

const ORDERS = "erpnext.selling.doctype.sales_order.sales_order"
const INVOICES = "erpnext.accounts.doctype.sales_invoice.sales_invoice"
const PAYMENTS = "erpnext.accounts.doctype.payment_entry.payment_entry"

const versions: Method = ({ release }) => ({
  frappe: { title: "Frappe Framework", description: "The framework", branch: "", version: release.frappe },
  erpnext: { title: "ERP", description: "The ERP", branch: "", version: release.erpnext },
})

/** The key stays; the secret is another one, and whoever held the old one is cut off. */
const generateKeys: Method = (site, params) => {
  const user = site.state.users.get(Request.text(params, "user"))
  if (user === undefined) throw missing("User", Request.text(params, "user"))
  if (!Permissions.may(site, "write", "User")) throw thrown(403, "PermissionError", "Not for you")
  if (user.apiKey === "") user.apiKey = site.secret(15)
  user.apiSecret = site.secret(15)
  return { api_key: user.apiKey, api_secret: user.apiSecret }
}

const updateStatus: Method = (site, params) => {
  const name = Request.text(params, "name")
  Permissions.requireAction(site, "write", "Sales Order", name)
  SalesOrder.updateStatus(site, name, Request.text(params, "status"))
  return undefined
}

const unsaved =
  (make: (site: Site, params: Request.Params) => ReturnType<typeof Mapped.salesInvoice>, doctype: string): Method =>
  (site, params) =>
    Render.document(site, Documents.shapeOf(site, doctype), make(site, params))

const all: { readonly [name: string]: Method } = {
  "frappe.auth.get_logged_user": (site) => site.user,
  "frappe.utils.change_log.get_versions": versions,
  "frappe.core.doctype.user.user.generate_keys": generateKeys,
  "frappe.ping": () => "pong",
  ping: () => "pong",
  ...Object.fromEntries(Object.entries(Client.methods).map(([name, method]) => [`frappe.client.${name}`, method])),
  [`${ORDERS}.update_status`]: updateStatus,
  [`${ORDERS}.make_sales_invoice`]: unsaved(
    (site, params) => Mapped.salesInvoice(site, Request.text(params, "source_name")),
    "Sales Invoice",
  ),
  [`${INVOICES}.make_sales_return`]: unsaved(
    (site, params) => Mapped.creditNote(site, Request.text(params, "source_name")),
    "Sales Invoice",
  ),
  [`${PAYMENTS}.get_payment_entry`]: unsaved(
    (site, params) => Mapped.paymentEntry(site, Request.text(params, "dt"), Request.text(params, "dn")),
    "Payment Entry",
  ),
}

/** Open to nobody in particular. */
const OPEN = new Set(["frappe.client.get_time_zone", "frappe.ping", "ping"])

/** What the site has and does not open to calls by name. */
const isKnownModule = (name: string): boolean =>
  /^(frappe|erpnext)\.(utils|model|core|accounts|selling|stock|db)\b/.test(name)

const closed = (name: string) =>
  `<details><summary>Not open to you</summary>${name} is not open to calls by name.</details>`

export const find = (site: Site, name: string, httpMethod: string): Method => {
  const method = all[name]
  if (method === undefined) {
    if (isKnownModule(name)) throw thrown(403, "PermissionError", closed(name), { title: "Method Not Allowed" })
    throw invalid(`There is no method ${name}`)
  }
  const closedTo = (site.user === GUEST && !OPEN.has(name)) || (httpMethod === "GET" && Client.writers.has(name))
  if (closedTo) throw thrown(403, "PermissionError", closed(name), { title: "Method Not Allowed" })
  return method
}

/** Open to everybody who is signed in, whatever his roles. */
export const requireSignedIn = (site: Site, name: string): void => {
  if (site.user === GUEST) throw thrown(403, "PermissionError", closed(name), { title: "Method Not Allowed" })
}

export interface LoggedIn {
  readonly body: unknown
  readonly cookies: ReadonlyArray<string>
}

export const login = (site: Site, params: Request.Params): LoggedIn => {
  const session = Access.login(site, Request.text(params, "usr"), Request.text(params, "pwd"))
  const fullName = site.state.users.get(session.user)?.fullName ?? session.user
  return {
    body: { message: "Logged In", home_page: "/app/home", full_name: fullName },
    cookies: Access.sessionCookies(site, session, fullName),
  }
}

export const getdoctype = (site: Site, doctype: string): unknown => ({
  docs: Descriptions.form(site, doctype),
  user_settings: "{}",
})
