/**
 * How a record of ours is found again. Every object type carries our key in a unique property of our own, made by
 * `prepare`; a unique property holds at most once in a portal, so an upsert by it is the one way to write that no race
 * can double. Whether a property is unique is read from the portal, never assumed: HubSpot calls a company's domain a
 * key in its prose and refuses it in its API.
 *
 * Where a portal refuses our property on a type (a limit of 10 unique properties a type; products), `prepare` notes it,
 * and the type falls back to a unique property of HubSpot's own (contacts: email; products: `hs_sku` if it is unique) or
 * to a table in the state store.
 */
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import type { Definition, Definitions } from "./internal/Catalog.ts"
import type * as Mapping from "./internal/Mapping.ts"

/** The characters that every unique text property keeps: short ASCII of one case is the safe assumption. */
const ALPHABET = /^[a-z0-9|/.:%+~@-]$/

const CARRIED = { alphabet: ALPHABET, caseFolding: "lower", maxLength: 250 } as const

/** Our key as the property holds it; undefined when it does not fit. */
export const encode = (key: string): string | undefined => ExternalKey.encode(key, CARRIED)

/** Our key from the property; undefined for what somebody else wrote there. */
export const decode = (carried: string | null | undefined): string | undefined =>
  carried === null || carried === undefined || carried === "" ? undefined : ExternalKey.decode(carried)

export type Carrier =
  /** Our own unique property. */
  | { readonly kind: "property"; readonly property: string }
  /** A unique property of HubSpot's, fed by a canonical field; our key stands in the state store. */
  | { readonly kind: "standIn"; readonly property: string; readonly field: string }
  /** Nothing in HubSpot: the state store alone knows which record a key means. */
  | { readonly kind: "store" }
  /** `prepare` has not run. */
  | { readonly kind: "unprepared"; readonly property: string }

/** Unique in this portal, and writable. A unique property that is read-only has been met. */
export const isKey = (definition: Definition | undefined): boolean =>
  definition?.hasUniqueValue === true && definition.modificationMetadata?.readOnlyValue !== true

export interface Probe {
  readonly mapping: Pick<Mapping.Any, "standIn">
  readonly keyProperty: string
  readonly definitions: Definitions | undefined
  /** `prepare` tried to make our property here, and the portal refused. */
  readonly refused: boolean
}

export const carrier = ({ definitions, keyProperty, mapping, refused }: Probe): Carrier => {
  if (isKey(definitions?.get(keyProperty))) return { kind: "property", property: keyProperty }
  if (!refused) return { kind: "unprepared", property: keyProperty }
  const { standIn } = mapping
  if (standIn === undefined) return { kind: "unprepared", property: keyProperty }
  if (standIn.always || isKey(definitions?.get(standIn.property))) {
    return { kind: "standIn", property: standIn.property, field: standIn.field }
  }
  return { kind: "store" }
}

/** The carrier as the contract tells it. */
export const feature = (of: Carrier): Features.Identity => {
  switch (of.kind) {
    case "property":
    case "unprepared":
      return { carrier: "uniqueProperty", field: of.property, ...CARRIED, changedBody: "updates" }
    case "standIn":
      return { carrier: "uniqueProperty", field: of.property, ...CARRIED, changedBody: "updates" }
    case "store":
      return { carrier: "storeOnly", ...CARRIED, changedBody: "updates" }
  }
}

/** The key of a line: that of its document and its own. */
export const lineKey = (document: string, line: string): string => `${document}#${line}`
