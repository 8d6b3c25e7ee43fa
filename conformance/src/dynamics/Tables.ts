/**
 * The tables behind the entity sets. An entity joins several tables, and its ETag holds a version of each row that the join
 * found: an edit moves the version of the row that holds the field, and no other.
 */
import type { Knobs } from "./Knobs.ts"

export interface TableDef {
  readonly name: string
  /** As error texts name it. */
  readonly label: string
  /** Under which names its records are kept: those of this set. */
  readonly set: string
  /** Rows that the join may find, and how many of them are there from the start. */
  readonly sources: number
  /** The place of the row that holds a field; undefined when it lies in a table that the ETag does not cover. */
  readonly sourceOf?: (field: string, knobs: Knobs) => number | undefined
  /** Places of the rows that exist from the start; the first unless told. */
  readonly matched?: ReadonlyArray<number>
}

/** Place of the party among the rows of a customer, as recorded ETags show. */
const PARTY = 4

const PARTY_FIELDS =
  /^(?:Organization(?:Name|Number|PhoneticName)|Person\w+|NameAlias|KnownAs|LanguageId|PartyCountry)$/

const customerSource: TableDef["sourceOf"] = (field, knobs) => {
  if (field === "FullPrimaryAddress") return undefined
  if (field.startsWith("PrimaryContact")) return knobs.contactMovesEtag ? 0 : undefined
  if (/^(?:Delivery|Invoice)?Address(?!Books)/.test(field) && field !== "InvoiceAddress") {
    return knobs.addressMovesEtag ? 0 : undefined
  }
  return PARTY_FIELDS.test(field) ? PARTY : 0
}

const contactSource: TableDef["sourceOf"] = (field, knobs) => {
  if (field === "LastEditDateTime") return undefined
  if (/^Primary(?:Email|Phone|URL|Fax|Address)/.test(field)) return knobs.contactMovesEtag ? 0 : undefined
  return /^(?:First|Middle|Last|KnownAs|ContactPerson)Name$/.test(field) ? 1 : 0
}

const reference = (set: string, label: string, sources = 1): TableDef => ({ name: set, label, set, sources })

export const TABLES: ReadonlyArray<TableDef> = [
  {
    name: "customers",
    label: "CustTable",
    set: "CustomersV3",
    sources: 11,
    sourceOf: customerSource,
    matched: [0, PARTY],
  },
  {
    name: "contacts",
    label: "ContactPerson",
    set: "ContactPersons",
    sources: 3,
    sourceOf: contactSource,
    matched: [0, 1],
  },
  reference("CustomerElectronicAddresses", "LogisticsElectronicAddress"),
  reference("CustomerPostalAddressesV2", "LogisticsPostalAddress"),
  { name: "products", label: "InventTable", set: "ReleasedProductsV2", sources: 19, matched: [0, 1] },
  { name: "sharedProducts", label: "EcoResProduct", set: "ProductsV2", sources: 2 },
  { name: "orders", label: "SalesTable", set: "SalesOrderHeadersV2", sources: 7, matched: [0, 1] },
  { name: "orderLines", label: "SalesLine", set: "SalesOrderLinesV3", sources: 7, matched: [0, 1] },
  { name: "invoices", label: "CustInvoiceJour", set: "CustInvoiceJourBiEntities", sources: 2 },
  { name: "invoiceLines", label: "CustInvoiceTrans", set: "CustInvoiceTransBiEntities", sources: 2 },
  { name: "freeTextInvoices", label: "CustInvoiceTable", set: "FreeTextInvoiceHeaders", sources: 1 },
  { name: "freeTextLines", label: "CustInvoiceLine", set: "FreeTextInvoiceLines", sources: 1 },
  { name: "transactions", label: "CustTrans", set: "CustTransBiEntities", sources: 1 },
  { name: "openTransactions", label: "CustTransOpen", set: "CustTransOpens", sources: 1 },
  { name: "settlements", label: "CustSettlement", set: "CustSettlementBiEntities", sources: 1 },
  { name: "paymentJournals", label: "LedgerJournalTable", set: "CustomerPaymentJournalHeaders", sources: 1 },
  { name: "paymentLines", label: "LedgerJournalTrans", set: "CustomerPaymentJournalLines", sources: 4 },
  reference("PaymentJournalLineSettledInvoices", "SpecTrans"),
  reference("CustomerGroups", "CustGroup"),
  reference("CustomerPaymentMethods", "CustPaymModeTable"),
  reference("UnitsOfMeasure", "UnitOfMeasure", 5),
  reference("SalesPriceAgreements", "PriceDiscTable"),
  reference("Currencies", "Currency", 2),
  reference("LegalEntities", "CompanyInfo", 3),
  reference("Ledgers", "Ledger"),
  reference("MainAccounts", "MainAccount"),
  reference("PaymentTerms", "PaymTerm"),
  reference("TaxGroups", "TaxGroupHeading"),
  reference("DimensionCombinations", "DimensionAttributeValueCombination"),
  reference("DimensionSets", "DimensionAttributeValueSet"),
  reference("DimensionIntegrationFormats", "DimensionHierarchyIntegration"),
  reference("FinancialDimensionValues", "DimensionAttributeValue"),
  reference("NumberSequencesV2References", "NumberSequenceReference"),
  reference("SysAADClients", "SysAADClientTable"),
  reference("BusinessEventsCatalogs", "BusinessEventsTable"),
  reference("DataManagementDefinitionGroups", "DMFDefinitionGroup"),
]

const byName = new Map(TABLES.map((one) => [one.name, one]))

export const tableOf = (name: string): TableDef => {
  const found = byName.get(name)
  if (found === undefined) throw new RangeError(`no table ${name}`)
  return found
}
