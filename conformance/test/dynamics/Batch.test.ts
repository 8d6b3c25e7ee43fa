import { describe, expect, it } from "vitest"
import { CUSTOMER, open } from "./Client.ts"
import * as Scene from "./Scene.ts"

const CRLF = "\r\n"

const operation = (method: string, path: string, body?: unknown, id?: string) =>
  [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(id === undefined ? [] : [`Content-ID: ${id}`]),
    "",
    `${method} ${path} HTTP/1.1`,
    "Content-Type: application/json",
    "",
    body === undefined ? "" : JSON.stringify(body),
  ].join(CRLF)

const multipart = (boundary: string, parts: ReadonlyArray<string>) =>
  `${parts.map((part) => `--${boundary}${CRLF}${part}${CRLF}`).join("")}--${boundary}--${CRLF}`

const changeset = (...operations: ReadonlyArray<string>) =>
  `Content-Type: multipart/mixed; boundary=cs${CRLF}${CRLF}${multipart("cs", operations)}`

const opened = () => {
  const made = open({ knobs: { manualNumbers: ["usmf CustomerAccount", "usmf SalesOrderNumber"] } })
  const batch = async (...parts: ReadonlyArray<string>) => {
    const headers = { "content-type": 'multipart/mixed; boundary="b1"' }
    const answer = await made.get("$batch", { method: "POST", body: multipart("b1", parts), headers })
    const statuses = [...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
    return { answer, statuses, text: answer.text }
  }
  return { ...made, batch }
}

const customer = (CustomerAccount: string) => ({ ...CUSTOMER, CustomerAccount })

describe("a batch", () => {
  it("answers 200 with a part for each operation, whatever became of them", async () => {
    const { batch, twin, world } = opened()
    const { answer, statuses, text } = await batch(
      operation("GET", "/data/Currencies('EUR')"),
      operation("POST", "CustomersV3", customer("C1")),
      operation("POST", `${twin.origin}/data/CustomersV3?cross-company=true`, customer("C2")),
      operation("GET", "CustomersV3(dataAreaId='usmf',CustomerAccount='C9')"),
      operation("PATCH", "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')", { CreditRating: "A" }),
    )
    expect([answer.status, statuses]).toEqual([200, [200, 201, 201, 404, 204]])
    expect(answer.headers.get("content-type")).toMatch(/^multipart\/mixed; boundary=batchresponse_/)
    expect(text).toContain("content-type: application/json; odata.metadata=minimal; charset=utf-8")
    expect(world.get("CustomersV3", "usmf", "C1")?.fields["CreditRating"]).toBe("A")
  })

  it("writes a changeset whole, a header with its lines by a number of the client's", async () => {
    const { batch, world } = opened()
    Scene.stock(world)
    const { statuses, text } = await batch(
      changeset(
        operation("POST", "SalesOrderHeadersV2", { SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }, "1"),
        operation("POST", "SalesOrderLines", { SalesOrderNumber: "S1", ItemNumber: "I1" }, "2"),
      ),
    )
    expect(statuses).toEqual([201, 201])
    expect([...text.matchAll(/Content-ID: (\d)/g)].map(([, id]) => id)).toEqual(["1", "2"])
    expect([world.all("SalesOrderHeadersV2").length, world.all("SalesOrderLines").length]).toEqual([1, 1])
  })

  it("takes a failed changeset back and answers it with the one part at fault", async () => {
    const { batch, world } = opened()
    Scene.stock(world)
    const before = JSON.stringify([
      world.all("SalesOrderHeadersV2"),
      world.all("SalesOrderLines"),
      world.all("CustomersV3"),
    ])
    const { statuses, text } = await batch(
      changeset(
        operation("PATCH", "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')", { AddressCity: "Köln" }, "1"),
        operation("POST", "SalesOrderHeadersV2", { SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }, "2"),
        operation("POST", "SalesOrderLines", { SalesOrderNumber: "S1", ItemNumber: "I9" }, "3"),
      ),
      operation("POST", "CustomersV3", customer("C2")),
    )
    expect(statuses).toEqual([400, 201])
    expect([...text.matchAll(/Content-ID: (\d)/g)].map(([, id]) => id)).toEqual(["3"])
    const after = JSON.stringify([
      world.all("SalesOrderHeadersV2"),
      world.all("SalesOrderLines"),
      world.all("CustomersV3").filter((one) => one.fields["CustomerAccount"] === "C1"),
    ])
    expect(after).toBe(before)
  })

  it("calls a taken key 500 where a single create calls it 400", async () => {
    const { batch, post, world } = opened()
    world.seed("CustomersV3", [customer("C1")])
    const { statuses, text } = await batch(changeset(operation("POST", "CustomersV3", customer("C1"), "1")))
    expect(statuses).toEqual([500])
    expect(text).toContain("The record already exists.")
    expect((await post("CustomersV3", customer("C1"))).status).toBe(400)
  })

  it("may throttle one part and not the others", async () => {
    const { batch, world } = opened()
    world.knobs.throttledParts = [1]
    const parts = ["C1", "C2", "C3"].map((account) => operation("POST", "CustomersV3", customer(account)))
    const { statuses, text } = await batch(...parts)
    expect(statuses).toEqual([201, 429, 201])
    expect(text).toContain("retry-after: 30")
    expect((await batch(parts[1] ?? "")).statuses).toEqual([201])
  })

  it.each([
    ["no boundary", "application/json", ""],
    ["no end", "multipart/mixed; boundary=b1", `--b1${CRLF}${operation("GET", "Currencies")}`],
    [
      "a part that is no request",
      "multipart/mixed; boundary=b1",
      multipart("b1", ["Content-Type: text/plain\r\n\r\nhello"]),
    ],
    [
      "a changeset that reads",
      "multipart/mixed; boundary=b1",
      multipart("b1", [changeset(operation("GET", "Currencies"))]),
    ],
  ])("is refused with %s", async (_, type, body) => {
    const { get } = opened()
    const answer = await get("$batch", { method: "POST", body, headers: { "content-type": type } })
    expect([answer.status, answer.reason]).toEqual([400, expect.stringContaining("malformed")])
  })

  it("holds at most 5,000 operations", async () => {
    const { batch } = opened()
    const parts = Array.from({ length: 5001 }, () => operation("GET", "Currencies('EUR')"))
    expect((await batch(...parts)).answer.status).toBe(400)
  })
})
