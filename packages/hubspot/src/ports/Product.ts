/**
 * Products. Keyed on our own unique property where the portal allows one on products; else on `hs_sku` where that is
 * unique and may be written; else by a table in the state store, and then a create whose answer was lost is not sent
 * again. Which of them holds is probed by `prepare`.
 *
 * HubSpot's `price` is in the currency of the account. The whole price list stands beside it in a property of our own.
 *
 * Requests for N products: a batch read and a batch upsert (of new ones) or update (of those that are there) for each
 * 100.
 */
import * as Entities from "@mortise/core/Entities"
import * as Fields from "../internal/Fields.ts"
import * as Mapping from "../internal/Mapping.ts"

const { coded, flag, ownFlag, ownText, property, struct, text } = Fields

interface Price {
  readonly list?: string
  readonly currency?: string
  readonly amount: string
  readonly minQuantity?: string
  readonly validFrom?: string
}

const PRICE = property("price", "number")
const PRICES = ownText("mortise_prices", "ERP prices")

/** The price that HubSpot can show: of no list, for any quantity, in the currency of the account. */
const isShown =
  ({ companyCurrency }: Fields.Context) =>
  (price: Price): boolean =>
    price.list === undefined &&
    price.minQuantity === undefined &&
    (price.currency === undefined || companyCurrency === undefined || price.currency === companyCurrency)

const listed = (text: string | null | undefined): ReadonlyArray<Price> | undefined => {
  try {
    const list: unknown = JSON.parse(text ?? "")
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}

const prices: Fields.Field = {
  properties: [PRICE, PRICES],
  decode: (props, context) => {
    const [shown, list] = [Fields.value(props, PRICE.name), listed(props[PRICES.name])]
    if (shown === undefined && list === undefined) return undefined
    if (list === undefined) {
      const { companyCurrency: currency } = context
      return shown ? [{ amount: Fields.normal("number", shown), ...(currency === undefined ? {} : { currency }) }] : []
    }
    // Somebody may have changed the shown price in HubSpot since.
    const amount = Fields.normal("number", shown)
    return list.map((price) => (isShown(context)(price) && amount !== "" ? { ...price, amount } : price))
  },
  encode: (json, context) => {
    const list = (json ?? []) as ReadonlyArray<Price>
    const shown = list.find(isShown(context))
    return {
      [PRICE.name]: Fields.normal("number", shown?.amount),
      [PRICES.name]: json === null ? "" : JSON.stringify(list),
    }
  },
}

export const mapping = Mapping.make({
  entity: Entities.Product,
  type: "products",
  fields: {
    sku: text(property("hs_sku")),
    name: text(property("name")),
    description: text(property("description")),
    active: flag(ownFlag("mortise_active", "Active in the ERP")),
    kind: coded(ownText("mortise_kind", "ERP kind"), ownText("mortise_kind_raw", "ERP kind, as the ERP says it")),
    prices,
    recurring: struct({ period: text(property("hs_recurring_billing_period")) }),
    unit: text(ownText("mortise_unit", "Unit")),
  },
  naturalKeys: [{ field: "sku", property: "hs_sku", by: "search", exact: true }],
  number: "hs_sku",
  standIn: { property: "hs_sku", field: "sku", always: false },
  absent: { availability: "HubSpot keeps no stock" },
})
