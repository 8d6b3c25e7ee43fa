/** A document as it stands on the wire, of whatever doctype: the engine knows doctypes only by their mappings. */
import type { Documents } from "../Documents.ts"

export type Doc = { readonly [field: string]: unknown }

/** Every doctype, each with whatever fields it has. */
export type AnyDoctype = {
  readonly [doctype: string]: {
    readonly read: Doc
    readonly create: Doc
    readonly update: Doc
    readonly keys: "name"
  }
}

export type AnyDocuments = Documents<AnyDoctype>

export const textOf = (doc: Doc, field: string): string | undefined => {
  const value = doc[field]
  return typeof value === "string" && value !== "" ? value : undefined
}
