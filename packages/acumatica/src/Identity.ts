/**
 * Which field carries our key, and what it does to it. Columns compare without regard to case in most collations, so
 * capitals are spelt out; blanks at the end are cut by the column, so none are written.
 */
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import type { Carrier } from "./internal/Mapping.ts"
import type { Settings } from "./Settings.ts"
import { externalField, type Resource } from "./Versions.ts"

/** What a carrier keeps as it is. Quotes and blanks are spelt out, though filters escape them too. */
const ALPHABET = /[A-Za-z0-9.\-/|:%~]/

// Acumatica: AcctReferenceNbr is nvarchar(50) (model comments of Default 26.200.001). The length of the other columns is
// not published; 40 is the shortest that the forms are known to take.
const LENGTHS: Readonly<Partial<Record<Resource, number>>> = { Customer: 50 }
const SHORTEST = 40

/** Keys of items are what the segmented key INVENTORY takes: capitals, digits, dots, dashes. */
const ITEM: Features.Identity = {
  carrier: "clientKey",
  field: "InventoryID",
  alphabet: /[A-Z0-9.-]/,
  caseFolding: "upper",
  maxLength: 30,
  changedBody: "updates",
}

/** The field that carries our key on this form; undefined where the version has none and the tenant granted none. */
export const carrier = (settings: Settings, resource: Resource): Carrier | undefined => {
  const member = externalField(settings.version, resource)
  if (member !== undefined) return { type: "member", name: member }
  const granted = resource === "Contact" ? settings.contacts?.keyField : undefined
  return granted === undefined ? undefined : { type: "custom", viewAndField: granted }
}

export const of = (settings: Settings, resource: Resource): Features.Identity | undefined => {
  if (resource === "StockItem" || resource === "NonStockItem") return ITEM
  const field = carrier(settings, resource)
  if (field === undefined) return undefined
  return {
    carrier: "putByExternalId",
    field: field.type === "member" ? field.name : field.viewAndField,
    alphabet: ALPHABET,
    caseFolding: "lower",
    maxLength: LENGTHS[resource] ?? SHORTEST,
    changedBody: "updates",
  }
}

/** Our key of a text in a carrier; undefined when somebody else wrote it. */
export const decode = (text: string): string | undefined => {
  const key = ExternalKey.decode(text)
  return key === undefined || key === "" ? undefined : key
}

/** True when the text in a carrier has the form of a key of ours: scope, entity and id. */
export const isOurs = (text: string): boolean => {
  const key = decode(text)
  return key !== undefined && ExternalKey.parse(key) !== undefined
}
