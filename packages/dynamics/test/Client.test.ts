import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type * as Client from "../src/Client.ts"
import * as Filter from "../src/Filter.ts"
import * as Operations from "../src/Operations.ts"
import * as Query from "../src/Query.ts"
import * as Values from "../src/Values.ts"
import { answer, environment } from "./environment.ts"

type Customer = Client.Entities["CustomersV3"]["read"]
type Order = Client.Entities["SalesOrderHeadersV2"]["read"]

const customers = Operations.set("CustomersV3")
const orders = Operations.set("SalesOrderHeadersV2")
const BY_KEY = "/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')"

const run = <A, E>(
  { client }: ReturnType<typeof environment>,
  use: (client: Client.Client) => Effect.Effect<A, E>,
): Promise<A> => Effect.runPromise(Effect.flatMap(client, use))

describe("a read by key", () => {
  it("asks across companies, for it names one, and keeps the digits of amounts", async () => {
    const server = environment(answer(200, `{"dataAreaId":"usmf","CustomerAccount":"O'Brien/1","CreditLimit":0.10}`))
    const { data } = await run(server, ({ call }) =>
      call(customers.get, (api, door) =>
        api.GET(BY_KEY, {
          ...door,
          params: {
            path: { dataAreaId: "usmf", CustomerAccount: "O'Brien/1" },
            query: { $select: Query.select<Customer>(["CustomerAccount", "CreditLimit"]) },
          },
        }),
      ),
    )
    expect(server.asked[0]?.path).toBe(
      "/namespaces/AXSF/data/CustomersV3(dataAreaId='usmf',CustomerAccount='O''Brien/1')",
    )
    expect([...(server.asked[0]?.query ?? [])]).toEqual([
      ["cross-company", "true"],
      ["$select", "CustomerAccount,CreditLimit"],
    ])
    expect(data?.CreditLimit?.text).toBe("0.10")
  })

  it("is not sent where a part of the key is missing or cannot be a key", async () => {
    const server = environment()
    for (const CustomerAccount of [undefined as unknown as string, "a\u0000b"]) {
      const error = await run(server, ({ call }) =>
        Effect.flip(
          call(customers.get, (api, door) =>
            api.GET(BY_KEY, { ...door, params: { path: { dataAreaId: "usmf", CustomerAccount } } }),
          ),
        ),
      )
      expect(error.reason._tag).toBe("Invalid")
    }
    expect(server.asked).toEqual([])
  })
})

describe("a list", () => {
  it("is filtered, ordered, cut and expanded by names of fields; values stay in their quotes", async () => {
    const server = environment(answer(200, `{"value":[{"SalesOrderNumber":"1"}],"@odata.nextLink":"x"}`))
    const { data } = await run(server, ({ call }) =>
      call(orders.list, (api, door) =>
        api.GET("/SalesOrderHeadersV2", {
          ...door,
          params: {
            query: {
              "cross-company": true,
              $filter: Filter.all(
                Filter.equals<Order>("dataAreaId", "usmf"),
                Filter.equals<Order>("CustomersOrderReference", "deal 1' or true or '"),
              ) as string,
              $orderby: Query.orderBy<Order>([
                ["dataAreaId", "asc"],
                ["SalesOrderNumber", "asc"],
              ]),
              $expand: Query.expand<Order, "SalesOrderLines">("SalesOrderLines", ["ItemNumber", "LineAmount"]),
              $top: 2,
            },
          },
        }),
      ),
    )
    const query = Object.fromEntries(server.asked[0]?.query ?? [])
    expect(query).toEqual({
      "cross-company": "true",
      $filter: "dataAreaId eq 'usmf' and CustomersOrderReference eq 'deal 1'' or true or '''",
      $orderby: "dataAreaId asc,SalesOrderNumber asc",
      $expand: "SalesOrderLines($select=ItemNumber,LineAmount)",
      $top: "2",
    })
    expect(data?.value.map((row) => row.SalesOrderNumber)).toEqual(["1"])
    expect(data?.["@odata.nextLink"]).toBe("x")
  })

  it("of a set that all companies share asks for no company", async () => {
    const server = environment(answer(200, `{"value":[]}`))
    await run(server, ({ call }) =>
      call(Operations.set("Currencies").list, (api, door) => api.GET("/Currencies", door)),
    )
    expect([...(server.asked[0]?.query ?? [])]).toEqual([])
  })
})

describe("a write", () => {
  const lost = () => {
    throw new TypeError("socket hang up")
  }

  it("of a new record is not repeated when its answer is lost: it is looked up by what carries our key", async () => {
    const server = environment(lost, answer(200, `{"value":[{"CustomerAccount":"DAT-000053"}]}`))
    const found = await run(server, ({ call, keyed }) =>
      keyed(
        customers.create,
        (api, door) =>
          api.POST("/CustomersV3", {
            ...door,
            body: { dataAreaId: "usmf", OrganizationName: "Acme", CustomerGroupId: "80", SalesCurrencyCode: "USD" },
          }),
        Effect.map(
          call(customers.list, (api, door) =>
            api.GET("/CustomersV3", {
              ...door,
              params: {
                query: { $filter: Filter.equals<Customer>("OrganizationNumber", "hs-1"), "cross-company": true },
              },
            }),
          ),
          ({ data }) => Option.fromNullishOr(data?.value[0]?.CustomerAccount),
        ),
      ),
    )
    expect(found).toEqual({ found: "DAT-000053" })
    expect(server.asked.map(({ method, query }) => [method, query.get("cross-company")])).toEqual([
      ["POST", "true"],
      ["GET", "true"],
    ])
  })

  it("changes what is sent and no more, decimals digit by digit, days as noon", async () => {
    const server = environment(answer(204))
    const amount = Option.getOrThrow(Decimal.parse("12345678901234567890.10"))
    await run(server, ({ call }) =>
      call(Operations.set("FreeTextInvoiceLines").update, (api, door) =>
        api.PATCH(
          "/FreeTextInvoiceLines(dataAreaId='{dataAreaId}',LineNumber={LineNumber},ParentRecId={ParentRecId})",
          {
            ...door,
            params: {
              path: { dataAreaId: "usmf", LineNumber: 1, ParentRecId: 5637144576 },
              header: { "If-Match": "*" },
            },
            body: { UnitPrice: Values.decimal(amount) },
          },
        ),
      ),
    )
    expect(server.asked[0]?.path).toBe(
      "/namespaces/AXSF/data/FreeTextInvoiceLines(dataAreaId='usmf',LineNumber=1,ParentRecId=5637144576)",
    )
    expect(server.asked[0]?.body).toBe(`{"UnitPrice":12345678901234567890.1}`)
    expect(server.asked[0]?.headers.get("if-match")).toBe("*")
    expect(Values.day("2026-07-23" as LocalDate)).toBe("2026-07-23T12:00:00Z")
    expect(["1900-01-01T12:00:00Z", "2026-07-23T12:00:00Z", ""].map(Values.dayOf)).toEqual([
      undefined,
      "2026-07-23",
      undefined,
    ])
  })
})

describe("a call that goes around the pipeline", () => {
  it("sends nothing", async () => {
    const server = environment()
    const client = await Effect.runPromise(server.client)
    await expect(client.api.GET("/Currencies", {} as Client.Door)).rejects.toThrow("pass the door")
    expect(server.asked).toEqual([])
  })
})
