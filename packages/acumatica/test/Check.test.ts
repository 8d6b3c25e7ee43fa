import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type { Finding } from "@mortise/core/Connector"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const bad = (findings: ReadonlyArray<Finding>) =>
  findings.filter(({ level }) => level !== "ok").map(({ check, level }) => `${check} ${level}`)

describe("check", () => {
  it("finds nothing wrong where nothing is, and changes nothing", async () => {
    const bench = Bench.make()
    const findings = await Bench.use(bench, Bench.oauth(bench), ({ check }) => check, Bench.memory())
    expect(bad(findings)).toEqual([])
    expect(new Set(findings.map((finding) => finding.check))).toEqual(
      new Set(["host", "version", "credentials", "rights", "properties", "clock", "limits"]),
    )
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("names the form without rights, the missing field, the clock and the licence that nobody configured", async () => {
    const bench = Bench.make({ knobs: { clockSkew: 300_000 } })
    bench.world.tenant().forbidden.push("Payment")
    const { licence: _, ...config } = Bench.oauth(bench, {
      custom: { Account: { "CurrentCustomer.UsrGone": "String" } },
    })
    const findings = await Bench.use(bench, config, ({ check }) => check)
    expect(bad(findings)).toEqual(["rights error", "properties error", "clock warning", "limits warning"])
    expect(findings.find(({ check, level }) => check === "rights" && level === "error")?.message).toMatch(/Payment/)
    expect(findings.every(({ level, mend }) => level !== "error" || mend !== undefined || level === "error")).toBe(true)
  })

  it("tells refused credentials once, and warns of a sign-in by cookie", async () => {
    const bench = Bench.make()
    const password = Redacted.make("wrong-password")
    const credentials = { type: "cookie" as const, name: AcumaticaTwin.CREDENTIALS.name, password }
    const findings = await Bench.use(bench, Bench.options(bench, { credentials }), ({ check }) => check)
    expect(bad(findings)).toEqual(["credentials warning", "credentials error"])
    expect(JSON.stringify(findings)).not.toMatch(/wrong-password/)
  })
})

describe("prepare", () => {
  it("verifies the fields that we own and says which an administrator has to make", async () => {
    const bench = Bench.make()
    bench.world
      .tenant()
      .custom.push(
        { entity: "Customer", path: "", view: "CurrentCustomer", field: "UsrRegion", type: "String" },
        { entity: "Customer", path: "", view: "CurrentCustomer", field: "UsrRank", type: "Decimal" },
      )
    const fields = {
      "CurrentCustomer.UsrRegion": "String",
      "CurrentCustomer.UsrRank": "Boolean",
      "CurrentCustomer.UsrGone": "String",
    } as const
    const config = Bench.options(bench, { custom: { Account: fields } })
    const prepared = await Bench.use(bench, config, ({ prepare }) => Effect.flatMap(prepare(), () => prepare()))
    expect(prepared.map(({ result }) => result)).toEqual(["present", "mismatch", "unsupported"])
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("writes the tenant's own fields with their type", async () => {
    const bench = Bench.make()
    bench.world
      .tenant()
      .custom.push({ entity: "Customer", path: "", view: "CurrentCustomer", field: "UsrRegion", type: "String" })
    bench.world.seed("Customer", [Seeds.customer(1, { $custom: { "CurrentCustomer.UsrRegion": "Nord" } })])
    const config = Bench.options(bench, { custom: { Account: { "CurrentCustomer.UsrRegion": "String" } } })
    const read = await Bench.use(bench, config, ({ ports }) =>
      Effect.flatMap(
        ports.Account.upsert([{ id: "C0001", fields: { custom: { "CurrentCustomer.UsrRegion": "Süd" } } }]),
        () => ports.Account.get(["C0001"]),
      ),
    )
    expect(read.get("C0001")?.record.custom).toEqual({ "CurrentCustomer.UsrRegion": "Süd" })
  })
})
