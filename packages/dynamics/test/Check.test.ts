import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"

const check = (bench: Bench.Bench, more = {}) =>
  Bench.use(bench, Bench.options(bench, more), (connector) => connector.check)

const of = (findings: Awaited<ReturnType<typeof check>>, level: string) =>
  findings.filter((each) => each.level === level)

describe("a check", () => {
  it("of an environment that is in order finds nothing wrong, and writes nothing", async () => {
    const bench = Bench.make()
    const findings = await check(bench)
    expect(of(findings, "error")).toEqual([])
    expect(of(findings, "warning")).toEqual([])
    expect(new Set(findings.map(({ check: what }) => what))).toEqual(
      new Set(["host", "credentials", "version", "rights", "properties", "features", "clock", "limits"]),
    )
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("names each entity that the role does not reach, and the one that is hidden, and does not stop at the first", async () => {
    const bench = Bench.make()
    bench.world.state.users = bench.world.state.users.map((user) => ({
      ...user,
      forbidden: ["ContactPersons", "CustTransactions"],
    }))
    bench.world.hide("SalesInvoiceHeadersV2")
    const errors = of(await check(bench), "error").filter(({ check: what }) => what === "rights")
    expect(errors.length).toBe(3)
    expect(
      errors.map(({ message }) => /ContactPersons|CustTransactions|SalesInvoiceHeadersV2/.exec(message)?.[0]),
    ).toEqual(["ContactPersons", "SalesInvoiceHeadersV2", "CustTransactions"])
  })

  it("finds a company that is not there, clocks that are apart, another release", async () => {
    const bench = Bench.make({ knobs: { clockSkew: 120_000 } })
    const findings = await check(bench, { company: "zzzz", applicationVersion: "10.1.2" })
    const found = findings
      .filter(({ level }) => level !== "ok")
      .map(({ check: what, message }) => `${what}: ${message}`)
    expect(found).toContain("rights: there is no company zzzz")
    expect(found).toContain("clock: the clocks are 120 s apart")
    expect(found.some((each) => each.startsWith("version: build 10.0."))).toBe(true)
  })

  it("tells wrong credentials from a host that does not answer", async () => {
    const bench = Bench.make()
    const tenant = { ...Bench.credentials, tenantId: "11111111-2222-3333-4444-555555555555" }
    const wrong = await check(bench, { credentials: tenant })
    expect(wrong.map(({ check: what, level }) => [what, level])).toEqual([["credentials", "error"]])
    const fetch: typeof globalThis.fetch = (input, init) => {
      const request = new Request(input, init)
      return request.url.includes("microsoftonline")
        ? bench.twin.fetch(request)
        : Promise.reject(new TypeError("ENOTFOUND"))
    }
    const silent = await check(bench, { fetch })
    expect(silent.map(({ check: what, level }) => [what, level])).toEqual([["host", "error"]])
  })

  it("of a read-only connector asks by GET alone", async () => {
    const bench = Bench.make()
    const findings = await check(bench, { readOnly: true })
    expect(of(findings, "error")).toEqual([])
    const asked = bench.twin.journal.where(({ url }) => !url.includes("/oauth2/"))
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(["GET"]))
  })

  it("says which entities have stamps, so that one may read by them", async () => {
    const [served, hidden] = [await check(Bench.make()), await check(Bench.make({ knobs: { bi: "forbidden" } }))]
    const features = (findings: typeof served) =>
      findings.filter(({ check: what }) => what === "features").map(({ message }) => message)
    expect(features(served)[0]).toContain("see `stamped`")
    expect(features(hidden)[0]).toContain("is crawled")
  })
})

describe("the fields that we rely on", () => {
  const field = { set: "CustomersV3", name: "ContosoRegion", kind: "text" } as const

  it("are verified and never made: there, of another type, or missing", async () => {
    const bench = Bench.make({ fields: [field as never] })
    const custom = { Account: { ContosoRegion: "String", CreditLimit: "String", ContosoGone: "Decimal" } } as const
    const found = await Bench.use(bench, Bench.options(bench, { custom }), (connector) => connector.prepare())
    const result = (name: string) => found.find(({ declaration }) => declaration.name === name)?.result
    expect([
      result("IdentificationNumber"),
      result("BillingInformation"),
      result("CustomersOrderReference"),
      result("CustomerReference"),
      result("ContosoRegion"),
      result("CreditLimit"),
      result("ContosoGone"),
    ]).toEqual(["present", "present", "present", "present", "present", "mismatch", "unsupported"])
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("are the ones of lines as well", async () => {
    const bench = Bench.make()
    const errors = async (name?: string) => {
      const orders = name === undefined ? {} : { orders: { lineKeyField: { name, length: 40 } } }
      return of(await check(bench, orders), "error").map(({ message }) => message)
    }
    expect(await errors()).toEqual([])
    expect(await errors("ContosoLineKey")).toEqual([expect.stringContaining("no field ContosoLineKey")])
    const found = await Bench.use(bench, Bench.options(bench), (connector) => connector.prepare())
    expect(found.find(({ declaration }) => declaration.name === "ExternalItemNumber")).toMatchObject({
      declaration: { entity: "Line" },
      result: "present",
    })
  })

  it("of an entity that the connector does not have are unsupported", async () => {
    const bench = Bench.make()
    const declaration = { entity: "Deal", name: "x", type: "text", label: "x" } as const
    const found = await Bench.use(bench, Bench.options(bench), (connector) =>
      Effect.map(connector.prepare([declaration]), (all) => all.map(({ result }) => result)),
    )
    expect(found).toEqual(["unsupported"])
  })
})
