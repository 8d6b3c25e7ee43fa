/**
 * Selling prices of items. Each is a document of its own, of one price list and from one day on. A price that is written goes
 * onto the one that begins on the day that is named, and without a day onto the one of its list that holds today; where
 * there is none it is a new one. Planned prices, and prices of lists that are not named, stay as they are.
 */

import { ConnectorError, Invalid, type Issue } from "@mortise/core/ConnectorError"
import type { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Settings } from "../Settings.ts"
import { issue as amountIssue, wire } from "./amounts.ts"
import type { Context } from "./Context.ts"
import { type Doc, textOf } from "./Doc.ts"
import * as listing from "./listing.ts"
import type { Facts, Side } from "./Mapping.ts"
import { known, make as makeReader, type Reader } from "./Reader.ts"

type Prices = NonNullable<Entity.Record<typeof Product>["prices"]>
type Price = Prices[number]

/** Where they stand beside an item. */
export const PRICES = "@prices"

/** ERPNext: the list that a new site sells by. */
const STANDARD = "Standard Selling"

/** What makes a price one for some sales only: for a batch, for whole packs, of a supplier's goods. */
const NARROWER = ["batch_no", "packing_unit", "supplier"]

const COLUMNS = [
  "item_code",
  "price_list",
  "currency",
  "price_list_rate",
  "uom",
  "valid_from",
  "valid_upto",
  ...NARROWER,
]

/** For everybody; a price for one customer is his. */
export const side: Side = ({ documents }, names) =>
  Effect.gen(function* () {
    const rows = yield* listing.all(documents, "Item Price", {
      fields: COLUMNS,
      where: [
        ["item_code", "in", names],
        ["selling", "=", 1],
        ["customer", "is", "not set"],
      ],
    })
    const of = new Map<string, Array<Doc>>()
    for (const row of rows) {
      const item = textOf(row, "item_code") ?? ""
      of.set(item, [...(of.get(item) ?? []), row])
    }
    return of
  }).pipe(Effect.catch((error) => (error.reason._tag === "Forbidden" ? Effect.succeed(undefined) : Effect.fail(error))))

const unitOf = (item: Reader): string | null => item.text("sales_uom") ?? item.text("stock_uom")

/** A pack of nought is none. */
const isForAll = (row: Reader): boolean => NARROWER.every((name) => ["0", null].includes(row.text(name)))

/** Those of the unit in which the item is sold, without those that have ended, the latest of a list at the end. */
const current = (item: Reader, today: string): ReadonlyArray<Reader> => {
  const unit = unitOf(item)
  const placed = item
    .rows(PRICES)
    .filter((row) => {
      const [until, uom] = [row.text("valid_upto"), row.text("uom")]
      return isForAll(row) && (until === null || until >= today) && (uom === null || unit === null || uom === unit)
    })
    .map((row) => ({ row, place: ["price_list", "valid_from", "name"].map((name) => row.text(name) ?? "").join(" ") }))
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ row }) => row)
}

export const decode = (item: Reader, { today }: Facts): Prices | undefined => {
  if (item.raw(PRICES) === undefined) return undefined
  return current(item, today).flatMap((row) => {
    const amount = row.decimal("price_list_rate")
    if (amount === null) return []
    const price = known({
      list: row.text("price_list") ?? undefined,
      currency: row.text("currency") ?? undefined,
      amount,
      validFrom: row.text("valid_from") ?? undefined,
    })
    return [price as Price]
  })
}

const listOf = ({ list }: Price, settings: Settings): string => list ?? settings.products?.priceList ?? STANDARD

/** True of a price that begins on the day that is named; where none is, of one that has begun. */
const isMeant = (from: string | null | undefined, { validFrom }: Price, today: string): boolean =>
  validFrom === undefined ? (from ?? "") <= today : from === validFrom

/** True when each price stands there, as it would be written. */
export const covers = (wanted: unknown, found: unknown, settings: Settings, today: string): boolean => {
  if (!Array.isArray(wanted) || !Array.isArray(found)) return false
  return (wanted as Prices).every((price) => {
    const own = (found as Prices).filter(
      ({ list, validFrom }) => list === listOf(price, settings) && isMeant(validFrom, price, today),
    )
    const last = own.at(-1)
    if (last === undefined || !BigDecimal.equals(last.amount, price.amount)) return false
    return price.currency === undefined || price.currency === last.currency
  })
}

export const issues = (prices: Prices, settings: Settings): ReadonlyArray<Issue> => {
  const found: Array<Issue> = []
  const seen = new Set<string>()
  prices.forEach((price, index) => {
    const path = ["prices", String(index)]
    const place = `${listOf(price, settings)} ${price.validFrom ?? ""}`
    if (seen.has(place)) found.push({ path, message: "is the second of its list and day" })
    seen.add(place)
    if (price.minQuantity !== undefined)
      found.push({
        path: [...path, "minQuantity"],
        message: "prices by quantity are pricing rules, which are left to the ERP",
      })
    found.push(...amountIssue([...path, "amount"], price.amount))
  })
  return found
}

const refused = (message: string, path: ReadonlyArray<string>) => {
  const reason = new Invalid({ message, issues: [{ path, message }] })
  return Effect.fail(new ConnectorError({ system: "erpnext", operation: "erpnext.Product.upsert", reason }))
}

interface Target {
  readonly item: string
  /** The item, with its prices beside it. */
  readonly doc: Doc
}

/** The name of the price that is meant, among those of an item. */
const rowFor = (item: Doc, price: Price, list: string, today: string): string | undefined =>
  current(makeReader(item), today)
    .filter((row) => row.text("price_list") === list && isMeant(row.text("valid_from"), price, today))
    .at(-1)
    ?.text("name") ?? undefined

/** A list has one currency, which its prices take over. */
const checked = ({ documents, settings }: Context, prices: Prices) =>
  Effect.gen(function* () {
    const lists = [...new Set(prices.map((price) => listOf(price, settings)))]
    const found = yield* listing.all(documents, "Price List", { fields: ["currency"], where: [["name", "in", lists]] })
    const currencies = new Map(found.map((doc) => [textOf(doc, "name"), textOf(doc, "currency")]))
    for (const [index, price] of prices.entries()) {
      const list = listOf(price, settings)
      const currency = currencies.get(list)
      if (!currencies.has(list))
        return yield* refused(`there is no price list ${list}`, ["prices", String(index), "list"])
      if (price.currency !== undefined && price.currency !== currency)
        return yield* refused(`the price list ${list} is in ${currency}`, ["prices", String(index), "currency"])
    }
  })

/** One price of an item: the one that is there, else a new one; or the one that came between. */
const writeOne = (context: Context, price: Price, { doc, item }: Target) =>
  Effect.gen(function* () {
    const { documents, settings } = context
    const today = yield* context.today
    const list = listOf(price, settings)
    const find = (whole: Doc) => Option.fromUndefinedOr(rowFor(whole, price, list, today))
    const again = Effect.map(side(context, [item]), (found) => find({ ...doc, [PRICES]: found?.get(item) ?? [] }))
    const put = (name: string) =>
      Effect.asVoid(documents.update("Item Price", name, { price_list_rate: wire(price.amount) }))
    const existing = find(doc)
    if (Option.isSome(existing)) return yield* put(existing.value)
    // Without a day of its own the site begins it today, so that the same one would be another tomorrow.
    const members = {
      item_code: item,
      price_list: list,
      price_list_rate: wire(price.amount),
      uom: unitOf(makeReader(doc)),
      valid_from: price.validFrom ?? today,
    }
    const made = yield* Effect.result(documents.create("Item Price", members, again))
    if (made._tag === "Success" && "created" in made.success) return
    // It is there by now: of another writer, whose double the site refuses, or of our own request.
    const found = yield* again
    if (Option.isSome(found)) return yield* put(found.value)
    if (made._tag === "Failure") return yield* Effect.fail(made.failure)
  })

export const write = (context: Context, prices: Prices, target: Target): Effect.Effect<void, ConnectorError> =>
  Effect.andThen(
    checked(context, prices),
    Effect.forEach(prices, (price) => writeOne(context, price, target), { discard: true }),
  )
