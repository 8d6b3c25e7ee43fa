/**
 * Prices of items: one for each price level, currency and quantity. The base level is what an amount alone means; the
 * others are named lists. The sublist is keyed by level and currency, so a price is changed and never added twice.
 */

import type { Price } from "@mortise/core/Entities"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Limits from "../Limits.ts"
import * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"
import * as Tables from "../Tables.ts"
import * as Values from "../Values.ts"
import * as Asking from "./asking.ts"
import { definedBody, ref } from "./body.ts"
import type { Facts, Part } from "./Mapping.ts"
import { known, type Reader } from "./Reader.ts"
import type { Encoded, EncodeFacts } from "./Writer.ts"

export const PART = "prices"

type Prices = ReadonlyArray<typeof Price.Type>

/** NetSuite: the first price level of every account is its base price. */
const BASE = "1"
const baseOf = (settings: Settings): string => settings.products?.priceLevel ?? BASE

const { key: ITEM, table } = Tables.SIDE.price

const KEYS = [ITEM, "pricelevel", "quantity"]
/** An account with one currency has no column for it. */
const LOOSE = ["currency"]
const COLUMNS = [
  ...KEYS.map((name) => Query.plain(name)),
  Query.label("pricelevel", "levelname"),
  Query.plain("currency"),
  Query.plain("unitprice"),
]

/** The prices of all items of a page. */
export const part = (_: Settings): Part => ({
  load: (ask, records) =>
    Effect.map(
      Effect.forEach(Asking.chunks([...records.keys()].filter(Filter.isId), Limits.DOCUMENTS_PER_QUESTION), (some) =>
        ask({
          columns: COLUMNS,
          from: table,
          where: Filter.ids(ITEM, some),
          orderBy: [...KEYS, ...LOOSE],
          loose: LOOSE,
        }),
      ),
      (found) => {
        const byId = new Map<string, Array<Reader>>()
        for (const reader of found.flat()) {
          const id = reader.text(ITEM) ?? ""
          byId.set(id, [...(byId.get(id) ?? []), reader])
        }
        return byId
      },
    ),
})

const priceOf = (row: Reader, { codes, settings }: Facts): Prices => {
  const amount = row.decimal("unitprice")
  if (amount === undefined || amount === null) return []
  const [currency, level, quantity] = [row.text("currency"), row.text("pricelevel"), row.decimal("quantity")]
  const code = currency ? codes.currency(currency) : settings.baseCurrency
  const list = level === baseOf(settings) ? undefined : (row.text("levelname") ?? level ?? undefined)
  const minQuantity = quantity && BigDecimal.isPositive(quantity) ? quantity : undefined
  return [known({ list, currency: code, amount, minQuantity }) as Prices[number]]
}

/** The prices of an item; undefined when they were not asked for. */
export const decode = (reader: Reader, facts: Facts): Prices | undefined =>
  reader.part(PART)?.flatMap((row) => priceOf(row, facts))

const isPlain = ({ list, minQuantity, validFrom }: Prices[number]): boolean =>
  list === undefined && minQuantity === undefined && validFrom === undefined

const same = (a: Prices[number], b: Prices[number], settings: Settings): boolean =>
  isPlain(b) &&
  (a.currency ?? settings.baseCurrency) === (b.currency ?? settings.baseCurrency) &&
  BigDecimal.equals(a.amount, b.amount)

/** True when the item has these base prices; those of other levels and currencies may be anything. */
export const covers = (wanted: unknown, found: unknown, settings: Settings): boolean => {
  if (!Array.isArray(wanted)) return wanted === found
  const there = Array.isArray(found) ? (found as Prices) : []
  return (wanted as Prices).every((price) => there.some((each) => same(price, each, settings)))
}

/** The sublist `price` with the given base prices. */
export const encode = (prices: Prices | null | undefined, { codes, settings }: EncodeFacts): Encoded | undefined => {
  if (prices === undefined || prices === null) return undefined
  const wrong = prices.findIndex((price) => !isPlain(price))
  if (wrong >= 0) {
    const message = "only prices of the base level are written, without list, quantity or date"
    return { issues: [{ path: ["prices", String(wrong)], message }] }
  }
  const unknown = prices.findIndex(({ currency }) => currency !== undefined && codes.currencyId(currency) === undefined)
  const alone = prices[unknown]?.currency === settings.baseCurrency
  if (unknown >= 0 && !alone)
    return { issues: [{ path: ["prices", String(unknown), "currency"], message: "the account has no such currency" }] }
  const items = prices.map(({ amount, currency }) =>
    definedBody({
      priceLevel: ref(baseOf(settings)),
      currencyPage: ref(currency === undefined ? undefined : codes.currencyId(currency)),
      price: Values.decimal(amount),
    }),
  )
  return { body: { price: { items } } }
}
