/** Amounts and days of HubSpot's records, as the rules see them. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { ValueProbe, Values } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as Identity from "@mortise/hubspot/Identity"

const SOURCE = "acumatica/acme/main"

/** Without zeros that say nothing. */
const plain = (text: string | undefined): string | undefined =>
  text === undefined || text === "" ? undefined : Decimal.format(Decimal.make(text))

export const values = (world: HubSpotTwin.HubSpotWorld): Values => {
  const propertyOf = (type: HubSpotTwin.ObjectName, name: string) => (key: string) =>
    world.records(type).find(({ properties }) => Identity.decode(properties["mortise_key"]) === key)?.properties[name]
  const amount: ValueProbe = {
    entity: "Deal",
    write: (n, value, currency) => ({
      key: `${SOURCE}|Deal|V${n}`,
      fields: { name: `Deal ${n}`, amount: Decimal.make(value), ...(currency === undefined ? {} : { currency }) },
    }),
    inWorld: (key) => plain(propertyOf("deals", "amount")(key)),
    read: (record) => {
      const { amount: read } = record as { readonly amount?: Decimal.Decimal }
      return read === undefined ? undefined : Decimal.format(read)
    },
  }
  return {
    decimal: amount,
    money: amount,
    date: {
      entity: "Invoice",
      write: (n, value) => ({
        key: `${SOURCE}|Invoice|V${n}`,
        fields: { kind: "invoice", number: `V${n}`, currency: "USD", date: value },
      }),
      inWorld: (key) => propertyOf("invoices", "hs_invoice_date")(key)?.slice(0, 10),
      read: (record) => (record as { readonly date?: string }).date,
    },
  }
}
