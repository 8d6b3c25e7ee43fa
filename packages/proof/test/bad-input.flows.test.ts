import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Benches from "@mortise/conformance/kit/Bench"
import type { MemoryBackend } from "@mortise/core/MemoryBackend"
import * as SqliteBackend from "@mortise/sqlite/SqliteBackend"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { afterEach, describe, expect, it } from "vitest"
import * as HubSpot from "../src/conformance/subjects/hubspot/HubSpot.ts"
import { generate } from "../src/demo/Business.ts"
import * as Pair from "./support/pair.ts"
import { watch } from "./support/watched.ts"

const business = generate(3, Pair.TINY)

const inSpace = (backend: MemoryBackend, space: string): ReadonlyArray<string> =>
  backend
    .entries()
    .filter((entry) => entry.space === space)
    .map(({ key }) => key)

describe("a flow over records that cannot be read", () => {
  it("leaves them out with the reason, moves all others, and takes them up when they are mended", async () => {
    const pair = Pair.open(await Pair.prepared(business))
    const { world } = pair.acumatica
    const [invoice] = business.invoices
    const [customer] = business.customers
    const due = invoice?.due ?? ""
    world.edit("SalesInvoice", ["Invoice", invoice?.number ?? ""], { DueDate: "2026-02-30" }, { moveStamp: false })
    world.edit("Customer", [customer?.id ?? ""], { CurrencyID: "dollars" }, { moveStamp: false })
    expect(await Pair.untilDone(pair)).toEqual([])
    const dead = inSpace(pair.backend, "dead").filter((key) => /^(companies|invoices)/.test(key))
    expect(dead.map((key) => key.split("|").at(-1)).sort()).toEqual([`Invoice/${invoice?.number}`, customer?.id].sort())
    const letters = pair.backend.entries().filter(({ space }) => space === "dead")
    expect(letters.map(({ value }) => value).join()).toMatch(/dueDate|currency/)
    expect(letters.map(({ value }) => value).join()).not.toMatch(/dollars|2026-02-30/)

    await pair.clock.advance("1 hour")
    world.edit("SalesInvoice", ["Invoice", invoice?.number ?? ""], { DueDate: due })
    world.edit("Customer", [customer?.id ?? ""], { CurrencyID: "USD" })
    await pair.clock.advance("10 minutes")
    expect(await Pair.untilDone(pair)).toEqual([])
    const whole = await Pair.undisturbed(await Pair.prepared(business))
    expect(pair.hubspot.world.records("companies").length).toBe(whole.pair.hubspot.world.records("companies").length)
    expect(pair.hubspot.world.records("invoices").length).toBe(whole.pair.hubspot.world.records("invoices").length)
    expect(pair.hubspot.world.records("commerce_payments").length).toBe(
      whole.pair.hubspot.world.records("commerce_payments").length,
    )
  })
})

describe("what stands in a store after a run of both connectors", () => {
  const folders: Array<string> = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  /** Every token that either vendor ever gave out, and every secret that they were shown. */
  const secretsOf = ({ acumatica, hubspot }: Pair.Pair): ReadonlyArray<string> => {
    const { state } = acumatica.world.dump()
    return [
      hubspot.world.token,
      ...hubspot.world.dump().tokens.map(({ token }) => token),
      ...state.tokens.map(({ token }) => token),
      ...state.grants.flatMap(({ refresh }) => refresh ?? []),
      ...state.sessions.map(({ id }) => id),
      ...state.users.map(({ password }) => password),
      ...state.apps.map(({ secret }) => secret),
    ]
  }

  it("is no secret, in memory nor in the bytes of a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mortise-store-"))
    folders.push(folder)
    const pair = Pair.open(await Pair.prepared(business))
    await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const backend = yield* SqliteBackend.make({ path: join(folder, "state.sqlite") })
          const end = yield* Effect.promise(() => Pair.run(pair, pair.epoch(backend)))
          expect(Exit.isExit(end) && Exit.isSuccess(end)).toBe(true)
        }),
      ),
    )
    expect(await Pair.untilDone(pair)).toEqual([])
    const bytes = readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"))
    const everything = [...bytes, JSON.stringify(pair.backend.entries())].join("\n")
    const secrets = secretsOf(pair)
    expect(everything.length).toBeGreaterThan(10_000)
    expect(secrets.length).toBeGreaterThan(5)
    expect(secrets.filter((secret) => secret.length >= 8 && everything.includes(secret))).toEqual([])
  })
})

describe("the search for secrets", () => {
  it("finds one that is logged, put into a span, or handed back", async () => {
    for (const leak of [
      (secret: string) => Effect.logInfo(`token ${secret}`),
      (secret: string) => Effect.void.pipe(Effect.withSpan("call", { attributes: { authorization: secret } })),
      (secret: string) => Effect.succeed({ deep: { down: [secret] } }),
    ]) {
      const bench = Benches.make(HubSpot.subject)
      const seen = await watch(
        bench,
        Effect.flatMap(bench.connect(), () => Effect.suspend(() => leak([...bench.secrets][0] ?? ""))),
      )
      expect(seen.leaks).toHaveLength(1)
    }
  })
})
