/**
 * Addresses of documents. A name may hold almost anything (`A/B & C`); it is encoded as a whole. A name of one or two dots
 * cannot stand in an address, for those that follow URLs take it for a step up: `/Customer/..` is the list of doctypes.
 */
import { shape } from "@mortise/core/ConnectorError"

/** Where tokens are given. */
export const token = "/api/method/frappe.integrations.oauth2.get_token"

/** A value as one part of a path. Throws for an empty one and for dots alone. */
export const part = (name: string, value: unknown): string => {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : ""
  if (text === "" || text === "." || text === "..") {
    throw new TypeError(`${name} cannot stand in an address: ${shape(value)}`)
  }
  return encodeURIComponent(text)
}

/** Path parameters for an address. */
export const serialize = (template: string, values: Record<string, unknown>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => part(name, values[name]))
