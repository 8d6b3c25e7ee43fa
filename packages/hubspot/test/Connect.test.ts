import type { Fault } from "@mortise/conformance/twin/Faults"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Configs from "../src/Config.ts"
import * as HubSpot from "../src/HubSpot.ts"
import * as Operations from "../src/Operations.ts"
import * as Prepare from "../src/Prepare.ts"
import { key, open, readAll, reasonOf, tags } from "./portal.ts"

describe("opening a portal", () => {
  it("makes the portal's id part of the scope, and checks the one that is configured", async () => {
    const { connect, fails, run } = open()
    const connector = await run(connect({ portalId: "48151623" }))
    expect(connector.scope).toEqual({ system: "hubspot", instance: "48151623" })
    expect(connector.apiVersion).toBe("2026-09")
    const error = await fails(connect({ portalId: "1" }))
    expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["portalId"] }] })
  })

  it("refuses a host without https, a base url that is none, and a key property that no portal takes", async () => {
    const { connect, fails, journal } = open()
    for (const config of [{ baseUrl: "http://api.hubapi.com" }, { baseUrl: "hubapi" }, { keyProperty: "Our Key" }]) {
      const error = await fails(connect(config))
      expect(error.reason._tag).toBe("Invalid")
    }
    expect(journal.lines).toHaveLength(0)
  })

  it("prepares what it needs once; again it changes nothing", async () => {
    const { connect, journal, run } = open()
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect()
        const first = yield* hubspot.prepare()
        expect(
          new Set(
            first.map(({ declaration, result }) => `${declaration.entity === "Payment" ? "Payment" : ""}${result}`),
          ),
        ).toEqual(new Set(["created", "Paymentunsupported"]))
        const writes = journal.writes().length
        const second = yield* hubspot.prepare()
        expect(
          new Set(second.filter(({ declaration }) => declaration.entity !== "Payment").map(({ result }) => result)),
        ).toEqual(new Set(["present"]))
        expect(journal.writes()).toHaveLength(writes)
      }),
    )
  })

  it("leaves a property alone that only has the same name, and says what is wrong with it", async () => {
    const { connect, run, world } = open()
    world.defineProperty("companies", { name: "mortise_days_overdue", type: "string" })
    world.defineProperty("deals", { name: "mortise_key" })
    await run(
      Effect.gen(function* () {
        const prepared = yield* (yield* connect()).prepare()
        const wrong = prepared.filter(({ result }) => result === "mismatch")
        expect(wrong.map(({ declaration, message }) => [declaration.entity, declaration.name, message])).toEqual([
          ["Company", "mortise_days_overdue", expect.stringContaining("number is needed")],
          ["Deal", "mortise_key", expect.stringContaining("not unique")],
        ])
      }),
    )
  })

  it("brings an archived property back instead of failing", async () => {
    const { connect, run, world } = open()
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect()
        yield* hubspot.prepare()
        yield* hubspot.client.once(
          { name: "test.archive", replay: "never", traffic: "burst", readOnly: false },
          (api, door) =>
            api.DELETE("/crm/properties/2026-09/{objectType}/{propertyName}", {
              ...door,
              params: { path: { objectType: "companies", propertyName: "mortise_erp_number" } },
            }),
        )
        const again = yield* hubspot.prepare()
        expect(again.filter(({ result }) => result === "created").map(({ declaration }) => declaration.name)).toEqual([
          "mortise_erp_number",
        ])
        expect(world.property("companies", "mortise_erp_number")?.archivedAt).toBeUndefined()
      }),
    )
  })

  it("writes by no property of our name that is unique and read-only, and says what would mend it", async () => {
    const { connect, journal, run, world } = open()
    world.defineProperty("companies", { name: "mortise_key", hasUniqueValue: true, readOnlyValue: true })
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect()
        const prepared = yield* hubspot.prepare()
        expect(prepared.filter(({ result }) => result === "mismatch")).toMatchObject([
          { declaration: { entity: "Company", name: "mortise_key" }, message: "its value is read-only" },
        ])
        const writes = journal.writes().length
        const [outcome] = yield* hubspot.ports.Company.upsert([{ key: "k", fields: { name: "A" } }])
        expect(reasonOf(outcome)).toMatchObject({ _tag: "Unsupported", feature: "identity.companies" })
        expect(journal.writes()).toHaveLength(writes)
      }),
    )
  })

  it("leaves a choice alone that lacks options of ours, and names them", async () => {
    const { connect, run, world } = open()
    const options = [{ label: "Overdue", value: "overdue", displayOrder: 0, hidden: false }]
    world.defineProperty("companies", {
      name: "mortise_financial_status",
      type: "enumeration",
      fieldType: "select",
      options,
    })
    await run(
      Effect.gen(function* () {
        const prepared = yield* (yield* connect()).prepare()
        expect(prepared.filter(({ result }) => result === "mismatch")).toMatchObject([
          { message: "it lacks the options current, creditHold, noInvoices" },
        ])
      }),
    )
  })

  it("leaves an archived property of another type as it comes back, and says what is wrong with it", async () => {
    const { connect, run, world } = open()
    world.defineProperty("companies", {
      name: "mortise_days_overdue",
      type: "string",
      archivedAt: Date.UTC(2026, 9, 1),
    } as never)
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect()
        for (const run of ["first", "second"]) {
          const prepared = yield* hubspot.prepare()
          const wrong = prepared.filter(({ result }) => result === "mismatch")
          expect(wrong, run).toMatchObject([
            { declaration: { name: "mortise_days_overdue" }, message: expect.stringContaining("number is needed") },
          ])
        }
      }),
    )
  })

  it("checks without a single write, and names what is missing and what would mend it", async () => {
    const { connect, journal, run, world } = open()
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect({ plan: { app: "private", tier: "free" } })
        const before = yield* hubspot.check
        expect(before.filter(({ check, level }) => check === "properties" && level === "error")).toHaveLength(5)
        expect(before.find(({ check }) => check === "limits")).toMatchObject({ level: "warning" })
        expect(journal.writes()).toHaveLength(0)
        yield* hubspot.prepare()
        world.knobs.clockSkew = 10 * 60_000
        const after = yield* hubspot.check
        expect(after.filter(({ level }) => level === "error")).toEqual([])
        expect(after.find(({ check }) => check === "clock")).toMatchObject({
          level: "warning",
          message: expect.stringContaining("600 s behind"),
        })
      }),
    )
  })

  it("tells by a check which right is missing, for definitions and for records", async () => {
    const { connect, journal, run, world } = open()
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect()
        yield* hubspot.prepare()
        const writes = journal.writes().length
        const errors = () => Effect.map(hubspot.check, (all) => all.filter(({ level }) => level === "error"))
        world.knobs.scopesRevoked = ["crm.objects.companies.read"]
        expect(yield* errors()).toEqual([
          {
            check: "rights",
            level: "error",
            message: expect.stringMatching(/^Company: .*crm\.objects\.companies\.read/),
          },
        ])
        const all = ["objects", "schemas"].flatMap((kind) =>
          ["read", "write"].map((right) => `crm.${kind}.companies.${right}`),
        )
        world.knobs.scopesRevoked = all
        expect((yield* errors()).map(({ check }) => check)).toEqual(["rights"])
        world.knobs.scopesRevoked = []
        expect(yield* errors()).toEqual([])
        expect(journal.writes()).toHaveLength(writes)
      }),
    )
  })

  it("tells by a check what stands in the way: no host, no token, no such version, somebody else's page", async () => {
    const { connect, run, twin } = open()
    await run(
      Effect.gen(function* () {
        const hubspot = yield* connect()
        const under = Effect.fnUntraced(function* (fault: Fault, part: string) {
          twin.faults.deal({ at: ({ path }) => path.includes(part), fault, times: 99 })
          const findings = (yield* hubspot.check).filter(({ level }) => level === "error")
          twin.faults.clear()
          return findings.map(({ check }) => check)
        })
        expect(yield* under({ kind: "refused" }, "/")).toEqual(["host"])
        expect(yield* under({ kind: "htmlPage", status: 200 }, "/")).toEqual(["host"])
        expect(yield* under({ kind: "unauthorized" }, "/")).toEqual(["credentials"])
        expect(yield* under({ kind: "htmlPage", status: 404 }, "/account-info/")).toEqual(["version"])
        expect(new Set(yield* under({ kind: "htmlPage", status: 404 }, "/crm/objects/"))).toContain("version")
      }),
    )
  })

  it("sends nothing unsafe when it is read-only under any fault, and its raw client does not either", async () => {
    const faults: ReadonlyArray<Fault> = [
      { kind: "lostReply" },
      { kind: "errorBefore", status: 503 },
      { kind: "unauthorized" },
      { kind: "throttle" },
      { kind: "htmlPage", status: 502 },
      { kind: "truncatedBody" },
      { kind: "redirect", location: "https://elsewhere.example/" },
    ]
    for (const fault of faults) {
      const { connect, journal, ready, run, twin, world } = open()
      await run(
        Effect.gen(function* () {
          yield* ready()
          const [id = ""] = world.seed([{ type: "companies", properties: { name: "A", domain: "a.example" } }])
          const { client, ports, prepare } = yield* connect({ readOnly: true })
          journal.clear()
          twin.faults.deal({ at: ({ index }) => index % 2 === 0, fault, times: 9 })
          const write = { key: "k", fields: { name: "B", domain: "a.example" }, adoptBy: ["domain"] as const }
          yield* ports.Company.upsert([write, { id, fields: { name: "C" } }])
          yield* Effect.ignore(ports.Company.archive?.([id]) ?? Effect.void)
          yield* Effect.ignore(prepare())
          yield* Effect.ignore(readAll(ports.Company))
          const raw = client.once(Operations.objects("companies").batchArchive, (api, door) =>
            api.POST("/crm/objects/2026-09/{objectType}/batch/archive", {
              ...door,
              params: { path: { objectType: "companies" } },
              body: { inputs: [{ id }] },
            }),
          )
          expect(yield* Effect.result(raw)).toMatchObject({ failure: { reason: { _tag: "Unsupported" } } })
          expect(journal.lines.some(({ faults }) => faults.length > 0)).toBe(true)
          for (const { method, url } of journal.lines) {
            expect(method === "GET" || /\/(search|batch\/read)$/.test(url), `${fault.kind}: ${method} ${url}`).toBe(
              true,
            )
          }
        }),
      )
    }
  })

  it("sends nothing unsafe when it is read-only, whatever is asked, and still searches", async () => {
    const { connect, journal, later, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        yield* ready()
        const [id = ""] = world.seed([{ type: "companies", properties: { name: "A" } }])
        yield* later
        journal.clear()
        const hubspot = yield* connect({ readOnly: true })
        const { ports } = hubspot
        const [outcome] = yield* ports.Company.upsert([{ key: key("Account", "1"), fields: { name: "B" } }])
        expect(reasonOf(outcome)?._tag).toBe("Unsupported")
        expect(tags(yield* ports.Company.archive?.([id]) ?? Effect.succeed([]))).toEqual(["Rejected"])
        const more = yield* hubspot.prepare([{ entity: "Company", name: "more", type: "text", label: "More" }])
        expect(more.map(({ result }) => result)).toEqual(["unsupported"])
        expect((yield* readAll(ports.Company)).changes).toHaveLength(1)
        expect((yield* ports.Company.get([id])).size).toBe(1)
        expect(journal.writes()).toHaveLength(0)
        for (const { method, url } of journal.lines) {
          expect(method === "GET" || /\/(search|batch\/read)$/.test(new URL(url).pathname), `${method} ${url}`).toBe(
            true,
          )
        }
      }),
    )
  })

  it("refreshes OAuth tokens, keeps a rotated one, and signs in again from the store", async () => {
    const portal = open({ knobs: { rotateRefreshTokens: true } })
    const { run, world } = portal
    world.oauth.register({ clientId: "app", clientSecret: "s3cret", redirectUris: ["https://x.example/cb"] } as never)
    const refreshToken = world.oauth.install({ clientId: "app" })
    const credentials = { clientId: "app", clientSecret: Redacted.make("s3cret") }
    const portalId = String(world.portal.portalId)
    await run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready({
          portalId,
          credentials: { ...credentials, refreshToken: Redacted.make(refreshToken) },
        })
        world.knobs.tokenExpiredEarly = 1
        expect(tags(yield* ports.Company.upsert([{ key: "1", fields: { name: "A" } }]))).toEqual(["Created"])
        yield* Effect.sleep("40 minutes")
        expect(tags(yield* ports.Company.upsert([{ key: "1", fields: { name: "A" } }]))).toEqual(["Unchanged"])
      }),
    )
    const tokens = portal.journal.where(({ url }) => url.endsWith("/oauth/2026-03/token"))
    expect(tokens.length).toBeGreaterThanOrEqual(3)
    await run(Effect.asVoid(portal.connect({ portalId, credentials })))
    for (const { key: name, value } of portal.backend.entries()) {
      expect(name + value).not.toContain(refreshToken)
    }
  })

  it("keeps the tokens of two portals apart: OAuth without a portal or a name for its tokens asks nobody", async () => {
    const { connect, fails, journal, run, world } = open()
    world.oauth.register({ clientId: "app", clientSecret: "s3cret", redirectUris: [] } as never)
    const refreshToken = Redacted.make(world.oauth.install({ clientId: "app" }))
    const credentials = { clientId: "app", clientSecret: Redacted.make("s3cret"), refreshToken }
    const error = await fails(connect({ credentials }))
    expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["portalId"] }] })
    expect(journal.lines).toHaveLength(0)
    const named = await run(connect({ credentials: { ...credentials, tokenName: "the one portal" } }))
    expect(named.portal.id).toBe(String(world.portal.portalId))
  })

  it("is a layer of its own", async () => {
    const { configured, run, world } = open()
    const id = await run(
      Effect.gen(function* () {
        const hubspot = yield* HubSpot.HubSpot
        return hubspot.portal.id
      }).pipe(Effect.provide(HubSpot.layer(configured()))),
    )
    expect(id).toBe(String(world.portal.portalId))
  })

  it("is configured from the environment, and names what is missing there", async () => {
    const { configured, run, world } = open()
    const env = { HUBSPOT_TOKEN: world.token, HUBSPOT_PORTAL_ID: String(world.portal.portalId) }
    const from = (given: Record<string, string>) => Configs.fromEnvironment.parse(ConfigProvider.fromUnknown(given))
    const config = await Effect.runPromise(from({ ...env, HUBSPOT_BASE_URL: "http://127.0.0.1:9" }))
    expect(config).toMatchObject({ portalId: env.HUBSPOT_PORTAL_ID, baseUrl: "http://127.0.0.1:9" })
    expect(JSON.stringify(config)).not.toContain(world.token)
    const { fetch } = configured() as Required<Pick<Configs.HubSpotConfig, "fetch">>
    const layer = HubSpot.layerConfig(Config.map(Configs.fromEnvironment, (found) => ({ ...found, fetch })))
    const id = await run(
      Effect.map(HubSpot.HubSpot, ({ portal }) => portal.id).pipe(
        Effect.provide(Layer.provide(layer, ConfigProvider.layer(ConfigProvider.fromUnknown(env)))),
        Effect.orDie,
      ),
    )
    expect(id).toBe(env.HUBSPOT_PORTAL_ID)
    await expect(Effect.runPromise(from({}))).rejects.toThrow("HUBSPOT_TOKEN")
  })

  it("hands out the raw typed client, through the same pipeline", async () => {
    const { connect, run, world } = open()
    world.addOwner({ id: "7", email: "o@x.example", firstName: "O", lastName: "W", userId: 70, archived: false })
    const owners = await run(
      Effect.gen(function* () {
        const { client } = yield* connect()
        const { data } = yield* client.call(Operations.owners.list, (api, door) =>
          api.GET("/crm/owners/2026-09", { ...door, params: { query: { email: "o@x.example" } } }),
        )
        return data.results
      }),
    )
    expect(owners.map(({ id }) => id)).toEqual(["7"])
  })
})

describe("declarations", () => {
  it("may be a tenant's own, on an entity or on lines; an unknown entity is told", async () => {
    const { connect, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { prepare } = yield* connect()
        const prepared = yield* prepare([
          { entity: "Company", name: "region_code", type: "choice", label: "Region", choices: ["n", "s"] },
          { entity: Prepare.LINE, name: "cost_centre", type: "text", label: "Cost centre" },
          { entity: "Ticket", name: "x", type: "text", label: "X" },
        ])
        expect(prepared.map(({ result }) => result)).toEqual(["created", "created", "unsupported"])
        expect(world.property("companies", "region_code")?.options.map(({ value }) => value)).toEqual(["n", "s"])
        expect(world.property("line_items", "cost_centre")?.type).toBe("string")
      }),
    )
  })
})
