/**
 * Fields of invoices and payments by endpoint version, as data: `Name[:type][@from[-to]]`, where no type is a
 * string and no version is all of them; `T[]` is a detail and a bare `T` a linked entity. Source: the published
 * descriptions of Default 18.200.001 to 25.200.001 (`Acumatica/AcumaticaRESTAPIClientForCSharp`, MIT) and the comparison
 * page of the 2026 R1 guide; `@26` is provisional.
 */
export const TYPES: Readonly<Record<string, string>> = {
  SalesInvoice: `
    Amount:Decimal ApplicationsCreditMemo:SalesInvoiceApplicationCreditMemo[]
    ApplicationsInvoice:SalesInvoiceApplicationInvoice[] Balance:Decimal BillToAddress:SalesInvoiceAddress@24
    BillToAddressOverride:Boolean@24 BillToContact:SalesInvoiceDocContact@24 BillToContactOverride:Boolean@24
    BillingSettings:BillToSettings CashDiscount:Decimal CreatedDate:DateTime@24 CreditHold:Boolean Currency
    CustomerID CustomerOrder Date:DateTime Description DetailTotal:Decimal@20 Details:SalesInvoiceDetail[]
    DiscountTotal:Decimal@20 DueDate:DateTime ExternalRef@24 FinancialDetails:SalesInvoiceFinancialDetails
    FreightPrice:Decimal@20 Hold:Boolean IsTaxValid:Boolean@22 LastModifiedDate:DateTime@24-25
    LastModifiedDateTime:DateTime@23 PaymentTotal:Decimal@20 Project ReferenceNbr
    ShipToAddress:SalesInvoiceAddress@24 ShipToAddressOverride:Boolean@24 ShipToContact:SalesInvoiceDocContact@24
    ShipToContactOverride:Boolean@24 Status@-25 Status:StringSingleSelect@26 TaxCalcMode@24
    TaxDetails:SalesInvoiceTaxDetail[] TaxTotal:Decimal@20 Totals:SalesInvoiceTotals@-18 Type@-25
    Type:StringSingleSelect@26 VATExemptTotal:Decimal VATTaxableTotal:Decimal
  `,
  SalesInvoiceDetail: `
    Account@24 Amount:Decimal BranchID CalculateDiscountsOnImport:Boolean CostCode Description
    DiscountAmount:Decimal DiscountPercent:Decimal ExpirationDate:DateTime ExternalRef@24 InventoryDocType
    InventoryID InventoryRefNbr LineNbr:Int Location LotSerialNbr ManualDiscount:Boolean ManualPrice:Boolean@24
    NoteID:Guid@24 OrderLineNbr:Int OrderNbr OrderType OrigInvLineNbr:Int OrigInvNbr OrigInvType ProjectTask
    Qty:Decimal ShipmentNbr SubAccount@24 Subitem TaxCategory TransactionDescr UOM UnitPrice:Decimal WarehouseID
  `,
  SalesInvoiceTotals: `
    DiscountTotal:Decimal@-18 Freight:Decimal@-18 LineTotal:Decimal@-18 MiscTotal:Decimal@-18
    PaymentTotal:Decimal@-18 TaxTotal:Decimal@-18
  `,
  SalesInvoiceTaxDetail: "TaxAmount:Decimal TaxID TaxableAmount:Decimal",
  SalesInvoiceDocContact: "Attention@24 BusinessName@24 Email@24 Phone1@24",
  SalesInvoiceAddress: `
    AddressLine1@24 AddressLine2@24 City@24 Country@24 PostalCode@24 State@24 BuildingName@25 BuildingNumber@25
    Department@25 DistrictName@25 Floor@25 PostBox@25 Room@25 StreetName@25 SubDepartment@25 TownLocationName@25
    UnitNumber@25
  `,
  SalesInvoiceFinancialDetails: "BatchNbr Branch CustomerTaxZone",
  SalesInvoiceApplicationInvoice: `
    AdjustedDocReferenceNbr AdjustingDocReferenceNbr AdjustmentNbr:Int AmountPaid:Decimal Balance:Decimal
    CashDiscountTaken:Decimal Currency Customer Description DocType DocumentType PaymentDate:DateTime PaymentPeriod
    PaymentRef Status
  `,
  SalesInvoiceApplicationCreditMemo: `
    AmountPaid:Decimal Balance:Decimal Currency Customer CustomerOrder Date:DateTime Description DocType PostPeriod
    ReferenceNbr Status
  `,
  BillToSettings: `
    BillToAddress:Address BillToAddressOverride:Boolean BillToContact:DocContact BillToContactOverride:Boolean
    CustomerLocation
  `,
  Invoice: `
    Amount:Decimal ApplicationsCreditMemo:InvoiceApplicationsCreditMemo[]
    ApplicationsDefault:InvoiceApplicationsDefault[] Balance:Decimal BillToContact:DocContact@20
    BillToContactOverride:Boolean@20 BillingPrinted:Boolean CreatedDateTime:DateTime Customer CustomerOrder
    Date:DateTime Description Details:InvoiceDetail[] DueDate:DateTime Hold:Boolean IsTaxValid:Boolean@20
    LastModifiedDateTime:DateTime LinkARAccount LinkBranch LocationID PostPeriod Project ReferenceNbr
    ShipToContact:DocContact@20 ShipToContactOverride:Boolean@20 Status TaxDetails:InvoiceTaxDetail[]
    TaxTotal:Decimal Terms Type
  `,
  InvoiceDetail: `
    Account Amount:Decimal Branch CalculateDiscountsOnImport:Boolean CostCode DiscountAmount:Decimal
    ExtendedPrice:Decimal InventoryID LastModifiedDateTime:DateTime LineNbr:Int ProjectTask Qty:Decimal Subaccount
    Subitem TaxCategory@22 TransactionDescription UOM UnitPrice:Decimal
  `,
  InvoiceTaxDetail: "TaxAmount:Decimal TaxID TaxRate:Decimal TaxableAmount:Decimal",
  InvoiceApplicationsDefault: `
    AmountPaid:Decimal Balance:Decimal CashDiscountTaken:Decimal DocType PaymentDate:DateTime ReferenceNbr Status
  `,
  InvoiceApplicationsCreditMemo: `
    AmountPaid:Decimal Balance:Decimal Customer CustomerOrder Description DocType PostPeriod ReferenceNbr Status
  `,
  Payment: `
    ApplicationDate:DateTime ApplicationHistory:PaymentApplicationHistoryDetail[] AppliedToDocuments:Decimal
    AppliedToOrders:Decimal@22 AvailableBalance:Decimal@22 Branch@20 BranchID@22 CardAccountNbr:Int CashAccount
    Charges:PaymentCharge[]@23 CurrencyID CustomerID CustomerLocationID@22 Description
    DocumentsToApply:PaymentDetail[] ExternalRef@22 Hold:Boolean IsCCPayment:Boolean@23 IsNewCard:Boolean@22
    LastModifiedDateTime:DateTime@20 NoteID:Guid@22 OrdersToApply:PaymentOrderDetail[] OrigTransaction@22
    PaymentAmount:Decimal PaymentMethod PaymentRef ProcessingCenterID@20 ReferenceNbr SaveCard:Boolean@20 Status
    Type
  `,
  PaymentDetail: `
    AmountPaid:Decimal BalanceWriteOff:Decimal CashDiscountTaken:Decimal@20 CustomerOrder Description
    DocLineNbr:Int@20 DocType ReferenceNbr WriteOffReasonCode
  `,
  PaymentOrderDetail: "AppliedToOrder:Decimal OrderNbr OrderType",
  PaymentApplicationHistoryDetail: `
    AdjustedDocType AdjustedRefNbr AdjustingDocType AdjustingRefNbr AdjustmentNbr:Int AdjustsVAT:Boolean
    AmountPaid:Decimal ApplicationPeriod Balance:Decimal BalanceWriteOff:Decimal BatchNbr
    CashDiscountBalance:Decimal CashDiscountDate:DateTime CashDiscountTaken:Decimal CurrencyID Customer
    CustomerOrder Date:DateTime Description DisplayDocType DisplayRefNbr DueDate:DateTime PostPeriod VATCreditMemo
  `,
  PaymentCharge: `
    AccountID@23 Amount:Decimal@23 Description@23 DocType@23 EntryTypeID@23 LineNbr:Int@23 RefNbr@23 SubID@23
  `,
}
