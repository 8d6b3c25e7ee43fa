/**
 * Finance & Operations: the annotations say what is required and what may be edited; only numbering by number sequences,
 * which a company may switch off, stands nowhere.
 *
 * Keys that the server filled, and what successful creates sent: creates recorded in `NangoHQ/integration-templates`
 * (customers, order headers, free text invoices). The other numbered keys are number sequence references of the modules
 * Accounts receivable, Sales and marketing and Global address book.
 */
import { standard } from "../generated/dynamics.ts"
import type { Facts } from "./Facts.ts"

const ORDER = { numbered: ["SalesOrderNumber"], required: ["OrderingCustomerAccountNumber"], servedAs: "Order" }
const LINE = { numbered: ["InventoryLotId"], required: ["SalesOrderNumber"] }

/**
 * Posted documents, the transactions that posting makes, and the entities that show tables for analysis. Microsoft: data
 * entities; posting and settling are not done through OData.
 */
const READ_MODELS = [
  "CustInvoiceJourBiEntities",
  "CustInvoiceTransBiEntities",
  "CustSettlementBiEntities",
  "CustTableBiEntities",
  "CustTransBiEntities",
  "CustTransOpens",
  "CustTransactions",
  "DirPartyTableBiEntities",
  "InventTableBiEntities",
  "InventTableModuleBiEntities",
  "LogisticsElectronicAddressBiEntities",
  "LogisticsPostalAddressBiEntities",
  "SalesInvoiceHeaders",
  "SalesInvoiceHeadersV2",
  "SalesInvoiceHeadersV4",
  "SalesInvoiceJournalHeaders",
  "SalesInvoiceV2Lines",
  "SalesInvoiceV3Lines",
  "SalesInvoiceV4Lines",
  "SalesLineBiEntities",
  "SalesTableBiEntities",
]

export const dynamics: Facts = {
  numbers: "described",
  keysInBody: false,
  readOnly: [],
  standard,
  entities: {
    ...Object.fromEntries(READ_MODELS.map((name) => [name, { readModel: true } as const])),
    ContactPersons: { numbered: ["ContactPersonId"], servedAs: "Contact" },
    CustomerElectronicAddresses: { numbered: ["ElectronicAddressId"] },
    CustomerPaymentJournalHeaders: { numbered: ["JournalBatchNumber"], servedAs: "Payment" },
    CustomerPostalAddresses: { numbered: ["AddressLocationId"] },
    CustomerPostalAddressesV2: { numbered: ["AddressLocationId"] },
    CustomersV2: { numbered: ["CustomerAccount"], required: ["CustomerGroupId", "SalesCurrencyCode"] },
    CustomersV3: {
      numbered: ["CustomerAccount"],
      required: ["CustomerGroupId", "SalesCurrencyCode"],
      servedAs: "Account",
    },
    FreeTextInvoiceHeaders: { numbered: ["InvoiceIdentifier"], required: ["CustomerAccount"], servedAs: "Invoice" },
    FreeTextInvoiceLines: { required: ["ParentRecId"] },
    ReleasedProductCreationsV2: { numbered: ["ItemNumber"] },
    ReleasedProductsV2: { numbered: ["ItemNumber"], servedAs: "Product" },
    SalesOrderHeadersV2: { ...ORDER, required: ["OrderingCustomerAccountNumber", "CurrencyCode"] },
    SalesOrderHeadersV3: ORDER,
    SalesOrderHeadersV4: ORDER,
    SalesOrderLines: LINE,
    SalesOrderLinesV3: LINE,
  },
}
