import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { idOf, key, open, plain, readAll, reasonOf, tags } from "./portal.ts"

const payment = (more: object = {}) => ({
  key: key("Payment", "P-1"),
  fields: {
    kind: "payment" as const,
    number: "P-1",
    date: "2026-10-09" as never,
    method: { code: "bankTransfer" as const, raw: "WIRE" },
    reference: "E2E-42",
    amount: { amount: Decimal.make("99.90"), currency: "USD" },
    state: { code: "applied" as const },
    ...more,
  },
})

describe("payments", () => {
  it("are written, set to succeeded and tied to their invoices, again without a write", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ payments: true })
        const [invoice] = yield* ports.Invoice.upsert([
          { key: key("Invoice", "1"), fields: { number: "1", currency: "USD" } },
        ])
        const write = payment({ applied: [{ invoice: { key: key("Invoice", "1") }, amount: Decimal.make("50.00") }] })
        const [made] = yield* ports.Payment.upsert([write])
        expect(made?._tag).toBe("Created")
        expect(world.record("commerce_payments", idOf(made))?.properties).toMatchObject({
          hs_latest_status: "succeeded",
          hs_payment_method_type: "wire_transfer",
          hs_initial_amount: "99.9",
        })
        expect(world.associations("commerce_payments", idOf(made), "invoices").map(({ id }) => id)).toEqual([
          idOf(invoice),
        ])
        expect(tags(yield* ports.Payment.upsert([write]))).toEqual(["Unchanged"])
        const read = (yield* ports.Payment.get([idOf(made)])).get(idOf(made))?.record
        expect(plain(read)).toMatchObject(plain(write.fields) as object)
      }),
    )
  })

  it("are not served unless asked for, and say so", async () => {
    const { fails, ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        expect(ports.Payment.features).toMatchObject({ reads: false, creates: false })
        expect(reasonOf((yield* ports.Payment.upsert([payment()]))[0])?._tag).toBe("Unsupported")
      }),
    )
    const error = await fails(Effect.flatMap(ready(), ({ ports }) => readAll(ports.Payment)))
    expect(error.reason._tag).toBe("Unsupported")
  })

  it("are not served where the portal has no payment processing", async () => {
    const { ready, run } = open({ knobs: { paymentsAbsent: true } })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ payments: true })
        expect(reasonOf((yield* ports.Payment.upsert([payment()]))[0])).toMatchObject({
          _tag: "Unsupported",
          mend: expect.stringContaining("company"),
        })
      }),
    )
  })
})
