/** Products, which all companies share, and items, which are products released to one of them. */
import { type Doc, text } from "../Record.ts"
import * as Form from "./Form.ts"

const UNITS = [
  ["SalesUnitSymbol", "Sales unit"],
  ["InventoryUnitSymbol", "Inventory unit"],
  ["PurchaseUnitSymbol", "Purchase unit"],
] as const

const units = (context: Form.Context, doc: Doc): void => {
  for (const [field, label] of UNITS) {
    Form.related(context, doc, { field, label, table: "UnitsOfMeasure", column: "UnitSymbol", tableLabel: "Units" })
  }
}

/** An item that is created whole brings the product that it is released from. */
const share = (context: Form.Context, item: Doc): void => {
  const number = text(item, "ProductNumber")
  if (Form.find(context, "sharedProducts", "ProductNumber", number) !== undefined) return
  const fields = {
    ProductNumber: number,
    ProductName: text(item, "ProductName"),
    ProductDescription: text(item, "ProductDescription"),
    ProductSearchName: text(item, "ProductSearchName") || text(item, "SearchName"),
    ProductType: text(item, "ProductType") || "Item",
  }
  context.world.write("sharedProducts", undefined, "", fields, context.now)
}

export const items: Form.Form = {
  create: (entry, context) => {
    const { doc } = entry
    Form.number(context, entry, { field: "ItemNumber", label: "Item number", table: "products" })
    Form.otherwise(doc, "ProductNumber", text(doc, "ItemNumber"))
    Form.otherwise(
      doc,
      "SearchName",
      text(doc, "ProductSearchName") || text(doc, "ProductName") || text(doc, "ItemNumber"),
    )
    doc.fields["SearchName"] = text(doc, "SearchName").slice(0, 20)
    Form.otherwise(doc, "ProductType", "Item")
    Form.otherwise(doc, "SalesUnitSymbol", "ea")
    Form.otherwise(doc, "InventoryUnitSymbol", "ea")
    doc.fields["SalesPriceQuantity"] ??= "1"
    units(context, doc)
  },
  update: ({ doc }, context) => units(context, doc),
  saved: ({ before, doc }, context) => {
    if (before === undefined) share(context, doc)
  },
}

export const shared: Form.Form = {
  create: ({ doc }, context) => {
    Form.mustBeFilled(context, doc, "ProductNumber", "Product number")
    Form.otherwise(doc, "ProductSearchName", text(doc, "ProductName").slice(0, 20))
    Form.otherwise(doc, "ProductType", "Item")
  },
}
