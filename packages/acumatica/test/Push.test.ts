import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Push from "../src/Push.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const SECRET = "a-long-static-value"
const opening = (value: string) =>
  Push.make({ header: "X-Mortise", value: Redacted.make(value), queries: { Customers: "Account" } })
const receiver = () => Effect.runSync(opening(SECRET))

const given = (body: string, header = SECRET) => ({ headers: new Headers({ "x-mortise": header }), body })
const ID = "0a1b2c3d-1111-4222-a333-444455556666"
const notification = (more: object = {}) =>
  JSON.stringify({ Inserted: [], Deleted: [], Query: "Customers", Id: ID, ...more })

const tag = (effect: ReturnType<Push.Receiver["receive"]>) =>
  Effect.runPromise(Effect.flip(effect)).then((error) => error.reason._tag)

describe("a push notification", () => {
  it("is a hint to poll, once, whatever its rows say", async () => {
    const { receive } = receiver()
    const forged = notification({ Inserted: [{ CustomerID: "C1", CustomerName: "Mallory" }] })
    expect(await Effect.runPromise(receive(given(forged)))).toEqual({ entity: "Account", id: ID })
    expect(await Effect.runPromise(receive(given(forged)))).toBeUndefined()
  })

  it("is refused without the agreed header, and said nothing of", async () => {
    const { receive } = receiver()
    expect(await tag(receive(given(notification(), "guess")))).toBe("Unauthorized")
    const error = await Effect.runPromise(Effect.flip(receive(given(notification(), "guess"))))
    expect(error.message).not.toMatch(/guess|a-long-static-value/)
  })

  it("is refused where the header is missing altogether", async () => {
    const { receive } = receiver()
    expect(await tag(receive({ headers: new Headers(), body: notification() }))).toBe("Unauthorized")
  })

  it("has no receiver without an agreed value: an empty one would let everybody in", async () => {
    for (const value of ["", " "]) {
      const error = await Effect.runPromise(Effect.flip(opening(value)))
      expect(error).toMatchObject({ system: "acumatica", reason: { _tag: "Invalid", issues: [{ path: ["value"] }] } })
    }
  })

  it("is refused when it is not one", async () => {
    const { receive } = receiver()
    expect(await tag(receive(given("<html>")))).toBe("Decode")
    expect(await tag(receive(given("[]")))).toBe("Invalid")
    expect(await tag(receive(given(notification({ Id: "7" }))))).toBe("Invalid")
    expect(await tag(receive(given(`{"Id":"${"x".repeat(1_000_001)}"}`)))).toBe("Invalid")
  })

  it("is no hint for a query that nobody reads", async () => {
    const { receive } = receiver()
    expect(await Effect.runPromise(receive(given(notification({ Query: "Vendors" }))))).toBeUndefined()
    expect(await Effect.runPromise(receive(given(notification({ Query: "__proto__" }))))).toBeUndefined()
  })

  it("comes from the vendor as the receiver expects it, also when it is sent twice", async () => {
    const bench = Bench.make({ knobs: { pushTwice: true } })
    const { push } = bench.world.tenant()
    push.subscribe({
      query: "Customers",
      entity: "Customer",
      fields: ["CustomerID"],
      header: { name: "X-Mortise", value: SECRET },
    })
    bench.world.seed("Customer", [Seeds.customer(1)])
    bench.world.edit("Customer", ["C0001"], { CustomerName: "New" })
    const { receive } = receiver()
    const hints: Array<Push.Hint | undefined> = []
    await push.deliver(async ({ body, headers }) => {
      hints.push(await Effect.runPromise(receive({ body, headers: new Headers(headers) })))
      return 200
    })
    expect(hints.length).toBeGreaterThanOrEqual(2)
    expect(hints.filter((hint) => hint !== undefined).length).toBe(hints.length / 2)
  })
})
