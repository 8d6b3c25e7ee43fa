/**
 * Acumatica: a description names no keys and marks nothing as required or read-only.
 *
 * Keys, in the order of the form: endpoint definitions of `Acumatica/AcumaticaRESTAPIClientForCSharp` and the model classes
 * of 26.200.001. Numbering: integration development guide, "Create a Record" (a PUT without key, id or filter inserts
 * with the next number). Stamps, totals and balances are columns that the ERP computes.
 */
import type { Facts } from "./Facts.ts"

const STAMPS = ["CreatedDateTime", "LastModifiedDateTime"]
const DOCUMENT_STAMPS = [...STAMPS, "LastModified", "LastModifiedDate", "CreatedDate"]

export const acumatica: Facts = {
  numbers: "decimal",
  keysInBody: true,
  readOnly: ["rowNumber", "error", "_links", "files"],
  entities: {
    Bill: {
      keys: ["Type", "ReferenceNbr"],
      numbered: ["ReferenceNbr"],
      required: ["Vendor"],
      readOnly: [...DOCUMENT_STAMPS, "Balance", "Status"],
    },
    BusinessAccount: {
      keys: ["BusinessAccountID"],
      numbered: ["BusinessAccountID"],
      required: ["Name"],
      readOnly: STAMPS,
    },
    Contact: {
      keys: ["ContactID"],
      numbered: ["ContactID"],
      readOnly: [...STAMPS, "DisplayName", "NoteID"],
      servedAs: "Contact",
    },
    Customer: {
      keys: ["CustomerID"],
      numbered: ["CustomerID"],
      required: ["CustomerName"],
      readOnly: [...STAMPS, "BAccountID", "NoteID"],
      servedAs: "Account",
    },
    Invoice: {
      keys: ["Type", "ReferenceNbr"],
      numbered: ["ReferenceNbr"],
      required: ["Customer"],
      readOnly: [...DOCUMENT_STAMPS, "Balance", "Status"],
      servedAs: "Invoice",
    },
    NonStockItem: {
      keys: ["InventoryID"],
      numbered: ["InventoryID"],
      readOnly: [...DOCUMENT_STAMPS],
      servedAs: "Product",
    },
    Payment: {
      keys: ["Type", "ReferenceNbr"],
      numbered: ["ReferenceNbr"],
      required: ["CustomerID"],
      readOnly: [...DOCUMENT_STAMPS, "AppliedToDocuments", "AppliedToOrders", "AvailableBalance", "Status"],
      servedAs: "Payment",
    },
    SalesInvoice: {
      keys: ["Type", "ReferenceNbr"],
      numbered: ["ReferenceNbr"],
      required: ["CustomerID"],
      readOnly: [...DOCUMENT_STAMPS, "Balance", "DetailTotal", "Status", "TaxTotal"],
      servedAs: "Invoice",
    },
    SalesOrder: {
      keys: ["OrderType", "OrderNbr"],
      numbered: ["OrderNbr"],
      required: ["CustomerID"],
      readOnly: [...DOCUMENT_STAMPS, "NoteID", "OrderTotal", "Status", "TaxTotal"],
      servedAs: "Order",
    },
    Shipment: { keys: ["ShipmentNbr"], numbered: ["ShipmentNbr"], readOnly: [...DOCUMENT_STAMPS, "Status"] },
    StockItem: {
      keys: ["InventoryID"],
      numbered: ["InventoryID"],
      readOnly: [...DOCUMENT_STAMPS],
      servedAs: "Product",
    },
    Vendor: { keys: ["VendorID"], numbered: ["VendorID"], required: ["VendorName"], readOnly: STAMPS },
  },
}
