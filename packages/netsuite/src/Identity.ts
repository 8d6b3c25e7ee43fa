/**
 * Which field carries our key, and what it does to it. Outside of an account the external id is the one name that a write
 * can go by, so it carries our key unless another application owns it. It is compared without regard to case, and it is
 * one namespace for all entities, all transactions, all items: so the key says for what it was made.
 */
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import type { EntityName } from "./Config.ts"
import * as Limits from "./Limits.ts"
import type { Settings as All } from "./Settings.ts"

/** What names are made by. */
export type Settings = Pick<All, "subsidiary" | "keyFields">

/** Letters, digits, `_` and `-` stand in an address; capitals are spelt out, and `_` begins what is spelt out. */
const ALPHABET = /[a-z0-9-]/

const PREFIXES: { readonly [E in EntityName]: string } = {
  Account: "acct",
  Contact: "cont",
  Product: "item",
  Order: "so",
  Invoice: "inv",
  Payment: "pymt",
}

/**
 * Before the key, so that an account and a contact of one record of the CRM are two names in one namespace; and so are the
 * accounts of two subsidiaries, which an item is not kept apart by.
 */
const prefixOf = ({ subsidiary = "" }: Settings, entity: string): string =>
  `${PREFIXES[entity as EntityName] ?? ""}${entity === "Product" ? "" : subsidiary}-`

export type Carrier =
  | { readonly type: "externalId" }
  /** A field of the account's own. */
  | { readonly type: "field"; readonly name: string }

/** The field that carries our key. */
export const carrier = (settings: Settings, entity: string): Carrier => {
  const name = settings.keyFields[entity]
  return name === undefined ? { type: "externalId" } : { type: "field", name }
}

/** Its column in a query. */
export const column = (settings: Settings, entity: string): string => {
  const found = carrier(settings, entity)
  return found.type === "field" ? found.name : "externalid"
}

export const of = (settings: Settings, entity: string): Features.Identity => {
  const found = carrier(settings, entity)
  return {
    carrier: found.type === "field" ? "findThenWrite" : "putByExternalId",
    field: found.type === "field" ? found.name : "externalId",
    alphabet: ALPHABET,
    caseFolding: "lower",
    maxLength: Limits.EXTERNAL_ID - prefixOf(settings, entity).length,
    changedBody: "updates",
  }
}

/** The text of a key in the carrier; undefined for one that it does not hold. */
export const encode = (settings: Settings, entity: string, key: string): string | undefined => {
  const text = ExternalKey.encode(key, of(settings, entity))
  return text === undefined ? undefined : prefixOf(settings, entity) + text
}

/** Our key of a text in a carrier; undefined when somebody else wrote it, or it was made for another entity. */
export const decode = (settings: Settings, entity: string, text: string): string | undefined => {
  const prefix = prefixOf(settings, entity)
  const lower = text.toLowerCase()
  if (!lower.startsWith(prefix)) return undefined
  const key = ExternalKey.decode(lower.slice(prefix.length))
  return key === undefined || key === "" ? undefined : key
}

/** True when the text in a carrier has the form of a key of ours: scope, entity and id. */
export const isOurs = (settings: Settings, entity: string, text: string): boolean => {
  const key = decode(settings, entity, text)
  return key !== undefined && ExternalKey.parse(key) !== undefined
}
