/** Signing in: tokens of Entra ID, refused ones, and what the options have to hold. */
import * as Promises from "@mortise/core/Promises"
import * as StateStore from "@mortise/core/StateStore"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Config from "../src/Config.ts"
import * as Dynamics from "../src/Dynamics.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const tokens = (bench: Bench.Bench) => bench.twin.journal.where(({ url }) => url.includes("/oauth2/"))
const read = ({ ports }: Dynamics.Service) => ports.Account.get(["C-00000"])

describe("a token", () => {
  it("is asked for by scope, or by resource where the older endpoint is wanted, for the environment alone", async () => {
    const bench = Bench.make()
    await Bench.use(bench, Bench.options(bench), read)
    expect(new URLSearchParams(tokens(bench)[0]?.requestBody).get("scope")).toBe(
      "https://contoso.operations.dynamics.com/.default",
    )
    bench.twin.journal.clear()
    const credentials = { ...Bench.credentials, endpoint: "v1" as const }
    await Bench.use(bench, Bench.options(bench, { credentials }), read)
    const [asked] = tokens(bench)
    expect(new URL(asked?.url ?? "").pathname).toMatch(/\/oauth2\/token$/)
    expect(new URLSearchParams(asked?.requestBody).get("resource")).toBe("https://contoso.operations.dynamics.com")
  })

  it("is asked for in small letters, whatever the address looks like", async () => {
    const bench = Bench.make()
    await Bench.use(bench, Bench.options(bench, { url: "https://Contoso.Operations.Dynamics.com/" }), read)
    expect(new URLSearchParams(tokens(bench)[0]?.requestBody).get("scope")).toBe(
      "https://contoso.operations.dynamics.com/.default",
    )
  })

  it("is asked for once for many calls, and again when it ends", async () => {
    const bench = Bench.make()
    await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        yield* Effect.all([ports.Account.get(["1"]), ports.Contact.get(["1"]), ports.Order.get(["1"])], {
          concurrency: 3,
        })
        yield* Effect.sleep("2 hours")
        yield* ports.Account.get(["1"])
      }),
    )
    expect(tokens(bench).length).toBe(2)
  })

  it("that was refused is replaced once, and the call repeated once", async () => {
    const bench = Bench.make()
    bench.twin.faults.deal({ at: bench.twin.journal.count() + 2, fault: { kind: "unauthorized" } })
    await Bench.use(bench, Bench.options(bench), read)
    expect(tokens(bench).length).toBe(2)
  })

  it("for an app that is not registered in the environment is Unauthorized, with the mend in the check", async () => {
    const bench = Bench.make()
    for (const { AADClientId } of bench.world.all("SysAADClients").map(({ fields }) => fields))
      bench.world.remove("SysAADClients", AADClientId ?? "")
    bench.world.state.users = []
    const failure = await Bench.failure(bench, Bench.options(bench), read)
    expect(failure.reason._tag).toBe("Unauthorized")
  })

  it("is not asked for again when the secret is wrong, and the secret is in no error", async () => {
    const bench = Bench.make()
    const credentials = { ...Bench.credentials, clientSecret: Redacted.make("wrong-secret") }
    const failure = await Bench.failure(bench, Bench.options(bench, { credentials }), read)
    expect(failure.reason._tag).toBe("Unauthorized")
    expect(tokens(bench).length).toBe(1)
    expect(JSON.stringify(failure)).not.toContain("wrong-secret")
  })
})

describe("options", () => {
  it("that cannot work are told at once, all of them, and nothing is asked", async () => {
    const bench = Bench.make()
    const failure = await Bench.failure(bench, {
      ...Bench.options(bench),
      url: "https://contoso.crm4.dynamics.com",
      company: "usmf-1",
      credentials: { tenantId: "organizations", clientId: " ", clientSecret: Redacted.make("") },
      pageSize: 20_000,
      timeZone: "Mars/Olympus",
      orders: { keyField: { name: "no field", length: 0 }, from: "yesterday" },
      custom: { Account: { "a b": "String" } },
    })
    const paths = (failure.reason as { readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string> }> })
      .issues
    expect(new Set(paths.map(({ path }) => path.join(".")))).toEqual(
      new Set([
        "url",
        "credentials.tenantId",
        "credentials.clientId",
        "credentials.clientSecret",
        "company",
        "pageSize",
        "timeZone",
        "orders.from",
        "orders.keyField",
        "custom",
      ]),
    )
    expect(bench.twin.journal.count()).toBe(0)
  })

  it("of plain http are refused but on loopback", async () => {
    const bench = Bench.make()
    const failure = await Bench.failure(bench, Bench.options(bench, { url: "http://contoso.operations.dynamics.com" }))
    expect(failure.reason._tag).toBe("Invalid")
    expect(bench.twin.journal.count()).toBe(0)
  })

  it("come from the environment", async () => {
    const env = {
      DYNAMICS_URL: "https://contoso.operations.dynamics.com",
      DYNAMICS_COMPANY: "usmf",
      DYNAMICS_TENANT_ID: "t",
      DYNAMICS_CLIENT_ID: "c",
      DYNAMICS_CLIENT_SECRET: "s",
    }
    const config = await Effect.runPromise(
      Effect.gen(function* () {
        return yield* Config.fromEnvironment
      }).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env)))),
    )
    expect(config).toMatchObject({
      url: env.DYNAMICS_URL,
      company: "usmf",
      credentials: { tenantId: "t", clientId: "c" },
    })
    expect(Redacted.value(config.credentials.clientSecret)).toBe("s")
  })
})

describe("a connector", () => {
  it("opened read-only sends nothing that changes anything", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], Bench.COMPANY)
    const outcomes = await Bench.use(bench, Bench.options(bench, { readOnly: true }), ({ ports }) =>
      Effect.all([
        ports.Account.upsert([{ id: "C-00000", fields: { name: "X" } }]),
        ports.Order.upsert([{ key: "a/1/|Deal|1", fields: {} }]),
      ]),
    )
    expect(outcomes.flat()).toMatchObject([{ _tag: "Rejected" }, { _tag: "Rejected" }])
    expect(bench.twin.journal.count()).toBe(0)
  })

  it("has a scope of its own for each company", async () => {
    const bench = Bench.make()
    const scope = (company: string) =>
      Bench.use(bench, Bench.options(bench, { company }), (connector) => Effect.succeed(connector.scope))
    expect([await scope("USMF"), await scope("demf")].map(({ company }) => company)).toEqual(["usmf", "demf"])
  })

  it("waits as long as a throttled environment says, and goes on", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], Bench.COMPANY)
    bench.twin.faults.deal({ at: bench.twin.journal.count() + 2, fault: { kind: "throttle" } })
    const before = bench.clock.now()
    const found = await Bench.use(bench, Bench.options(bench), read)
    expect(found.size).toBe(1)
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(1000)
  })

  it("works without Effect", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(2), Bench.COMPANY)
    const { close, connector } = await Promises.open(Dynamics.make(Bench.options(bench)), {
      store: StateStore.layerMemory(),
    })
    const [outcome] = await connector.ports.Account.upsert([{ id: "C-00001", fields: { taxId: "DE1" } }])
    expect(outcome?._tag).toBe("Updated")
    const names: Array<string> = []
    for await (const page of connector.ports.Account.changes())
      for (const change of page.changes) if (change._tag === "Upserted") names.push(change.record.name ?? "")
    expect(names).toEqual(["Customer 0", "Customer 1"])
    await close()
  })
})
