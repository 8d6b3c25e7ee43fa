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
    const findings = await Bench.use(bench, Bench.options(bench), ({ check }) => check)
    expect(bad(findings)).toEqual([])
    expect(new Set(findings.map((finding) => finding.check))).toEqual(
      new Set(["host", "credentials", "rights", "features", "properties", "clock", "limits"]),
    )
    expect(Bench.writes(bench)).toEqual([])
  })

  it("names what the role may not read, and what is missed without it", async () => {
    const bench = Bench.make({ role: { levels: { contact: "none", term: "none" }, deletedRecords: false } })
    const findings = await Bench.use(bench, Bench.options(bench), ({ check }) => check)
    expect(bad(findings)).toEqual(["rights error", "rights warning", "features warning"])
    const messages = findings.filter(({ level }) => level !== "ok").map(({ message }) => message)
    expect(messages[0]).toMatch(/contact/)
    expect(messages[1]).toMatch(/no terms of payment/)
    expect(findings.every(({ level, mend }) => level !== "warning" || mend !== undefined)).toBe(true)
  })

  it("names a field that is not there, a clock that is off, a zone and a limit that nobody knows, and a subsidiary", async () => {
    const bench = Bench.make({ knobs: { clockSkew: 600_000 } })
    const {
      concurrency: _,
      timeZone: __,
      ...config
    } = Bench.options(bench, {
      subsidiary: "77",
      custom: { Account: { custentity_gone: "text" } },
    })
    const findings = await Bench.use(bench, config, ({ check }) => check)
    expect(bad(findings)).toEqual([
      "features error",
      "properties error",
      "clock warning",
      "clock warning",
      "limits warning",
    ])
  })

  it("measures the zone, and says of OneWorld what is configured and what is there", async () => {
    const bench = Bench.make()
    bench.world.seed("customer", Seeds.customers(1))
    const { subsidiary: _, timeZone: __, ...config } = Bench.options(bench)
    const findings = await Bench.use(bench, config, ({ check }) => check)
    expect(bad(findings)).toEqual(["features warning"])
    expect(findings.find(({ message }) => /zone/.test(message))?.message).toMatch(/measured/)
    const plain = Bench.make({ knobs: { oneWorld: false } })
    const { subsidiary: ___, ...without } = Bench.options(plain)
    expect(bad(await Bench.use(plain, without, ({ check }) => check))).toEqual([])
  })

  it("tells refused credentials once, and an account that is not there", async () => {
    const bench = Bench.make({ certificates: [] })
    const refused = await Bench.use(bench, Bench.options(bench), ({ check }) => check)
    expect(bad(refused)).toEqual(["credentials error"])
    expect(JSON.stringify(refused)).not.toMatch(/PRIVATE|eyJ/)
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } }))
    const nowhere = await Bench.use(bench, Bench.options(bench, { fetch }), ({ check }) => check)
    expect(bad(nowhere)).toEqual(["host error"])
  })
})

describe("a private key", () => {
  it("that is none is told before any request, and not shown", async () => {
    const bench = Bench.make()
    const credentials = { ...Bench.options(bench).credentials, privateKey: Redacted.make("no key") } as never
    const error = await Bench.failure(bench, Bench.options(bench, { credentials }))
    expect(error.reason._tag).toBe("Invalid")
    expect(error.message).not.toMatch(/no key/)
    expect(bench.twin.journal.count()).toBe(0)
  })
})

describe("prepare", () => {
  it("verifies the fields that we own and says which an administrator has to make", async () => {
    const bench = Bench.make({
      customFields: [
        { name: "custentity_region", kind: "text" },
        { name: "custentity_rank", kind: "number" },
        { name: "custcol_mortise_key", kind: "text" },
      ],
    })
    const config = Bench.options(bench, {
      custom: { Account: { custentity_region: "text", custentity_rank: "boolean", custentity_gone: "text" } },
      orders: { lineKeyField: "custcol_mortise_key" },
      keyFields: { Contact: "custentity_key" },
    })
    const prepared = await Bench.use(bench, config, ({ prepare }) => Effect.flatMap(prepare(), () => prepare()))
    expect(prepared.map(({ declaration, result }) => [declaration.name, result])).toEqual([
      ["custentity_key", "unsupported"],
      ["custentity_region", "present"],
      ["custentity_rank", "mismatch"],
      ["custentity_gone", "unsupported"],
      ["custcol_mortise_key", "present"],
    ])
    const other = await Bench.use(bench, config, ({ prepare }) =>
      prepare([{ entity: "Vendor", name: "x", type: "text", label: "x" }]),
    )
    expect(other.map(({ result }) => result)).toEqual(["unsupported"])
    expect(Bench.writes(bench)).toEqual([])
  })
})

describe("fields of the account's own", () => {
  const customFields = [
    { name: "custentity_region", kind: "text" },
    { name: "custentity_rank", kind: "number" },
    { name: "custentity_count", kind: "integer" },
    { name: "custentity_vip", kind: "boolean" },
    { name: "custentity_since", kind: "date" },
  ] as const
  const custom = {
    Account: {
      custentity_region: "text",
      custentity_rank: "decimal",
      custentity_count: "integer",
      custentity_vip: "boolean",
      custentity_since: "date",
    },
  } as const

  it("are read and written with all their digits, compared, and cleared", async () => {
    const bench = Bench.make({ customFields })
    const values = {
      custentity_region: "Süd",
      custentity_rank: "12345678901234.0000000000001",
      custentity_count: "7",
      custentity_vip: true,
      custentity_since: "2026-02-28",
    }
    const write = (more: object) => ({
      key: "hubspot/1/|Company|1",
      fields: { name: "One", custom: { ...values, ...more } },
    })
    const [outcomes, read] = await Bench.use(bench, Bench.options(bench, { custom }), ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* ports.Account.upsert([write({})])
        const again = yield* ports.Account.upsert([write({ custentity_rank: "12345678901234.00000000000010" })])
        const found = yield* ports.Account.find(["hubspot/1/|Company|1"])
        const cleared = yield* ports.Account.upsert([write({ custentity_region: null, custentity_vip: false })])
        return [[...first, ...again, ...cleared], found] as const
      }),
    )
    expect(Bench.tags(outcomes)).toEqual(["Created", "Unchanged", "Updated"])
    expect(read.get("hubspot/1/|Company|1")?.record.custom).toEqual(values)
    expect(bench.world.all("customer")[0]?.fields).toMatchObject({ custentity_region: null, custentity_vip: false })
    expect(Bench.writes(bench).at(-1)?.requestBody).toBe(
      `{"custentity_region":null,"custentity_rank":12345678901234.0000000000001,"custentity_count":7,"custentity_vip":false,"custentity_since":"2026-02-28"}`,
    )
  })

  it("that nobody configured, or that do not fit, are refused before any request", async () => {
    const bench = Bench.make({ customFields })
    const outcomes = await Bench.use(bench, Bench.options(bench, { custom }), ({ ports }) =>
      ports.Account.upsert(
        [
          { custentity_other: "x" },
          { custentity_rank: 12.5 },
          { custentity_count: "1.5" },
          { custentity_vip: "T" },
          { custentity_since: "2026-02-30x" },
          { custentity_region: { id: "1" } },
        ].map((own, index) => ({ key: `hubspot/1/|Company|${index}`, fields: { name: "x", custom: own } })),
      ),
    )
    expect(outcomes.map((outcome) => Bench.reasonOf(outcome)?._tag)).toEqual(Array(6).fill("Invalid"))
    expect(Bench.writes(bench)).toEqual([])
  })
})
