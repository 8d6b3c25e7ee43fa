/** The tenant's own fields: data view, field and type; on the record itself or on its detail lines. */
import type { Scalar } from "./Shapes.ts"

export interface CustomDef {
  readonly entity: string
  /** Empty for the record, `Details` for its lines, `MainContact` for a linked entity. */
  readonly path: string
  readonly view: string
  /** `UsrHubSpotID`, or `AttributeHUBSPOTID` for a user-defined field. */
  readonly field: string
  readonly type: Exclude<Scalar, "Byte" | "StringSingleSelect">
}

export const wireType = (def: CustomDef): string => `Custom${def.type}Field`

export const find = (
  defs: ReadonlyArray<CustomDef>,
  entity: string,
  path: string,
  view: string,
  field: string,
): CustomDef | undefined =>
  defs.find((one) => one.entity === entity && one.path === path && one.view === view && one.field === field)

/** `Document.UsrX`, or `Details/Transactions.UsrX`. */
export const parsePath = (text: string): { readonly path: string; readonly view: string; readonly field: string } => {
  const slash = text.lastIndexOf("/")
  const path = slash < 0 ? "" : text.slice(0, slash)
  const [view = "", field = ""] = text.slice(slash + 1).split(".")
  return { path, view, field }
}

/**
 * Columns of the form that the contract does not have and that `$custom` may still show: whether it does for the
 * currency of an invoice is not confirmed.
 */
const NATIVE: ReadonlyArray<{ readonly def: CustomDef; readonly column: string }> = [
  { def: { entity: "Invoice", path: "", view: "Document", field: "CuryID", type: "String" }, column: "CurrencyID" },
  {
    def: { entity: "SalesInvoice", path: "", view: "Document", field: "CuryID", type: "String" },
    column: "CurrencyID",
  },
]

export const native = (entity: string, path: string): typeof NATIVE =>
  NATIVE.filter((one) => one.def.entity === entity && one.def.path === path)
