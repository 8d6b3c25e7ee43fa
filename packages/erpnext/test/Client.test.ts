import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type * as Client from "../src/Client.ts"
import * as Operations from "../src/Operations.ts"
import * as Values from "../src/Values.ts"
import { answer, lost, site } from "./site.ts"

const run = <A, E>(
  { client }: ReturnType<typeof site>,
  use: (client: Client.Client) => Effect.Effect<A, E>,
): Promise<A> => Effect.runPromise(Effect.flatMap(client, use))

describe("a list of documents", () => {
  it("asks for the fields by name, filters by JSON, orders, and keeps the digits of amounts", async () => {
    const server = site(answer(200, `{"data":[{"name":"ACC-SINV-1","outstanding_amount":0.10,"due_date":null}]}`))
    const rows = await run(server, ({ documents }) =>
      documents.list("Sales Invoice", {
        fields: ["name", "outstanding_amount", "due_date"],
        where: [
          ["modified", ">=", "2026-11-20 04:54:09.850993"],
          ["Sales Invoice Item", "item_code", "=", `SVC"1`],
        ],
        orWhere: [["status", "in", ["Unpaid", "Overdue"]]],
        orderBy: [
          ["modified", "asc"],
          ["name", "asc"],
        ],
        start: 20,
        limit: 20,
      }),
    )
    expect(server.asked[0]?.path).toBe("/api/resource/Sales%20Invoice")
    expect(server.asked[0]?.query).toEqual({
      fields: `["name","outstanding_amount","due_date"]`,
      filters: `[["modified",">=","2026-11-20 04:54:09.850993"],["Sales Invoice Item","item_code","=","SVC\\"1"]]`,
      or_filters: `[["status","in",["Unpaid","Overdue"]]]`,
      order_by: "modified asc, name asc",
      limit_start: "20",
      limit_page_length: "20",
    })
    expect(rows[0]?.outstanding_amount?.text).toBe("0.10")
    expect(rows[0]?.due_date).toBeNull()
  })

  it("never asks for 0 rows, which means all of them to one version and none to another", async () => {
    const server = site(answer(200, `{"data":[]}`))
    const question = { fields: ["name"], orderBy: [["name", "asc"]], limit: 0 } as const
    expect(await run(server, ({ documents }) => documents.list("Customer", question))).toEqual([])
    expect(server.asked[0]?.query["limit_page_length"]).toBe("1")
  })

  it("is counted", async () => {
    const server = site(answer(200, `{"message":1201}`))
    const count = await run(server, ({ documents }) => documents.count("Customer", [["disabled", "=", 0]]))
    expect(count).toBe(1201)
    expect(server.asked[0]?.query).toEqual({ doctype: "Customer", filters: `[["disabled","=",0]]` })
  })
})

describe("one document", () => {
  it("is read by its name, whatever the name holds; none when it is not there", async () => {
    const server = site(answer(200, `{"data":{"name":"A/B & C","customer_name":"Slash"}}`), answer(404, `{}`))
    const found = await run(server, ({ documents }) =>
      Effect.all([documents.get("Customer", "A/B & C"), documents.get("Customer", "Nobody")]),
    )
    expect(server.asked[0]?.path).toBe("/api/resource/Customer/A%2FB%20%26%20C")
    expect(found.map((each) => Option.getOrUndefined(each)?.customer_name)).toEqual(["Slash", undefined])
  })

  it("is created with exact amounts", async () => {
    const server = site(answer(200, `{"data":{"name":"SAL-ORD-1","docstatus":0}}`))
    const rate = Values.decimal(Option.getOrThrow(Decimal.parse("12345678901.123456789")))
    const made = await run(server, ({ documents }) =>
      documents.create(
        "Sales Order",
        { customer: "Acme Corp", items: [{ item_code: "SVC-1", rate }] },
        Effect.succeedNone,
      ),
    )
    expect(server.asked[0]?.body).toBe(
      `{"customer":"Acme Corp","items":[{"item_code":"SVC-1","rate":12345678901.123456789}]}`,
    )
    expect(made).toMatchObject({ created: { name: "SAL-ORD-1" } })
  })

  it("is not created a second time when the answer is lost: it is looked up by its unique field", async () => {
    const server = site(lost, answer(200, `{"data":[{"name":"Acme Corp"}]}`))
    const made = await run(server, ({ documents }) =>
      documents.create(
        "Customer",
        { customer_name: "Acme Corp" },
        Effect.map(
          documents.list("Customer", {
            fields: ["name"],
            where: [["customer_name", "=", "Acme Corp"]],
            orderBy: [["name", "asc"]],
            limit: 2,
          }),
          ([first]) => Option.fromNullishOr(first?.name),
        ),
      ),
    )
    expect(made).toEqual({ found: "Acme Corp" })
    expect(server.asked.map(({ method }) => method)).toEqual(["POST", "GET"])
  })

  it("is changed again after a lost answer, but not when its stamp is to guard it: the first try may have moved it", async () => {
    const changed = answer(200, `{"data":{"name":"Acme Corp","tax_id":"T-1"}}`)
    const free = site(lost, changed)
    await run(free, ({ documents }) => documents.update("Customer", "Acme Corp", { tax_id: "T-1" }))
    expect(free.asked.map(({ method }) => method)).toEqual(["PUT", "PUT"])

    const guarded = site(lost)
    const stamp = "2026-11-20 04:54:43.286210"
    const error = await run(guarded, ({ documents }) =>
      Effect.flip(documents.updateIf("Customer", "Acme Corp", stamp, { tax_id: "T-1" })),
    )
    expect(error.reason._tag).toBe("UnknownOutcome")
    expect(guarded.asked.map(({ body }) => body)).toEqual([`{"tax_id":"T-1","modified":"${stamp}"}`])
  })

  it("is removed; again says that it was not there", async () => {
    const server = site(answer(202, `{"data":"ok"}`), answer(404, `{"exc_type":"DoesNotExistError"}`))
    const removed = await run(server, ({ documents }) =>
      Effect.all([documents.remove("Customer", "X"), documents.remove("Customer", "X")]),
    )
    expect(removed).toEqual([true, false])
  })

  it("is not asked for by a name that leads elsewhere", async () => {
    const server = site()
    const error = await run(server, ({ documents }) => Effect.flip(documents.remove("Customer", "..")))
    expect(error.reason._tag).toBe("Invalid")
    expect(server.asked).toEqual([])
  })
})

describe("methods", () => {
  it("are called by their path", async () => {
    const zone = answer(200, `{"message":{"time_zone":"America/New_York"}}`)
    const server = site(zone, answer(200, `{"message":["Bulk A","Bulk B"]}`))
    const results = await run(server, ({ call, once }) =>
      Effect.all([
        call(Operations.methods.timeZone, (api, door) => api.GET("/api/method/frappe.client.get_time_zone", door)),
        once(Operations.methods.insertMany, (api, door) =>
          api.POST("/api/method/frappe.client.insert_many", {
            ...door,
            body: { docs: [{ doctype: "Customer", customer_name: "Bulk A" }] },
          }),
        ),
      ]),
    )
    expect(results[0].data?.message.time_zone).toBe("America/New_York")
    expect(results[1].data?.message).toEqual(["Bulk A", "Bulk B"])
  })

  it("are not called around the pipeline", async () => {
    const server = site()
    const client = await Effect.runPromise(server.client)
    await expect(client.api.GET("/api/method/frappe.client.get_time_zone", {} as Client.Door)).rejects.toThrow(
      "pass the door",
    )
    expect(server.asked).toEqual([])
  })
})
