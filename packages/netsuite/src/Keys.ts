/**
 * How a record is named in an address: by its internal id, or by `eid:` and the external id. Whatever writes a record
 * answers with an address and no body; the id stands in its last part, in either form.
 */

import { shape } from "@mortise/core/ConnectorError"

/** Letters of any script, digits, `_` and `-`; a `|` breaks the address. Oracle: help, section 156334828635. */
const EXTERNAL_ID = /^[\p{L}0-9_-]+$/u
const INTERNAL_ID = /^\d+$/

/** The external id as it stands in an address; undefined for one that cannot stand there. */
export const eid = (externalId: string): `eid:${string}` | undefined =>
  EXTERNAL_ID.test(externalId) ? `eid:${externalId}` : undefined

export type Named = { readonly id: string } | { readonly externalId: string }

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** What the `Location` of an answer names; undefined when its last part is neither form of an id. */
export const fromLocation = (location: string): Named | undefined => {
  const last = decoded(/([^/?#]+)\/?(?:[?#].*)?$/.exec(location)?.[1] ?? "")
  if (last === undefined) return undefined
  if (INTERNAL_ID.test(last)) return { id: last }
  const externalId = last.startsWith("eid:") ? last.slice("eid:".length) : ""
  return EXTERNAL_ID.test(externalId) ? { externalId } : undefined
}

/**
 * Path parameters for an address. The colon of `eid:` stays as it is, as in all of the vendor's examples. Throws for an
 * empty id and for dots alone, which those that follow URLs take for a step up.
 */
export const serialize = (template: string, values: Record<string, unknown>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? "")
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${name} cannot stand in an address: ${shape(value)}`)
    return encodeURIComponent(value).replace(/^eid%3A/, "eid:")
  })
