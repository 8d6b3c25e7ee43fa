/** `$batch`: what a part says, what a changeset is, and a throttled part that goes again alone. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Batch from "../src/Batch.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const ROOT = "https://contoso.operations.dynamics.com/data"
const url = (account: string) =>
  `${ROOT}/CustomersV3(dataAreaId='usmf',CustomerAccount='${account}')?cross-company=true`
const rename = (account: string, OrganizationName: string): Batch.Operation => ({
  method: "PATCH",
  url: url(account),
  body: { OrganizationName },
})

const stage = () => {
  const bench = Bench.make()
  bench.world.seed("CustomersV3", Seeds.customers(4), Bench.COMPANY)
  return bench
}
const names = (bench: Bench.Bench) => bench.world.all("CustomersV3").map(({ fields }) => fields["OrganizationName"])
const tag = (result: object) => ("reason" in result ? (result.reason as { _tag: string })._tag : "ok")

describe("operations in one request", () => {
  it("have each an outcome of their own, in their order", async () => {
    const bench = stage()
    const results = await Bench.use(bench, Bench.options(bench), ({ client }) =>
      client.batch([
        rename("C-00000", "A"),
        rename("GONE", "B"),
        { method: "DELETE", url: url("C-00003") },
        rename("C-00001", ""),
      ]),
    )
    expect(results.map(tag)).toEqual(["ok", "NotFound", "ok", "Invalid"])
    expect(names(bench)).toEqual(["A", "Customer 1", "Customer 2"])
    expect(Bench.requests(bench)).toEqual(["POST /$batch"])
  })

  it("that are throttled go again alone, after the wait that they were told", async () => {
    const bench = stage()
    bench.world.knobs.retryAfter = "9"
    bench.world.knobs.throttledParts = [1]
    const before = bench.clock.now()
    const results = await Bench.use(bench, Bench.options(bench), ({ client }) =>
      client.batch([rename("C-00000", "A"), rename("C-00001", "B"), rename("C-00002", "C")]),
    )
    expect(results.map(tag)).toEqual(["ok", "ok", "ok"])
    expect(names(bench).slice(0, 3)).toEqual(["A", "B", "C"])
    const [, second, ...more] = bench.twin.journal.where(({ url: to }) => to.endsWith("$batch"))
    expect(more).toEqual([])
    expect(second?.requestBody.match(/PATCH/g)?.length).toBe(1)
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(9000)
  })
})

describe("operations of which some were answered when a request failed", () => {
  const fail = (bench: Bench.Bench, nth: number) => {
    let count = 0
    bench.twin.faults.deal({
      at: ({ path }) => path.endsWith("$batch") && ++count === nth,
      fault: { kind: "lostReply" },
    })
  }

  it("keep what was answered, beside the one that goes again and is not", async () => {
    const bench = stage()
    bench.world.knobs.throttledParts = [1]
    fail(bench, 2)
    const results = await Bench.use(bench, Bench.options(bench), ({ client }) =>
      client.batch([rename("C-00000", "A"), rename("C-00001", "B"), rename("GONE", "C")]),
    )
    expect(results.map(tag)).toEqual(["ok", "UnknownOutcome", "NotFound"])
  })

  it("are told from those that were never sent", async () => {
    const bench = stage()
    fail(bench, 2)
    const many = Array.from({ length: 10_001 }, () => rename("GONE", "A"))
    const results = await Bench.use(bench, Bench.options(bench), ({ client }) =>
      client.batch([rename("C-00000", "A"), ...many]),
    )
    expect(results.length).toBe(10_002)
    expect([0, 1, 4999, 5000, 9999].map((at) => tag(results[at] ?? {}))).toEqual([
      "ok",
      "NotFound",
      "NotFound",
      "UnknownOutcome",
      "UnknownOutcome",
    ])
    expect(results.slice(10_000)).toMatchObject([{ reason: { sent: false } }, { reason: { sent: false } }])
  })
})

describe("a changeset", () => {
  const lookup = Effect.succeed({ _tag: "None" } as never)

  it("is applied as a whole, or not at all, and fails with what its one part says", async () => {
    const bench = stage()
    const failure = await Bench.failure(bench, Bench.options(bench), ({ client }) =>
      client.changeset([rename("C-00000", "A"), rename("GONE", "B")], lookup),
    )
    expect(failure.reason._tag).toBe("NotFound")
    expect(names(bench)).toEqual(Seeds.customers(4).map(({ OrganizationName }) => OrganizationName))
  })

  it("that is throttled goes again as a whole", async () => {
    const bench = stage()
    bench.world.knobs.retryAfter = "5"
    bench.world.knobs.throttledParts = [0]
    await Bench.use(bench, Bench.options(bench), ({ client }) =>
      client.changeset([rename("C-00000", "A"), rename("C-00001", "B")], lookup),
    )
    expect(names(bench).slice(0, 2)).toEqual(["A", "B"])
    expect(bench.twin.journal.where(({ url: to }) => to.endsWith("$batch")).length).toBe(2)
  })
})

describe("the multipart form", () => {
  it("keeps values inside their part, whatever they say", () => {
    const body = { OrganizationName: "a\r\n--batch_x--\r\nDELETE /" }
    const encoded = Batch.encode([{ changeset: [{ method: "POST", url: `${ROOT}/CustomersV3`, body }] }], "x")
    expect(encoded.type).toBe("multipart/mixed; boundary=batch_x")
    expect(encoded.body.split("\r\n").filter((line) => line === "--batch_x--").length).toBe(1)
    expect(encoded.body).toContain(String.raw`{"OrganizationName":"a\r\n--batch_x--\r\nDELETE /"}`)
  })

  it("that breaks off, or has no status, is no answer", () => {
    const headers = new Headers({ "content-type": "multipart/mixed; boundary=b" })
    const part = "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n"
    const decode =
      (text: string, type = headers) =>
      () =>
        Batch.decode({ headers: type, text, receivedAt: 0 })
    expect(decode(`${part}--b--\r\n`)()).toMatchObject([{ answers: [{ status: 204 }] }])
    expect(decode(part)).toThrow(Batch.Malformed)
    expect(decode("--b\r\nContent-Type: application/http\r\n\r\nnothing\r\n--b--\r\n")).toThrow(Batch.Malformed)
    expect(decode(`${part}--b--`, new Headers())).toThrow("not multipart")
  })
})
