import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type * as Client from "../src/Client.ts"
import * as Operations from "../src/Operations.ts"
import * as Values from "../src/Values.ts"
import { account, answer } from "./account.ts"

const customers = Operations.records("customer")
const orders = Operations.records("salesOrder")

const run = <A, E>(
  { client }: ReturnType<typeof account>,
  use: (client: Client.Client) => Effect.Effect<A, E>,
): Promise<A> => Effect.runPromise(Effect.flatMap(client, use))

const SINGULAR = "application/vnd.oracle.resource+json; type=singular"
const COLLECTION = "application/vnd.oracle.resource+json; type=collection"

describe("the records of an account", () => {
  it("are read by internal id and by external id, and amounts keep their digits", async () => {
    const server = account(answer(200, `{"id":"7","balance":12345678901234567.89,"currency":{"id":"1"}}`))
    const { data } = await run(server, ({ call }) =>
      call(customers.get, ({ records }, door) =>
        records.GET("/customer/{id}", {
          ...door,
          params: { path: { id: "eid:hs-company-1" }, query: { expandSubResources: true } },
        }),
      ),
    )
    expect(server.asked[0]?.url.href).toBe(
      "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer/eid:hs-company-1?expandSubResources=true",
    )
    expect(data?.balance?.text).toBe("12345678901234567.89")
    expect(data?.currency?.id).toBe("1")
  })

  it("are upserted one by one and by the hundred, each as the media type that the vendor goes by", async () => {
    const server = account(answer(204, undefined, { location: "https://x/record/v1/salesOrder/9" }), answer(202))
    const quantity = Values.decimal(Option.getOrThrow(Decimal.parse("12345678901234567890.5")))
    const tranDate = Values.day("2026-11-20" as LocalDate)
    await run(server, ({ once }) =>
      Effect.gen(function* () {
        yield* once(orders.upsert, ({ records }, door) =>
          records.PUT("/salesOrder/{id}", {
            ...door,
            params: {
              path: { id: "eid:hs-deal-so-1" },
              query: { replace: "item" },
              header: { "X-NetSuite-PropertyNameValidation": "Error" },
            },
            body: { entity: { id: "7" }, item: { items: [{ item: { id: "5" }, quantity }] }, tranDate },
          }),
        )
        yield* once(orders.upsertMany, ({ records }, door) =>
          records.PUT("/salesOrder", {
            ...door,
            params: { header: { Prefer: "respond-async", "X-NetSuite-Idempotency-Key": "k" } },
            body: { items: [{ externalId: "hs-deal-so-1", memo: "changed" }] },
          }),
        )
      }),
    )
    expect(server.asked.map(({ method, type }) => [method, type])).toEqual([
      ["PUT", SINGULAR],
      ["PUT", COLLECTION],
    ])
    expect(server.asked[0]?.url.search).toBe("?replace=item")
    expect(server.asked[0]?.headers.get("x-netsuite-propertynamevalidation")).toBe("Error")
    expect(server.asked[0]?.body).toBe(
      `{"entity":{"id":"7"},"item":{"items":[{"item":{"id":"5"},"quantity":12345678901234567890.5}]},"tranDate":"2026-11-20"}`,
    )
    expect(server.asked[1]?.headers.get("prefer")).toBe("respond-async")
  })

  it("are not written a second time when the answer is lost: the record is looked up by its external id", async () => {
    const lost = () => {
      throw new TypeError("socket hang up")
    }
    const server = account(lost, answer(200, `{"id":"9"}`))
    const path = { id: "eid:hs-deal-so-1" }
    const found = await run(server, ({ call, keyed }) =>
      keyed(
        orders.upsert,
        ({ records }, door) => records.PUT("/salesOrder/{id}", { ...door, params: { path }, body: { memo: "m" } }),
        Effect.map(
          call(orders.get, ({ records }, door) => records.GET("/salesOrder/{id}", { ...door, params: { path } })),
          ({ data }) => Option.fromNullishOr(data?.id),
        ),
      ),
    )
    expect(found).toEqual({ found: "9" })
    expect(server.asked.map(({ method }) => method)).toEqual(["PUT", "GET"])
  })
})

describe("what stands beside the records", () => {
  it("is asked with SuiteQL: values bound, rows as texts", async () => {
    const row = `{"items":[{"id":"7","companyname":"A\\"B","isinactive":"F"}],"hasMore":true,"offset":1000}`
    const server = account(answer(200, row))
    const { data } = await run(server, ({ call }) =>
      call(Operations.services.suiteql, ({ services }, door) =>
        services.POST("/query/v1/suiteql", {
          ...door,
          params: { query: { limit: 1000, offset: 1000 }, header: { Prefer: "transient" } },
          body: { q: "SELECT id, companyname FROM customer WHERE externalid = ? ORDER BY id", params: [`a"'b`] },
        }),
      ),
    )
    expect(server.asked[0]?.url.pathname).toBe("/services/rest/query/v1/suiteql")
    expect(server.asked[0]?.headers.get("prefer")).toBe("transient")
    expect(JSON.parse(server.asked[0]?.body ?? "")).toMatchObject({ params: [`a"'b`] })
    expect(data?.items[0]?.["companyname"]).toBe(`A"B`)
    expect(data?.hasMore).toBe(true)
  })

  it("tells the server's clock", async () => {
    const server = account(answer(200, `{"serverTime":"2026-11-20T16:21:00.000Z"}`))
    const { data } = await run(server, ({ call }) =>
      call(Operations.services.serverTime, ({ services }, door) => services.GET("/system/v1/serverTime", door)),
    )
    expect(data?.serverTime).toBe("2026-11-20T16:21:00.000Z")
  })
})

describe("a call that goes around the pipeline", () => {
  it("sends nothing", async () => {
    const server = account()
    const client = await Effect.runPromise(server.client)
    await expect(client.api.services.GET("/system/v1/serverTime", {} as Client.Door)).rejects.toThrow("pass the door")
    expect(server.asked).toEqual([])
  })
})
