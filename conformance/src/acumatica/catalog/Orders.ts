/**
 * Fields of sales orders by endpoint version, as data: `Name[:type][@from[-to]]`, where no type is a
 * string and no version is all of them; `T[]` is a detail and a bare `T` a linked entity. Source: the published
 * descriptions of Default 18.200.001 to 25.200.001 (`Acumatica/AcumaticaRESTAPIClientForCSharp`, MIT) and the comparison
 * page of the 2026 R1 guide; `@26` is provisional.
 */
export const TYPES: Readonly<Record<string, string>> = {
  SalesOrder: `
    Approved:Boolean BaseCurrencyID BillToAddress:Address BillToAddressOverride:Boolean
    BillToAddressValidated:Boolean BillToContact:DocContact BillToContactOverride:Boolean Branch@23 CashAccount
    ContactID@20 ControlTotal:Decimal CreatedDate:DateTime@22 CreditHold:Boolean CurrencyID CurrencyRate:Decimal
    CurrencyRateTypeID CustomerID CustomerOrder Date:DateTime Description DestinationWarehouseID
    Details:SalesOrderDetail[] DisableAutomaticDiscountUpdate:Boolean DisableAutomaticTaxCalculation:Boolean@22
    EffectiveDate:DateTime ExternalOrderOrigin@22 ExternalOrderOriginal:Boolean@22 ExternalOrderSource@22
    ExternalRef ExternalRefundRef@22 FinancialSettings:FinancialSettings Hold:Boolean IsTaxValid:Boolean
    LastModified:DateTime LocationID MaxRiskScore:Decimal@23 NewCard:Boolean@-18 NoteID:Guid@22 OrderNbr
    OrderTotal:Decimal OrderType OrderedQty:Decimal PaymentCardIdentifier@-18 PaymentMethod PaymentProfileID@-18
    PaymentRef@-18 PaymentRef@22 Payments:SalesOrderPayment[]@20 PreAuthorizationNbr@-18
    PreAuthorizedAmount:Decimal@-18 PreferredWarehouseID Project ReciprocalRate:Decimal RequestedOn:DateTime
    ShipToAddress:Address ShipToAddressOverride:Boolean ShipToAddressValidated:Boolean ShipToContact:DocContact
    ShipToContactOverride:Boolean ShipVia Shipments:SalesOrderShipment[] ShippingSettings:ShippingSettings Status
    TaxCalcMode@22 TaxDetails:TaxDetail[] TaxTotal:Decimal Totals:Totals UsrExternalOrderOriginal:Boolean@22
    VATExemptTotal:Decimal VATTaxableTotal:Decimal WillCall:Boolean@22
  `,
  SalesOrderDetail: `
    Account AlternateID Amount:Decimal@20 AssociatedOrderLineNbr:Int@22 AutoCreateIssue:Boolean AverageCost:Decimal
    Branch CalculateDiscountsOnImport:Boolean Commissionable:Boolean Completed:Boolean CostCode CustomerOrderNbr@20
    DiscountAmount:Decimal DiscountCode DiscountPercent:Decimal DiscountedUnitPrice:Decimal ExtendedPrice:Decimal
    ExternalRef@22 FreeItem:Boolean GiftMessage@22 InventoryID InvoiceLineNbr:Int@22 InvoiceNbr@22 InvoiceType@22
    LastModifiedDate LineDescription LineNbr:Int LineType Location LotSerialNbr@22 ManualDiscount:Boolean
    ManualPrice:Boolean@22 MarkForPO:Boolean NoteID:Guid@22 OpenQty:Decimal Operation OrderQty:Decimal
    OvershipThreshold:Decimal POSource ProjectTask PurchaseWarehouse@22 QtyOnShipments:Decimal ReasonCode
    RequestedOn:DateTime SalespersonID SchedOrderDate:DateTime@20 ShipOn:DateTime ShipToLocation@20 ShippingRule
    Subitem TaxCategory TaxZone@20 UOM UnbilledAmount:Decimal UndershipThreshold:Decimal UnitCost:Decimal
    UnitPrice:Decimal VendorID@22 WarehouseID
  `,
  SalesOrderPayment: `
    ApplicationDate:DateTime@20 AppliedToOrder:Decimal@20 Authorize:Boolean@20 Balance:Decimal@20 Capture:Boolean@20
    CardAccountNbr@20 CashAccount@20 Currency@20 Description@20 DocType@20 ExternalRef@22 Hold:Boolean@20
    LastModifiedDateTime:DateTime@20 NoteID:Guid@22 OrigTransactionNbr@20 PaymentAmount:Decimal@20 PaymentMethod@20
    PaymentRef@20 ProcessingCenterID@20 ReferenceNbr@20 Refund:Boolean@20 SaveCard:Boolean@20 Status@20
    TransferredtoInvoice:Decimal@20 ValidateCCRefundOrigTransaction:Boolean@20
  `,
  SalesOrderShipment: `
    InventoryDocType InventoryNoteID:Guid@22 InventoryRefNbr InvoiceNbr InvoiceType LastModifiedDateTime:DateTime@22
    OrderNoteID:Guid@22 ShipmentDate:DateTime ShipmentNbr ShipmentType ShippedQty:Decimal ShippedVolume:Decimal
    ShippedWeight:Decimal ShippingNoteID:Guid@22 Status
  `,
  DocContact: "Attention BusinessName Email Phone1",
  FinancialSettings: `
    BillSeparately:Boolean Branch CashDiscountDate:DateTime CustomerTaxZone DueDate:DateTime EntityUsageType
    InvoiceDate:DateTime InvoiceNbr OriginalOrderNbr OriginalOrderType OverrideTaxZone:Boolean Owner PostPeriod
    Terms
  `,
  ShippingSettings: `
    CancelByDate:DateTime Canceled:Boolean FOBPoint Freight:Decimal@20-20 FreightCost:Decimal@20
    FreightCostIsuptodate:Boolean@20 FreightPrice:Decimal@22 FreightTaxCategory@20 GroundCollect:Boolean
    Insurance:Boolean OrderVolume:Decimal@20 OrderWeight:Decimal@20 OverrideFreightPrice:Boolean@22
    PackageWeight:Decimal@20 PreferredWarehouseID PremiumFreight:Decimal@20 Priority:Short
    ResidentialDelivery:Boolean SaturdayDelivery:Boolean ScheduledShipmentDate:DateTime ShipSeparately:Boolean
    ShipVia ShippingRule ShippingTerms ShippingZone UseCustomersAccount:Boolean
  `,
  Totals: `
    DiscountTotal:Decimal Freight:Decimal@-18 Freight:Decimal@22 FreightCost:Decimal@-18 FreightCost:Decimal@22
    FreightCostIsuptodate:Boolean@-18 FreightCostIsuptodate:Boolean@22 FreightTaxCategory@-18 FreightTaxCategory@22
    LineTotalAmount:Decimal MiscTotalAmount:Decimal OrderVolume:Decimal@-18 OrderVolume:Decimal@22
    OrderWeight:Decimal@-18 OrderWeight:Decimal@22 OverrideFreightAmount:Boolean@22 PackageWeight:Decimal@-18
    PackageWeight:Decimal@22 PremiumFreight:Decimal@-18 PremiumFreight:Decimal@22 TaxTotal:Decimal
    UnbilledAmount:Decimal UnbilledQty:Decimal UnpaidBalance:Decimal
  `,
  TaxDetail: `
    CustomerTaxZone@20 IncludeInVATExemptTotal:Boolean LineNbr:Int OrderNbr OrderType PendingVAT:Boolean
    RecordID:Int ReverseVAT:Boolean StatisticalVAT:Boolean TaxAmount:Decimal TaxID TaxRate:Decimal TaxType
    TaxableAmount:Decimal
  `,
}
