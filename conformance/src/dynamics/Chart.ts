/**
 * Two companies as a wholesaler has them: `usmf` keeps its books in dollars, `demf` in euros. What documents refer to is
 * there: currencies, terms, groups, main accounts, units, tax groups, dimensions and their formats, number sequences.
 */
import type { DynamicsWorld } from "./World.ts"

const COMPANIES = [
  {
    id: "usmf",
    name: "Contoso Entertainment System USA",
    country: "USA",
    currency: "USD",
    rates: { EUR: "1.0850", GBP: "1.2710", JPY: "0.0067", KWD: "3.2550" },
  },
  {
    id: "demf",
    name: "Contoso Entertainment System Germany",
    country: "DEU",
    currency: "EUR",
    rates: { USD: "0.9217", GBP: "1.1714", JPY: "0.0062", KWD: "3.0000" },
  },
] as const

const CURRENCIES = [
  ["USD", "US Dollar", "$", "0.01"],
  ["EUR", "Euro", "€", "0.01"],
  ["GBP", "Pound Sterling", "£", "0.01"],
  ["JPY", "Japanese Yen", "¥", "1"],
  ["KWD", "Kuwaiti Dinar", "KD", "0.001"],
] as const

const TERMS = [
  ["COD", "Cash on delivery", "0"],
  ["Net10", "Net 10 days", "10"],
  ["Net30", "Net 30 days", "30"],
  ["Net60", "Net 60 days", "60"],
] as const

const GROUPS = [
  ["10", "Wholesales customers", "Net30"],
  ["20", "Major customers", "Net60"],
  ["30", "Retail customers", "Net10"],
  ["90", "Intercompany customers", ""],
] as const

const ACCOUNTS = [
  ["110180", "Bank account - payroll", "Asset"],
  ["130100", "Accounts receivable", "Asset"],
  ["140200", "Finished goods", "Asset"],
  ["202100", "Sales tax payable", "Liability"],
  ["300160", "Retained earnings", "Equity"],
  ["401100", "Sales revenue", "Revenue"],
  ["403300", "Discounts", "Revenue"],
  ["500100", "Cost of goods sold", "Expense"],
] as const

const UNITS = [
  ["ea", "Each", "Quantity", "0"],
  ["box", "Box", "Quantity", "0"],
  ["kg", "Kilogram", "Mass", "3"],
  ["hr", "Hour", "Time", "2"],
] as const

const DIMENSIONS = {
  BusinessUnit: ["001", "002", "003", "EU-01"],
  Department: ["021", "022", "023"],
  CostCenter: ["007", "014"],
} as const

const SEQUENCES = ["CustomerAccount", "ContactPersonId", "SalesOrderNumber", "ItemNumber", "JournalBatchNumber"]

const seedCompany = (
  world: DynamicsWorld,
  { country, currency, id, name, rates }: (typeof COMPANIES)[number],
): void => {
  world.addCompany({ id, currency, rates })
  world.seed("LegalEntities", [
    { LegalEntityId: id, Name: name, CompanyName: name, AddressCountryRegionId: country, LanguageId: "en-US" },
  ])
  world.seed("Ledgers", [
    {
      LegalEntityId: id,
      Name: id,
      AccountingCurrency: currency,
      ReportingCurrency: "USD",
      ChartOfAccounts: "Shared",
      ExchangeRateType: "Default",
    },
  ])
  world.seed(
    "PaymentTerms",
    TERMS.map(([Name, Description, NumberOfDays]) => ({ dataAreaId: id, Name, Description, NumberOfDays })),
  )
  world.seed(
    "CustomerGroups",
    GROUPS.map(([CustomerGroupId, Description, PaymentTermId]) => ({
      dataAreaId: id,
      CustomerGroupId,
      Description,
      PaymentTermId,
      CustomerAccountNumberSequence: `Cust_${id}`,
    })),
  )
  world.seed(
    "TaxGroups",
    ["TAX", "EXEMPT"].map((TaxGroupCode) => ({ dataAreaId: id, TaxGroupCode, Description: TaxGroupCode })),
  )
  world.seed(
    "CustomerPaymentMethods",
    ["CHECK", "WIRE", "CARD"].map((Name) => ({ dataAreaId: id, Name, Description: Name })),
  )
  world.seed(
    "NumberSequencesV2References",
    SEQUENCES.map((DataTypeName) => ({
      ScopeType: "DataArea",
      ScopeValue: id,
      DataTypeName,
      NumberSequenceCode: `${DataTypeName}_${id}`,
    })),
  )
}

const seedDimensions = (world: DynamicsWorld): void => {
  const formats = [
    ["Default dimensions", "DataEntityDefaultDimensionFormat", "BusinessUnit-Department-CostCenter"],
    ["Ledger accounts", "DataEntityLedgerDimensionFormat", "MainAccount-BusinessUnit-Department-CostCenter"],
  ] as const
  world.seed(
    "DimensionIntegrationFormats",
    formats.map(([DimensionFormatName, DimensionFormatType, FinancialDimensionFormat]) => ({
      DimensionFormatName,
      DimensionFormatType,
      FinancialDimensionFormat,
      IsActive: "Yes",
    })),
  )
  for (const [FinancialDimension, values] of Object.entries(DIMENSIONS)) {
    world.seed(
      "FinancialDimensionValues",
      values.map((DimensionValue) => ({
        FinancialDimension,
        DimensionValue,
        LegalEntityId: "",
        Description: DimensionValue,
      })),
    )
  }
}

export const seed = (world: DynamicsWorld): void => {
  world.seed(
    "Currencies",
    CURRENCIES.map(([CurrencyCode, Name, sign, GeneralRoundingRule]) => ({
      CurrencyCode,
      Name,
      Symbol: sign,
      GeneralRoundingRule,
    })),
  )
  world.seed(
    "UnitsOfMeasure",
    UNITS.map(([UnitSymbol, UnitDescription, UnitClass, DecimalPrecision]) => ({
      UnitSymbol,
      UnitDescription,
      UnitClass,
      DecimalPrecision,
    })),
  )
  world.seed(
    "MainAccounts",
    ACCOUNTS.map(([MainAccountId, Name, MainAccountType]) => ({
      ChartOfAccounts: "Shared",
      MainAccountId,
      Name,
      MainAccountType,
    })),
  )
  seedDimensions(world)
  for (const company of COMPANIES) seedCompany(world, company)
}
