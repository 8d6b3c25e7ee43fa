/**
 * Free text invoices: as drafts they are written, and nothing here posts them; posted ones are read. Their lines are named
 * by number below the header, so they are matched by their place.
 */
import { Invoice, type Line } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as BigDecimal from "effect/BigDecimal"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import { day, decimal, definedBody, given, text } from "../internal/body.ts"
import * as lines from "../internal/lines.ts"
import type { Beside, Facts, WrittenMapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import type { Body, Step } from "../internal/records.ts"
import * as transactions from "../internal/transactions.ts"
import type { Encoded, EncodeFacts, Pointer, Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import { noon, type Settings } from "../Settings.ts"

type E = typeof Invoice
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Header = Wire<"FreeTextInvoiceHeaders">
type Detail = Wire<"FreeTextInvoiceLines">
type Reader<T> = Reading.Reader<T>
const { known } = Reading

/** Stands before the ids of free text invoices. */
export const PREFIX = "F/"
const LINES = "CustFreeTextInvoiceHeader"

const lineOf = (reader: Reader<Detail>, index: number, isCredit: boolean): Line => {
  const [quantity, net] = [reader.decimal("Quantity"), reader.decimal("TransactionCurrencyAmount")]
  const turned = (value: typeof quantity) => (isCredit && value ? BigDecimal.negate(value) : value)
  return known({
    key: `#${index + 1}`,
    description: reader.text("InvoiceText") ?? reader.text("Description"),
    quantity: turned(quantity),
    unit: reader.text("SalesUnit"),
    unitPrice: reader.decimal("UnitPrice"),
    net: turned(net),
  }) as Line
}

const numberOf = (reader: Reader<Detail>) => reader.decimal("LineNumber") ?? BigDecimal.make(0n, 0)

const inOrder = (reader: Reader<Header>): ReadonlyArray<Reader<Detail>> | undefined => {
  const details = reader.lines<Detail>(LINES)
  return details === undefined ? undefined : [...details].sort((a, b) => BigDecimal.Order(numberOf(a), numberOf(b)))
}

/** The sum of the lines: the header has none. */
const sumOf = (details: ReadonlyArray<Reader<Detail>>) =>
  details
    .flatMap((each) => each.decimal("TransactionCurrencyAmount") ?? [])
    .reduce(BigDecimal.sum, BigDecimal.make(0n, 0))

const standingOf = (reader: Reader<Header>, posted: boolean, facts: Facts, beside: Beside): Partial<Rec> => {
  if (!posted) return { state: { code: "draft", raw: "Not posted" } }
  const number = reader.text("FreeTextNumber") ?? ""
  const account = reader.text("InvoiceAccount") ?? reader.text("CustomerAccount") ?? ""
  const row = transactions.find(beside, { number, account })
  if (row !== undefined) return transactions.standing(row, facts)
  return beside["transactions"] === undefined ? {} : { state: { code: "other", raw: "Posted" } }
}

const decode = (reader: Reader<Header>, facts: Facts, beside: Beside): Partial<Rec> => {
  const posted = reader.flag("IsPosted")
  const account = reader.text("CustomerAccount")
  const details = inOrder(reader)
  const sum = details === undefined ? undefined : sumOf(details)
  const isCredit = sum !== undefined && BigDecimal.isNegative(sum)
  const standing = posted === undefined || posted === null ? {} : standingOf(reader, posted, facts, beside)
  return known({
    kind: details === undefined ? undefined : isCredit ? ("creditNote" as const) : ("invoice" as const),
    number: posted === true ? reader.text("FreeTextNumber") : posted === false ? null : undefined,
    account:
      account === undefined || account === null
        ? account
        : { id: Keys.join("CustomersV3", [account]), number: account },
    date: reader.day("InvoiceDate"),
    dueDate: reader.day("DueDate"),
    customerReference: reader.text("CustomerRequisition"),
    currency: reader.text("CurrencyCode"),
    lines: details?.map((each, index) => lineOf(each, index, isCredit)),
    totals: sum === undefined ? undefined : { net: transactions.magnitude(sum) },
    ...standing,
  }) as Partial<Rec>
}

const DETAILS = [
  "dataAreaId",
  "LineNumber",
  "ParentRecId",
  "Description",
  "InvoiceText",
  "Quantity",
  "SalesUnit",
  "UnitPrice",
  "TransactionCurrencyAmount",
].map((name) => `${LINES}/${name}`)

const STATE = ["IsPosted", "FreeTextNumber", "InvoiceAccount", "CustomerAccount"]

/** Joined from other sets, and so outside of what the header's revision tells. */
export const JOINED = ["balance", "state", "stateAsOf", "base", "dueDate"]

export const since = (from: string | undefined): Filter.Filter | undefined => {
  const literal = from === undefined ? undefined : Filter.instant(noon(from))
  return literal === undefined ? undefined : Filter.compare("InvoiceDate", "ge", literal)
}

export const mapping = (settings: Settings): WrittenMapping<E, "FreeTextInvoiceHeaders"> => {
  const condition = since(settings.invoices?.from)
  return {
    entity: Invoice,
    resource: "FreeTextInvoiceHeaders",
    prefix: PREFIX,
    members: {
      kind: DETAILS,
      number: ["FreeTextNumber", "IsPosted"],
      account: ["CustomerAccount"],
      date: ["InvoiceDate"],
      dueDate: ["DueDate", ...STATE],
      customerReference: ["CustomerRequisition"],
      currency: ["CurrencyCode"],
      base: STATE,
      lines: DETAILS,
      totals: DETAILS,
      balance: STATE,
      state: STATE,
      stateAsOf: STATE,
    },
    always: ["IsPosted"],
    ...(condition === undefined ? {} : { condition }),
    carrier: Identity.carrier(settings, "FreeTextInvoiceHeaders"),
    beside: {
      fields: JOINED,
      read: (records, wires, facts) =>
        transactions.read(
          records,
          facts,
          wires.flatMap(({ FreeTextNumber, IsPosted }) => (IsPosted === "Yes" ? (FreeTextNumber ?? []) : [])),
        ),
    },
    decode,
  }
}

const SHAPE: lines.Shape = { items: false, percent: false }

const lineBody = (line: Line): Body =>
  definedBody({
    Description: given(line.description)?.slice(0, DESCRIPTION),
    InvoiceText: given(line.description),
    Quantity: decimal(line.quantity),
    SalesUnit: given(line.unit),
    UnitPrice: decimal(line.unitPrice),
  })
// The description of a line is short; its text is not.
const DESCRIPTION = 60

const identifierOf = (parent: object): string =>
  (parent as { readonly InvoiceIdentifier?: { readonly text: string } }).InvoiceIdentifier?.text ?? ""

const existingOf = (parent: object): ReadonlyArray<lines.Existing> => {
  const reader = Reading.make<Header>(parent)
  const details = inOrder(reader) ?? []
  const isCredit = BigDecimal.isNegative(sumOf(details))
  return details.map((each, index) => {
    const key = [BigDecimal.format(numberOf(each)), identifierOf(parent)]
    return { line: lineOf(each, index, isCredit), ...lines.writes("FreeTextInvoiceLines", key, each.etag) }
  })
}

/** New lines are numbered behind the last one. */
const linesFor =
  (wanted: ReadonlyArray<Line>, { settings }: EncodeFacts<"FreeTextInvoiceHeaders">) =>
  (parent: object): ReadonlyArray<Step> => {
    const details = inOrder(Reading.make<Header>(parent)) ?? []
    const last = details.at(-1)
    const start = last === undefined ? BigDecimal.make(0n, 0) : numberOf(last)
    const existing = existingOf(parent)
    return lines.merge({
      lines: wanted,
      existing,
      shape: SHAPE,
      body: lineBody,
      create: (line, index) => ({
        _tag: "Create",
        set: "FreeTextInvoiceLines",
        body: definedBody({
          ParentRecId: (parent as { readonly InvoiceIdentifier?: unknown }).InvoiceIdentifier,
          LineNumber: decimal(BigDecimal.sum(start, BigDecimal.make(BigInt(index + 1 - existing.length), 0))),
          MainAccountDisplayValue: settings.invoices?.mainAccount,
          SalesTaxItemGroupId: settings.invoices?.salesTaxItemGroup,
          ...lineBody(line),
        }),
      }),
    })
  }

const encode = (patch: Patch, facts: EncodeFacts<"FreeTextInvoiceHeaders">): Encoded => {
  const issues = lines.faults(patch.lines ?? [], SHAPE)
  if (issues.length > 0) return { issues }
  return {
    body: definedBody({
      InvoiceDate: day(patch.date),
      DueDate: day(patch.dueDate),
      CustomerRequisition: text(patch.customerReference),
      CurrencyCode: given(patch.currency),
    }),
    ...(patch.lines === undefined || patch.lines === null ? {} : { lines: linesFor(patch.lines, facts) }),
  }
}

const initial = (patch: Patch, { customer, facts }: EncodeFacts<"FreeTextInvoiceHeaders">): Encoded => {
  if (customer === undefined) return { issues: [{ path: ["account"], message: "is needed for a new invoice" }] }
  return {
    body: definedBody({
      CustomerAccount: customer.CustomerAccount,
      InvoiceDate: day(given(patch.date) ?? facts.today),
      CurrencyCode: customer.SalesCurrencyCode || undefined,
      DefaultDimensionDisplayValue: facts.dimensions["Invoice"],
    }),
  }
}

const pointers = ({ account, lines: wanted }: Patch): ReadonlyArray<Pointer> => [
  ...(account === undefined || account === null
    ? []
    : [{ path: "account", entity: "Account" as const, reference: account }]),
  ...(wanted ?? []).flatMap((line, index) =>
    line.product === undefined || line.product === null
      ? []
      : [{ path: `lines.${index}.product`, entity: "Product" as const, reference: line.product }],
  ),
]

export const writer: Writer<E, "FreeTextInvoiceHeaders"> = {
  writable: ["account", "date", "dueDate", "customerReference", "currency", "lines"],
  notClearable: ["account", "date", "dueDate", "currency", "lines"],
  fixed: ["account"],
  pointers,
  customerOf: ({ account }, isNew) => (isNew ? (account ?? undefined) : undefined),
  initial,
  encode,
  natural: {},
  refusal: ({ IsPosted }) =>
    IsPosted === "Yes" ? "the invoice is posted, and no draft any more; only drafts are written" : undefined,
}
