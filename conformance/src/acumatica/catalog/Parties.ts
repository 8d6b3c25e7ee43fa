/**
 * Fields of customers and contacts by endpoint version, as data: `Name[:type][@from[-to]]`, where no type is a
 * string and no version is all of them; `T[]` is a detail and a bare `T` a linked entity. Source: the published
 * descriptions of Default 18.200.001 to 25.200.001 (`Acumatica/AcumaticaRESTAPIClientForCSharp`, MIT) and the comparison
 * page of the 2026 R1 guide; `@26` is provisional.
 */
export const TYPES: Readonly<Record<string, string>> = {
  Customer: `
    AccountRef ApplyOverdueCharges:Boolean Attributes:AttributeDetail[]@-18 Attributes:AttributeValue[]@20 AutoApplyPayments:Boolean
    BAccountID:Int@22 BillingAddressOverride:Boolean@20 BillingAddressSameAsMain:Boolean@-18 BillingContact:Contact
    BillingContactOverride:Boolean@20 BillingContactSameAsMain:Boolean@-18 Contacts:CustomerContact[]
    CreatedDateTime:DateTime CreditLimit:Decimal@22 CreditVerificationRules:CreditVerificationRules CurrencyID
    CurrencyRateType CustomerCategory@23 CustomerClass CustomerID CustomerName Email@23
    EnableCurrencyOverride:Boolean EnableRateOverride:Boolean EnableWriteOffs:Boolean EntityUsageType@22 FOBPoint
    IsGuestCustomer:Boolean@22 LastModifiedDateTime:DateTime LeadTimedays:Short LocationName MainContact:Contact
    MultiCurrencyStatements:Boolean NoteID:Guid@22 OrderPriority:Short ParentRecord PriceClassID
    PrimaryContact:Contact@20 PrimaryContactID:Int@23 PrintDunningLetters:Boolean PrintInvoices:Boolean
    PrintStatements:Boolean ResidentialDelivery:Boolean RestrictVisibilityTo@22 Salespersons:CustomerSalesPerson[]
    SaturdayDelivery:Boolean SendDunningLettersbyEmail:Boolean SendInvoicesbyEmail:Boolean
    SendStatementsbyEmail:Boolean ShipVia ShippingAddressOverride:Boolean@20 ShippingAddressSameAsMain:Boolean@-18
    ShippingBranch ShippingContact:Contact ShippingContactOverride:Boolean@20 ShippingContactSameAsMain:Boolean@-18
    ShippingRule ShippingTerms ShippingZoneID StatementCycleID StatementType Status@-25 Status:StringSingleSelect@26
    TaxExemptionNumber@22 TaxRegistrationID TaxZone Terms WarehouseID WriteOffLimit:Decimal LegalName@26
  `,
  CustomerContact: "Contact:Contact ContactID:Int LastModifiedDateTime:DateTime@23",
  Contact: `
    Active:Boolean Address:Address AddressIsSameAsInAccount:Boolean@-18 AddressValidated:Boolean Attention
    Attributes:AttributeDetail[]@-18 Attributes:AttributeValue[]@20 BusinessAccount CompanyName ContactClass ContactID:Int ContactMethod ConvertedBy
    DateOfBirth:DateTime DisplayName DoNotCall:Boolean DoNotEmail:Boolean DoNotFax:Boolean DoNotMail:Boolean
    Duplicate DuplicateFound:Boolean Email ExtRefNbr@24 Fax FaxType FirstName FullName@22 Gender Image JobTitle
    LanguageOrLocale LastIncomingActivity:DateTime LastModifiedDateTime:DateTime LastName
    LastOutgoingActivity:DateTime MaritalStatus MiddleName NoMarketing:Boolean NoMassMail:Boolean NoteID:Guid@20
    OverrideAccountAddress:Boolean@20 OverrideSalesTerritory:Boolean@22-22 Owner OwnerEmployeeName ParentAccount
    Phone1 Phone1Type Phone2 Phone2Type Phone3 Phone3Type QualificationDate:DateTime Reason SalesTerritoryID@22-22
    Source SourceCampaign SpouseOrPartnerName Status Synchronize:Boolean Title Type WebSite Workgroup
    WorkgroupDescription
  `,
  Address: `
    AddressLine1 AddressLine2 City Country PostalCode State Validated:Boolean BuildingName@25 BuildingNumber@25
    Department@25 DistrictName@25 Floor@25 PostBox@25 Room@25 StreetName@25 SubDepartment@25 TownLocationName@25
    UnitNumber@25
  `,
  AttributeValue: `
    AttributeDescription@20 AttributeID IsActive:Boolean@24 RefNoteID:Guid@20 Required:Boolean Value
    ValueDescription@20
  `,
  CreditVerificationRules: `
    CreditDaysPastDue:Short CreditLimit:Decimal CreditVerification FirstDueDate:DateTime OpenOrdersBalance:Decimal
    RemainingCreditLimit:Decimal UnreleasedBalance:Decimal
  `,
  CustomerSalesPerson: "Commission:Decimal Default:Boolean LocationID LocationName Name SalespersonID",
  BusinessAccount: `
    AccountRef Attributes:AttributeDetail[]@-18 Attributes:AttributeValue[]@20 BusinessAccountID ClassID Contacts:BusinessAccountContact[]
    CurrencyID@22 Duplicate EnableCurrencyOverride:Boolean@22 LastIncomingActivity:DateTime
    LastModifiedDateTime:DateTime LastOutgoingActivity:DateTime MainAddress:Address MainAddressValidated:Boolean
    MainContact:BusinessAccountMainContact Name NoteID:Guid@20 OverrideSalesTerritory:Boolean@22-22 Owner
    OwnerEmployeeName ParentAccount PrimaryContact:Contact@20 SalesTerritoryID@22-22 ShippingAddress:Address
    ShippingAddressOverride:Boolean@20 ShippingAddressSameAsMain:Boolean@-18 ShippingAddressValidated:Boolean
    SourceCampaign Status Type Workgroup WorkgroupDescription
  `,
  BusinessAccountMainContact: `
    Attention CompanyName Email Fax JobTitle LanguageOrLocale@-24 Phone1 Phone2 Web
  `,
  BusinessAccountContact: `
    Active:Boolean City ContactID:Int DisplayName Email JobTitle Owner Phone1 Type Workgroup
  `,
  AttributeDetail: "Attribute RefNoteID:Guid Required:Boolean Value",
}
