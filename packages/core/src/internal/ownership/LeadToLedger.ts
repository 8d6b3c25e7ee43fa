import { after, table } from "./Table.ts"

/**
 * Who owns what between a CRM that wins customers and an ERP that bills them. Copy it with `edit` where a tenant does
 * it otherwise: companies that come from the ERP, accounts that the CRM opens, shared addresses, draft invoices by us.
 */
export const leadToLedger = table({
  entities: {
    Contact: {
      create: ["crm"],
      update: ["crm"],
      retire: ["crm"],
      rest: "crm",
      fields: { custom: "integration" },
      // The copy that the ERP bills belongs to the ERP once the deal is won; the CRM's own record stays the CRM's.
      copyIn: { erp: { rest: after("dealWon", "erp", "crm"), fields: { custom: "integration" } } },
    },
    Company: {
      create: ["crm"],
      update: ["crm", "integration"],
      retire: ["crm"],
      rest: "crm",
      fields: {
        accounts: "integration",
        erpNumber: "integration",
        accountStatus: "integration",
        financialStatus: "integration",
        daysOverdue: "integration",
        outstanding: "integration",
        lastInvoice: "integration",
        lastPayment: "integration",
        asOf: "integration",
        custom: "integration",
      },
    },
    Account: { create: ["erp"], update: ["erp"], retire: ["erp"], rest: "erp", fields: { custom: "integration" } },
    Product: { create: ["erp"], update: ["erp"], retire: ["erp"], rest: "erp", fields: { custom: "integration" } },
    Deal: {
      create: ["crm"],
      update: ["crm", "integration"],
      retire: ["crm"],
      rest: "crm",
      fields: { order: "integration", orderNumber: "integration", invoices: "integration", custom: "integration" },
    },
    Order: {
      create: ["integration"],
      update: ["erp"],
      retire: [],
      rest: after("created", "erp", "integration"),
      fields: {},
    },
    Invoice: { create: ["erp"], update: ["erp"], retire: [], rest: "erp", fields: {}, financial: true },
    Payment: { create: ["erp"], update: ["erp"], retire: [], rest: "erp", fields: {}, financial: true },
  },
  deny: {
    entities: [
      "LedgerAccount",
      "LedgerEntry",
      "JournalEntry",
      "Bill",
      "VendorInvoice",
      "VendorPayment",
      "Payroll",
      "Employee",
      "TaxComputation",
    ],
    fields: { "*": ["cost", "standardCost", "averageCost", "lastCost", "margin"] },
  },
})
