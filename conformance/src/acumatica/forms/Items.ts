/** Stock items (IN202500) and non-stock items (IN202000), which share their numbers. */
import type { StoreName } from "../Entities.ts"
import { STATUS } from "../Labels.ts"
import { text } from "../Record.ts"
import { cannotBeEmpty, type Form, fill } from "./Form.ts"

const DERIVED = new Set(["NoteID", "LastModifiedDateTime", "LastCost", "AverageCost", "MinCost", "MaxCost"])

const make = (other: StoreName, defaults: Readonly<Record<string, string | boolean>>): Form => ({
  derived: DERIVED,
  derivedInLines: new Set(["QtyOnHand"]),
  lengths: { InventoryID: 30, Description: 256 },
  open: (doc) => {
    Object.assign(doc.fields, { ItemStatus: STATUS.active, DefaultPrice: "0", BaseUOM: "EA", ...defaults })
  },
  close: ({ context, doc, issues }) => {
    const id = text(doc, "InventoryID")
    if (id === "") issues.add(doc, "InventoryID", cannotBeEmpty("Inventory ID"))
    if (context.tenant.store(other).findLatest([id]) !== undefined) {
      issues.add(doc, "InventoryID", `An item with the inventory ID ${id} already exists.`)
    }
    fill(doc, "SalesUOM", text(doc, "BaseUOM"))
    fill(doc, "PurchaseUOM", text(doc, "BaseUOM"))
    doc.fields["CurySpecificPrice"] = doc.fields["DefaultPrice"] ?? null
  },
  keeps: () => undefined,
})

export const stock = make("nonStockItems", {
  ItemClass: "STOCKITEM",
  ItemType: "Finished Good",
  TaxCategory: "TAXABLE",
  IsAKit: false,
})

export const nonStock = make("stockItems", {
  ItemClass: "NONSTOCK",
  ItemType: "Non-Stock Item",
  TaxCategory: "TAXABLE",
  IsKit: false,
  IsAKit: false,
})
