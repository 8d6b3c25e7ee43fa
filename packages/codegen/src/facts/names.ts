/**
 * Names by which a file can be told that does not say what it is about. Others are taken from files that are called after
 * them: these lists are what is looked for among other words.
 */

/** NetSuite, guide of the REST record service: supported records. */
export const netsuiteRecords: ReadonlyArray<string> = [
  ...["account", "accountingPeriod", "assemblyBuild", "assemblyItem", "assemblyUnbuild", "billingAccount"],
  ...["billingSchedule", "bin", "binTransfer", "bom", "bomRevision", "calendarEvent", "campaign", "cashRefund"],
  ...["cashSale", "charge", "check", "classification", "contact", "contactCategory", "contactRole", "costCategory"],
  ...["creditCardCharge", "creditMemo", "currency", "customer", "customerCategory", "customerDeposit"],
  ...["customerPayment", "customerRefund", "customerStatus", "customerSubsidiaryRelationship", "department"],
  ...["deposit", "depositApplication", "descriptionItem", "discountItem", "emailTemplate", "employee", "estimate"],
  ...["expenseCategory", "expenseReport", "giftCertificate", "inboundShipment", "intercompanyJournalEntry"],
  ...["inventoryAdjustment", "inventoryCount", "inventoryItem", "inventoryNumber", "inventoryTransfer", "invoice"],
  ...["itemFulfillment", "itemGroup", "itemReceipt", "job", "journalEntry", "kitItem", "location"],
  ...["lotNumberedAssemblyItem", "lotNumberedInventoryItem", "manufacturingRouting", "markupItem", "message"],
  ...["nonInventoryPurchaseItem", "nonInventoryResaleItem", "nonInventorySaleItem", "note", "opportunity"],
  ...["otherChargePurchaseItem", "otherChargeResaleItem", "otherChargeSaleItem", "partner", "paymentItem"],
  ...["paymentMethod", "phoneCall", "priceLevel", "pricingGroup", "promotionCode", "purchaseContract"],
  ...["purchaseOrder", "purchaseRequisition", "returnAuthorization", "salesOrder", "salesTaxItem"],
  ...["serializedAssemblyItem", "serializedInventoryItem", "servicePurchaseItem", "serviceResaleItem"],
  ...["serviceSaleItem", "shipItem", "subscription", "subscriptionPlan", "subsidiary", "subtotalItem", "supportCase"],
  ...["task", "taxType", "term", "timeBill", "timeSheet", "transferOrder", "unitsType", "vendor", "vendorBill"],
  ...["vendorCategory", "vendorCredit", "vendorPayment", "vendorPrepayment", "vendorReturnAuthorization", "workOrder"],
]

/** HubSpot, guide "Understanding the CRM": object types. */
export const hubspotObjects: ReadonlyArray<string> = [
  ...["appointments", "calls", "carts", "commerce_payments", "communications", "companies", "contacts", "contracts"],
  ...["courses", "deal_splits", "deals", "discounts", "emails", "feedback_submissions", "fees", "goal_targets"],
  ...["invoices", "leads", "line_items", "listings", "marketing_events", "meetings", "notes", "orders"],
  ...["partner_clients", "partner_services", "postal_mail", "products", "projects", "quote_templates", "quotes"],
  ...["services", "subscriptions", "tasks", "taxes", "tickets", "users"],
]
