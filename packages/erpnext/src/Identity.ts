/**
 * Which field carries our key, and what it does to it. The columns compare without regard to case, so capitals are spelt
 * out; blanks and accents are written as codes. A unique field is the one thing that keeps a repeated create from making a
 * second record: names are made up by the server, and a name that is taken gets a number.
 */
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import { NAME_LENGTH } from "./Limits.ts"
import type { Settings } from "./Settings.ts"

/** What the column keeps as it is, and what cannot be mistaken for markup. */
const ALPHABET = /[A-Za-z0-9.\-/|:%~#]/

const CARRIED = { alphabet: ALPHABET, caseFolding: "lower", maxLength: NAME_LENGTH } as const

/** An item is named by its code, which whoever makes it chooses. */
const ITEM: Features.Identity = {
  carrier: "clientKey",
  field: "item_code",
  ...CARRIED,
  changedBody: "updates",
}

/** What carries our key on documents of this doctype: a Custom Field, or the name that we choose. */
export const carrier = (settings: Settings, doctype: string): string =>
  doctype === "Item" ? "item_code" : settings.keyField

export const of = (settings: Settings, doctype: string): Features.Identity =>
  doctype === "Item"
    ? ITEM
    : { carrier: "uniqueProperty", field: settings.keyField, ...CARRIED, changedBody: "updates" }

/** The text of a key in its carrier; undefined when it does not fit. */
export const encode = (key: string): string | undefined => ExternalKey.encode(key, CARRIED)

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
