/**
 * What is read by SuiteQL: tables and columns, which are not those of the record API. A role may lack any of them, so that
 * all but the ids and stamps are optional: a column that the account does not have is left out of later questions, and
 * the fields that hang on it are unknown.
 *
 * Sources: the query catalogue as public tools list it (2025-2026); columns of addresses, prices and links as integrators
 * query them. The signs of lines are reported, not documented.
 */

/** The tables of the connector's entities, and the column that says when a record last changed. */
export const MODIFIED = "lastmodifieddate"

/** Of `transaction`: what its `type` says. */
export const TYPES = {
  order: "SalesOrd",
  invoice: "CustInvc",
  creditMemo: "CustCred",
  payment: "CustPymt",
  refund: "CustRfnd",
} as const

/** Lines beside those of a document's items: `mainline` is the header, `taxline` a tax. */
export const SIDE = {
  address: { table: "entityaddress", key: "nkey" },
  line: { table: "transactionline", key: "transaction" },
  link: { table: "nexttransactionlinelink", previous: "previousdoc", next: "nextdoc" },
  price: { table: "pricing", key: "item" },
  currency: { table: "currency" },
  term: { table: "term" },
  deleted: { table: "deletedrecord" },
} as const

/** Of `item.itemtype`; other types are no products of a sale. */
export const ITEMS = { stock: "InvtPart", nonStock: "NonInvtPart", service: "Service" } as const

/** Of `nexttransactionlinelink.linktype`: an order that was billed, an invoice that was paid. */
export const LINKS = { billed: "OrdBill", paid: "Payment" } as const
