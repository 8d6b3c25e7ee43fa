/**
 * The lines of an order (SalesOrderLines): named by a lot that the server gives, matched by our key in a field of their
 * own, written in one changeset.
 */
import type { Issue } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type { Line } from "@mortise/core/Entities"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as BigDecimal from "effect/BigDecimal"
import * as Identity from "../Identity.ts"
import { decimal, definedBody, given } from "../internal/body.ts"
import * as lines from "../internal/lines.ts"
import * as Price from "../internal/price.ts"
import * as Reading from "../internal/Reader.ts"
import type { Body, Step } from "../internal/records.ts"
import type { EncodeFacts } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import { PLACES } from "../Limits.ts"
import type { Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"

type Header = Wire<"SalesOrderHeadersV2">
type Detail = Wire<"SalesOrderLines">
type Reader<T> = Reading.Reader<T>
const { known } = Reading

const LINES = "SalesOrderLines"

const isSome = (value: BigDecimal.BigDecimal | null | undefined): value is BigDecimal.BigDecimal =>
  value !== undefined && value !== null && !BigDecimal.isZero(value)

/** The price of one piece, where the price is for more than one of them. */
const priceOf = (reader: Reader<Detail>) =>
  Price.ofOne(reader.decimal("SalesPrice"), reader.decimal("SalesPriceQuantity"))
const ONE = Decimal.make("1")
const ZERO = Decimal.make("0")

/** The service takes an amount off the price, which is for one piece or several; ours is what the whole line has off. */
const discountOf = (reader: Reader<Detail>): Line["discount"] | undefined => {
  const [percent, off] = [reader.decimal("LineDiscountPercentage"), reader.decimal("LineDiscountAmount")]
  if (!isSome(off)) return isSome(percent) ? { percent } : undefined
  const [quantity, net, price] = [reader.decimal("OrderedSalesQuantity"), reader.decimal("LineAmount"), priceOf(reader)]
  if (!quantity) return undefined
  if (!isSome(percent)) {
    const amount = Price.ofOne(BigDecimal.multiply(off, quantity), reader.decimal("SalesPriceQuantity"))
    return amount ? { amount } : undefined
  }
  // Both at once: what they take together is an amount.
  return net && price ? { amount: BigDecimal.subtract(BigDecimal.multiply(price, quantity), net) } : undefined
}

/** Our keys. Others may keep something of their own in the field: what stands on several lines names none of them. */
const keysOf = (details: ReadonlyArray<Reader<Detail>>, settings: Settings): ReadonlyArray<string> => {
  const { name } = Identity.lineCarrier(settings)
  const own = details.map((reader) => ExternalKey.decode(reader.raw(name as keyof Detail & string) ?? ""))
  const counts = new Map<string | undefined, number>()
  for (const key of own) counts.set(key, (counts.get(key) ?? 0) + 1)
  return details.map((reader, index) => {
    const key = own[index]
    return key && counts.get(key) === 1 ? key : `#${reader.text("InventoryLotId") ?? index + 1}`
  })
}

const lineOf = (reader: Reader<Detail>, key: string): Line => {
  const item = reader.text("ItemNumber")
  return known({
    key,
    id: reader.text("InventoryLotId") ?? undefined,
    product: item === undefined || item === null ? item : { id: Keys.join("ReleasedProductsV2", [item]), number: item },
    description: reader.text("LineDescription"),
    quantity: reader.decimal("OrderedSalesQuantity"),
    unit: reader.text("SalesUnitSymbol"),
    unitPrice: priceOf(reader),
    discount: discountOf(reader),
    net: reader.decimal("LineAmount"),
  }) as Line
}

/** In the order of the document, which is not the order of the answer. */
const inOrder = (details: ReadonlyArray<Reader<Detail>>): ReadonlyArray<Reader<Detail>> =>
  [...details].sort((a, b) => (a.integer(SEQUENCE) ?? 0) - (b.integer(SEQUENCE) ?? 0))
const SEQUENCE = "LineCreationSequenceNumber"

const linesOf = (details: ReadonlyArray<Reader<Detail>>, settings: Settings): ReadonlyArray<Line> => {
  const keys = keysOf(details, settings)
  return details.map((each, index) => lineOf(each, keys[index] ?? ""))
}

/** The lines of an order; undefined when they were not expanded, which never means that there are none. */
export const decode = (reader: Reader<Header>, settings: Settings): ReadonlyArray<Line> | undefined => {
  const details = reader.lines<Detail>(LINES)
  return details === undefined ? undefined : linesOf(inOrder(details), settings)
}

/** The paths to read for them. */
export const members = (settings: Settings): ReadonlyArray<string> =>
  [
    "dataAreaId",
    "InventoryLotId",
    SEQUENCE,
    Identity.lineCarrier(settings).name,
    "ItemNumber",
    "LineDescription",
    "OrderedSalesQuantity",
    "SalesUnitSymbol",
    "SalesPrice",
    "SalesPriceQuantity",
    "LineDiscountAmount",
    "LineDiscountPercentage",
    "LineAmount",
  ].map((name) => `${LINES}/${name}`)

const shapeOf = (settings: Settings): lines.Shape => ({
  key: Identity.ofLine(settings),
  items: true,
  percent: true,
})

/** What an amount takes off one piece; undefined when it does not come out even within the places that are kept. */
const offEach = (amount: Decimal.Decimal, line: Line, found: Line | undefined): Decimal.Decimal | undefined => {
  const quantity = line.quantity ?? found?.quantity ?? ONE
  const each = BigDecimal.isZero(quantity) ? undefined : Price.ofOne(amount, quantity)
  return each && BigDecimal.normalize(each).scale <= PLACES ? each : undefined
}

/** The kind that is not meant is emptied, for the service would take both. */
const discountBody = (line: Line, found: Line | undefined): Body => {
  const { discount } = line
  if (discount === undefined) return {}
  const percent = discount !== null && "percent" in discount ? discount.percent : ZERO
  const each = discount !== null && "amount" in discount ? offEach(discount.amount, line, found) : ZERO
  return { LineDiscountAmount: decimal(each), LineDiscountPercentage: decimal(percent) }
}

/** What is wrong with amounts of discount before anything is sent. */
const discountFaults = (
  wanted: ReadonlyArray<Line>,
  { existing, settings }: EncodeFacts<"SalesOrderHeadersV2">,
): ReadonlyArray<Issue> => {
  const there = existingOf(existing ?? {}, settings)
  return wanted.flatMap((line, index) => {
    const { discount, key, unitPrice } = line
    if (!discount || !("amount" in discount) || BigDecimal.isZero(discount.amount)) return []
    const path = ["lines", String(index), "discount"]
    if (!unitPrice) return [{ path, message: "needs the price that it is taken from" }]
    const found = there.find((each) => each.line.key === key)?.line
    if (offEach(discount.amount, line, found) !== undefined) return []
    return [{ path, message: "does not come out even for one piece; the service keeps it by the piece" }]
  })
}

/** What is wrong with lines before anything is sent. */
export const faults = (
  wanted: ReadonlyArray<Line>,
  facts: EncodeFacts<"SalesOrderHeadersV2">,
): ReadonlyArray<Issue> => [...lines.faults(wanted, shapeOf(facts.settings)), ...discountFaults(wanted, facts)]

const lineBody = (line: Line, found: Line | undefined, { idOf }: EncodeFacts<"SalesOrderHeadersV2">): Body => {
  const item = line.product === undefined || line.product === null ? undefined : idOf("Product", line.product)
  const [number] = item === undefined ? [] : (Keys.split("ReleasedProductsV2", item) ?? [])
  return definedBody({
    ItemNumber: number,
    LineDescription: given(line.description),
    OrderedSalesQuantity: decimal(line.quantity),
    SalesUnitSymbol: given(line.unit),
    SalesPrice: decimal(line.unitPrice),
    // Ours is the price of one.
    SalesPriceQuantity: line.unitPrice === undefined || line.unitPrice === null ? undefined : decimal(ONE),
    ...discountBody(line, found),
  })
}

const existingOf = (parent: object, settings: Settings): ReadonlyArray<lines.Existing> => {
  const details = inOrder(Reading.make<Header>(parent).lines<Detail>(LINES) ?? [])
  return linesOf(details, settings).flatMap((line, index) =>
    line.id === undefined || line.id === null
      ? []
      : [{ line, ...lines.writes(LINES, [line.id], details[index]?.etag) }],
  )
}

/** The writes that make the lines of an order into the wanted ones. */
export const writes =
  (wanted: ReadonlyArray<Line>, facts: EncodeFacts<"SalesOrderHeadersV2">) =>
  (parent: object): ReadonlyArray<Step> => {
    const { settings } = facts
    const shape = shapeOf(settings)
    const number = (parent as { readonly SalesOrderNumber?: string }).SalesOrderNumber
    return lines.merge({
      lines: wanted,
      existing: existingOf(parent, settings),
      shape,
      body: (line, found) => lineBody(line, found, facts),
      create: (line) => ({
        _tag: "Create",
        set: LINES,
        body: definedBody({
          SalesOrderNumber: number,
          [Identity.lineCarrier(settings).name]: ExternalKey.encode(line.key, Identity.ofLine(settings)),
          // The header may have been made before anybody named a site.
          ShippingSiteId: settings.orders?.site,
          ShippingWarehouseId: settings.orders?.warehouse,
          ...lineBody(line, undefined, facts),
        }),
      }),
    })
  }
