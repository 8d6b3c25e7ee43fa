/**
 * Which table an entity set shows, and under which names. Sets of several versions show one table, and so do the entities for
 * analysis, which have the raw names of the tables and a stamp.
 */
import { tableOf } from "./Tables.ts"

export interface SetDef {
  readonly name: string
  readonly table: string
  /** Name in the set, then name in the table; `$` names what the record itself knows. Equal names are not listed. */
  readonly renamed: { readonly [field: string]: string }
  /** Rows of the join that its ETag shows. */
  readonly pairs: number
  readonly access: "free" | "read" | "create" | "carrier"
  /** One of the entities for analysis. */
  readonly bi: boolean
}

type Renamed = SetDef["renamed"]

const BI: Renamed = {
  SourceKey: "$recId",
  SysRecId: "$recId",
  SysRecVersion: "$version",
  SysModifiedDateTime: "$modified",
  SysCreatedDateTime: "$created",
  CreatedOn: "$created",
  SysDataAreaId: "dataAreaId",
}

const CUSTOMER_BI: Renamed = {
  AccountNum: "CustomerAccount",
  CustGroup: "CustomerGroupId",
  Currency: "SalesCurrencyCode",
  PaymTermId: "PaymentTerms",
  Blocked: "OnHoldStatus",
  CreditMax: "CreditLimit",
  VATNum: "TaxExemptNumber",
  Party: "$party",
}

const PARTY_BI: Renamed = {
  Name: "$name",
  SourceKey: "$party",
  PrimaryContactEmail: "PrimaryContactEmailRecordId",
  PrimaryContactPhone: "PrimaryContactPhoneRecordId",
  PrimaryContactURL: "PrimaryContactURLRecordId",
  PrimaryAddressLocation: "AddressRecordId",
}

const ORDER_BI: Renamed = {
  SalesId: "SalesOrderNumber",
  CustAccount: "OrderingCustomerAccountNumber",
  InvoiceAccount: "InvoiceCustomerAccountNumber",
  SalesName: "SalesOrderName",
  SalesStatus: "SalesOrderStatus",
  CustomerRef: "CustomersOrderReference",
  PurchOrderFormNum: "CustomerRequisitionNumber",
  Payment: "PaymentTermsName",
}

const LINE_BI: Renamed = {
  SalesId: "SalesOrderNumber",
  InventTransId: "InventoryLotId",
  ItemId: "ItemNumber",
  SalesQty: "OrderedSalesQuantity",
  SalesUnit: "SalesUnitSymbol",
  SalesStatus: "SalesOrderLineStatus",
  Name: "LineDescription",
  LineNum: "LineNumber",
  PriceUnit: "SalesPriceQuantity",
}

/** Posted invoices are kept under the names of their tables. */
const INVOICE: Renamed = {
  InvoiceNumber: "InvoiceId",
  SalesOrderNumber: "SalesId",
  InvoiceCustomerAccountNumber: "InvoiceAccount",
  PaymentTermsName: "Payment",
  TotalInvoiceAmount: "InvoiceAmount",
  TotalTaxAmount: "SumTax",
  TotalChargeAmount: "SumMarkup",
  TotalDiscountAmount: "EndDisc",
  EndDiscount: "EndDisc",
  TotalLineDiscount: "SumLineDisc",
  CashDiscount: "CashDisc",
  CustomersOrderReference: "CustomerRef",
}

const INVOICE_LINE: Renamed = {
  InvoiceNumber: "InvoiceId",
  ProductNumber: "ItemId",
  ProductName: "Name",
  InvoicedQuantity: "Qty",
  SalesUnitSymbol: "SalesUnit",
  LineTotalTaxAmount: "LineAmountTax",
  LineTotalDiscountAmount: "SumLineDisc",
}

const CDS: Renamed = { ExternalInvoiceId: "ExternalInvoiceId" }

const ITEM_BI: Renamed = { ItemId: "ItemNumber", NameAlias: "SearchName" }

const PRICE_BI: Renamed = {
  ItemId: "ItemNumber",
  Price: "SalesPrice",
  PriceUnit: "SalesPriceQuantity",
  PriceDate: "SalesPriceDate",
  UnitId: "SalesUnitSymbol",
  ModuleType: "$sales",
}

const make = (
  name: string,
  table: string,
  access: SetDef["access"],
  options: { readonly renamed?: Renamed; readonly bi?: boolean } = {},
): SetDef => ({
  name,
  table,
  access,
  renamed: { ...(options.bi === true ? BI : {}), ...options.renamed },
  pairs: options.bi === true ? 1 : tableOf(table).sources,
  bi: options.bi ?? false,
})

const free = (name: string, table = name): SetDef => make(name, table, "free")
const read = (name: string, table: string, renamed: Renamed = {}): SetDef => make(name, table, "read", { renamed })
const bi = (name: string, table: string, renamed: Renamed = {}): SetDef =>
  make(name, table, "read", { renamed, bi: true })

const SETS: ReadonlyArray<SetDef> = [
  free("CustomersV3", "customers"),
  free("CustomersV2", "customers"),
  make("CustomersBase", "customers", "read", { renamed: { Name: "$name" } }),
  bi("CustTableBiEntities", "customers", CUSTOMER_BI),
  bi("DirPartyTableBiEntities", "customers", PARTY_BI),
  free("ContactPersons", "contacts"),
  free("CustomerElectronicAddresses"),
  bi("LogisticsElectronicAddressBiEntities", "CustomerElectronicAddresses"),
  free("CustomerPostalAddressesV2"),
  make("CustomerPostalAddresses", "CustomerPostalAddressesV2", "read", {
    renamed: {
      CustomerAccountNumber: "CustomerAccount",
      CustomerLegalEntityId: "dataAreaId",
      Effective: "AddressValidFrom",
      Expiration: "AddressValidTo",
      AddressCountyId: "AddressCounty",
    },
  }),
  bi("LogisticsPostalAddressBiEntities", "CustomerPostalAddressesV2", {
    Location: "$recId",
    ValidFrom: "AddressValidFrom",
    ValidTo: "AddressValidTo",
    Street: "AddressStreet",
    City: "AddressCity",
    State: "AddressState",
    ZipCode: "AddressZipCode",
    CountryRegionId: "AddressCountryRegionId",
  }),
  free("ReleasedProductsV2", "products"),
  make("ReleasedProductCreationsV2", "products", "create"),
  bi("InventTableBiEntities", "products", ITEM_BI),
  bi("InventTableModuleBiEntities", "products", PRICE_BI),
  free("ProductsV2", "sharedProducts"),
  read("AllProducts", "sharedProducts"),
  free("SalesOrderHeadersV2", "orders"),
  free("SalesOrderHeadersV3", "orders"),
  free("SalesOrderHeadersV4", "orders"),
  bi("SalesTableBiEntities", "orders", ORDER_BI),
  free("SalesOrderLines", "orderLines"),
  free("SalesOrderLinesV3", "orderLines"),
  bi("SalesLineBiEntities", "orderLines", LINE_BI),
  read("SalesInvoiceHeaders", "invoices", INVOICE),
  read("SalesInvoiceHeadersV2", "invoices", INVOICE),
  read("SalesInvoiceHeadersV4", "invoices", INVOICE),
  read("SalesInvoiceJournalHeaders", "invoices", INVOICE),
  bi("CustInvoiceJourBiEntities", "invoices"),
  read("SalesInvoiceV2Lines", "invoiceLines", INVOICE_LINE),
  read("SalesInvoiceV3Lines", "invoiceLines", INVOICE_LINE),
  read("SalesInvoiceV4Lines", "invoiceLines", INVOICE_LINE),
  bi("CustInvoiceTransBiEntities", "invoiceLines"),
  free("FreeTextInvoiceHeaders", "freeTextInvoices"),
  make("CDSFreeTextInvoiceHeaders", "freeTextInvoices", "carrier", { renamed: CDS }),
  free("FreeTextInvoiceLines", "freeTextLines"),
  make("CDSFreeTextInvoiceLines", "freeTextLines", "carrier", { renamed: CDS }),
  read("CustTransactions", "transactions", BI),
  bi("CustTransBiEntities", "transactions"),
  read("CustTransOpens", "openTransactions", BI),
  bi("CustSettlementBiEntities", "settlements"),
  free("CustomerPaymentJournalHeaders", "paymentJournals"),
  free("CustomerPaymentJournalLines", "paymentLines"),
  free("PaymentJournalLineSettledInvoices"),
  free("CustomerGroups"),
  free("CustomerPaymentMethods"),
  free("UnitsOfMeasure"),
  free("SalesPriceAgreements"),
  free("Currencies"),
  free("LegalEntities"),
  free("Ledgers"),
  free("MainAccounts"),
  free("PaymentTerms"),
  free("TaxGroups"),
  free("FinancialDimensionValues"),
  free("NumberSequencesV2References"),
  free("SysAADClients"),
  free("DimensionIntegrationFormats"),
  ...["DimensionCombinations", "DimensionSets", "BusinessEventsCatalogs", "DataManagementDefinitionGroups"].map(
    (name) => read(name, name),
  ),
]

const byName = new Map(SETS.map((one) => [one.name, one]))

export const find = (name: string): SetDef | undefined => byName.get(name)

export const setOf = (name: string): SetDef => {
  const found = byName.get(name)
  if (found === undefined) throw new RangeError(`no entity set ${name}`)
  return found
}

/** Name of a field in the table. */
export const column = (set: SetDef, field: string): string => set.renamed[field] ?? field
