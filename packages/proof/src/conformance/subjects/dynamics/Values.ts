/** Prices and days of Dynamics' orders and invoices, as the rules see them. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { ValueProbe, Values } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as DynamicsIdentity from "@mortise/dynamics/Identity"
import * as Effect from "effect/Effect"
import { enterBuyer } from "./Lined.ts"
import { COMPANY, textOf } from "./Party.ts"

interface Lines {
  readonly lines?: ReadonlyArray<{ readonly unitPrice?: Decimal.Decimal | null }>
}

export const values = (world: DynamicsTwin.DynamicsWorld): Values => {
  const enter = Effect.sync(() => enterBuyer(world))
  const orderOf = (key: string) =>
    world
      .all("SalesOrderHeadersV2", COMPANY)
      .find(
        (doc) =>
          DynamicsIdentity.decode(textOf(world.value("SalesOrderHeadersV2", doc, "CustomersOrderReference")) ?? "") ===
          key,
      )
  const price: ValueProbe = {
    entity: "Order",
    enter,
    write: (n, value, currency) => ({
      key: `hubspot/1234/|Deal|V${n}`,
      fields: {
        account: { id: "BUYER" },
        ...(currency === undefined ? {} : { currency }),
        lines: [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("1"), unitPrice: Decimal.make(value) }],
      },
    }),
    inWorld: (key) => {
      const order = orderOf(key)
      if (order === undefined) return undefined
      const number = world.value("SalesOrderHeadersV2", order, "SalesOrderNumber")
      const [line] = world
        .all("SalesOrderLines", COMPANY)
        .filter((one) => world.value("SalesOrderLines", one, "SalesOrderNumber") === number)
      if (line === undefined) return undefined
      return Decimal.format(Decimal.make(String(world.value("SalesOrderLines", line, "SalesPrice"))))
    },
    read: (record) => {
      const unitPrice = (record as Lines | undefined)?.lines?.[0]?.unitPrice
      return unitPrice === undefined || unitPrice === null ? undefined : Decimal.format(unitPrice)
    },
    digits: { whole: 16, fraction: 6 },
  }
  return {
    decimal: price,
    money: price,
    date: {
      entity: "Order",
      enter,
      write: (n, value) => ({
        key: `hubspot/1234/|Deal|V${n}`,
        fields: { account: { id: "BUYER" }, requestedDate: value },
      }),
      inWorld: (key) => {
        const order = orderOf(key)
        return order === undefined
          ? undefined
          : textOf(world.value("SalesOrderHeadersV2", order, "RequestedReceiptDate"))?.slice(0, 10)
      },
      read: (record) => (record as { readonly requestedDate?: string } | undefined)?.requestedDate,
    },
  }
}
