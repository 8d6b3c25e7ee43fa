import { ConnectorError, Forbidden } from "@mortise/core/ConnectorError"
import { Account } from "@mortise/core/Entities"
import type * as SimplePort from "@mortise/core/SimplePort"
import * as SimplePromises from "@mortise/core/SimplePromises"
import type * as StateStore from "@mortise/core/StateStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"

type Row = { readonly id: string }

const effects = (get: (id: string) => Promise<Row>): SimplePort.Options<typeof Account, Row> =>
  SimplePromises.toEffects<typeof Account, Row>({
    entity: Account,
    scope: { system: "acme", instance: "acme.example" },
    store: {} as StateStore.Service,
    identity: { carrier: "storeOnly" },
    readable: ["name"],
    idOf: ({ id }) => id,
    fieldsOf: () => ({ name: "A" }),
    get,
    lookFor: { email: async (email) => [{ id: email }] },
    reading: { strategy: "snapshot", scan: async ({ limit }) => ({ rows: [{ id: String(limit) }], more: false }) },
    pageSize: 5,
  })

const reasonOf = async (thrown: unknown) => {
  const { get } = effects(() => Promise.reject(thrown))
  return (await Effect.runPromise(Effect.flip(get("1", [])))).reason
}

const answer = (status: number, text: string, headers: Record<string, string> = {}) =>
  new Response(text === "" ? null : text, { status, headers })

describe("options with async functions", () => {
  it("become options with effects, and what is no call stays as it is", async () => {
    const { archive, create, fieldsOf, get, idOf, lookFor, reading } = effects(async (id) => ({ id }))
    expect(await Effect.runPromise(get("7", []))).toEqual({ id: "7" })
    expect(await Effect.runPromise(lookFor?.email?.("a@a.example") ?? Effect.succeed([]))).toEqual([
      { id: "a@a.example" },
    ])
    const scanned = reading.strategy === "snapshot" ? reading.scan({ limit: 3, fields: [] }) : Effect.succeed(undefined)
    expect(await Effect.runPromise(scanned)).toEqual({ rows: [{ id: "3" }], more: false })
    expect([idOf({ id: "x" }), fieldsOf({ id: "x" }), create, archive]).toEqual([
      "x",
      { name: "A" },
      undefined,
      undefined,
    ])
  })

  it("keep an error of the contract, and read from any other whether the request can have been sent", async () => {
    const failed = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) })
    const forbidden = new ConnectorError({ system: "acme", reason: new Forbidden({ message: "no" }) })
    expect(await reasonOf(forbidden)).toMatchObject({ _tag: "Forbidden" })
    expect(await reasonOf(failed("ECONNREFUSED"))).toMatchObject({ _tag: "Transport", sent: false })
    expect(await reasonOf(failed("ECONNRESET"))).toMatchObject({ _tag: "Transport", sent: true })
    expect(await reasonOf(new DOMException("late", "TimeoutError"))).toMatchObject({ _tag: "Transport", sent: true })
    const mistake = await reasonOf(new TypeError("secret of undefined"))
    expect(mistake).toMatchObject({
      _tag: "Decode",
      message: "the call threw TypeError; whether it was sent is not known",
    })
  })
})

describe("the body of an answer", () => {
  it("is parsed with every digit, and may be nothing", async () => {
    const data = await SimplePromises.json<{ readonly n: unknown }>("acme", answer(200, '{"n":0.10}'))
    expect(String(data.n)).toBe("0.10")
    expect(await SimplePromises.json("acme", answer(204, ""))).toBeUndefined()
  })

  it("is an error of the contract where it is a refusal, a redirect, or no JSON", async () => {
    const reason = async (response: Response) => {
      const error = await SimplePromises.json("acme", response).catch((cause: unknown) => cause)
      return error instanceof ConnectorError ? error.reason : undefined
    }
    expect(await reason(answer(401, "{}"))).toMatchObject({ _tag: "Unauthorized" })
    expect(await reason(answer(302, "", { location: "https://elsewhere.example" }))).toMatchObject({ _tag: "Decode" })
    expect(await reason(answer(200, "<html>"))).toMatchObject({ _tag: "Decode" })
    const date = "Mon, 02 Nov 2026 09:00:00 GMT"
    const later = await reason(answer(429, "{}", { date, "retry-after": "Mon, 02 Nov 2026 09:00:07 GMT" }))
    expect(later).toMatchObject({ _tag: "Throttled", retryAfter: Duration.seconds(7) })
    expect(SimplePromises.serverTime(answer(200, "{}", { date }))).toBe(Date.UTC(2026, 10, 2, 9))
    expect(SimplePromises.serverTime(answer(200, "{}"))).toBeUndefined()
  })
})
