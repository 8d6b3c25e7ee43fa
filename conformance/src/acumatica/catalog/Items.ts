/**
 * Fields of items by endpoint version, as data: `Name[:type][@from[-to]]`, where no type is a
 * string and no version is all of them; `T[]` is a detail and a bare `T` a linked entity. Source: the published
 * descriptions of Default 18.200.001 to 25.200.001 (`Acumatica/AcumaticaRESTAPIClientForCSharp`, MIT) and the comparison
 * page of the 2026 R1 guide; `@26` is provisional.
 */
export const TYPES: Readonly<Record<string, string>> = {
  StockItem: `
    ABCCode Attributes:AttributeValue[] AutoIncrementalValue Availability@22 AverageCost:Decimal BaseUOM COGSAccount
    COGSSubaccount Content CountryOfOrigin@22 CrossReferences:InventoryItemCrossReference[] CurrentStdCost:Decimal
    CurySpecificMSRP:Decimal@22 CurySpecificPrice:Decimal@22 CustomURL@22 DefaultIssueLocationID
    DefaultPrice:Decimal DefaultReceiptLocationID DefaultSubitem DefaultWarehouseID DeferralAccount
    DeferralSubaccount Description DimensionVolume:Decimal DimensionWeight:Decimal DiscountAccount
    DiscountSubaccount ExportToExternal:Boolean@22 ImageUrl InventoryAccount InventoryID InventorySubaccount
    IsAKit:Boolean ItemClass ItemStatus@-25 ItemStatus:StringSingleSelect@26 ItemType LandedCostVarianceAccount
    LandedCostVarianceSubaccount LastCost:Decimal LastModified:DateTime LastModifiedDateTime:DateTime@24
    LastStdCost:Decimal LotSerialClass MSRP:Decimal Markup:Decimal MaxCost:Decimal MetaDescription@22
    MetaKeywords@22 MinCost:Decimal MinMarkup:Decimal NotAvailable@22 NoteID:Guid@22 POAccrualAccount
    POAccrualSubaccount PackSeparately:Boolean PackagingOption PageTitle@22 PendingStdCost:Decimal PostingClass
    PriceClass PriceManager PriceWorkgroup ProductManager ProductWorkgroup PurchasePriceVarianceAccount
    PurchasePriceVarianceSubaccount PurchaseUOM ReasonCodeSubaccount SalesAccount SalesSubaccount SalesUOM
    SearchKeywords@22 StandardCostRevaluationAccount StandardCostRevaluationSubaccount StandardCostVarianceAccount
    StandardCostVarianceSubaccount SubjectToCommission:Boolean TariffCode@22 TaxCategory TemplateItemID@22
    UOMConversions:InventoryItemUOMConversion[] UseOnEntry:Boolean ValuationMethod Visibility@22 VolumeUOM
    WarehouseDetails:StockItemWarehouseDetail[] WeightUOM
  `,
  NonStockItem: `
    Attributes:NonStockItemAttribute[]@-18 Attributes:AttributeValue[]@20 Availability@22 BaseUnit Content@22 CrossReferences:InventoryItemCrossReference[]
    CurrentCost:Decimal CurrentStdCost:Decimal@22 CurySpecificMSRP:Decimal@22 CurySpecificPrice:Decimal@22
    CustomURL@22 DefaultPrice:Decimal DeferralAccount DeferralSubaccount Description DimensionWeight:Decimal@22
    EffectiveDate:DateTime ExpenseAccount ExpenseAccrualAccount ExpenseAccrualSubaccount ExpenseSubaccount
    ExportToExternal:Boolean@22 InventoryID IsAKit:Boolean@24 IsKit:Boolean ItemClass ItemStatus ItemType
    LastCost:Decimal LastModifiedDateTime:DateTime MSRP:Decimal@22 MetaDescription@22 MetaKeywords@22 NoteID:Guid@22
    POAccrualAccount POAccrualSubaccount PageTitle@22 PendingCost:Decimal PendingCostDate:DateTime PostingClass
    PriceClass PurchasePriceVarianceAccount PurchasePriceVarianceSubaccount PurchaseUnit ReasonCodeSubaccount
    RequireReceipt:Boolean RequireShipment:Boolean SalesAccount SalesSubaccount SalesUnit SearchKeywords@22
    TaxCategory TemplateItemID@22 Visibility@22 Volume:Decimal VolumeUOM Weight:Decimal WeightUOM
  `,
  InventoryItemUOMConversion: "ConversionFactor:Decimal FromUOM MultiplyOrDivide ToUOM",
  InventoryItemCrossReference: "AlternateID AlternateType Description Subitem UOM@22 VendorOrCustomer",
  StockItemWarehouseDetail: `
    DailyDemandForecast:Decimal DailyDemandForecastErrorSTDEV:Decimal DefaultIssueLocationID
    DefaultReceiptLocationID InventoryAccount InventorySubaccount IsDefault:Boolean LastForecastDate:DateTime
    Override:Boolean OverridePreferredVendor:Boolean OverrideReplenishmentSettings:Boolean OverrideStdCost:Boolean
    PreferredVendor PriceOverride:Boolean ProductManager ProductWorkgroup QtyOnHand:Decimal ReplenishmentSource
    ReplenishmentWarehouse Seasonality ServiceLevel:Decimal Status WarehouseID
  `,
  NonStockItemAttribute: "Attribute Required:Boolean Value",
}
