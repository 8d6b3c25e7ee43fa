import type { Finding } from "@mortise/core/Connector"
import * as Promises from "@mortise/core/Promises"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import type * as ErpNext from "../src/ErpNext.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const bad = (findings: ReadonlyArray<Finding>) =>
  findings.filter(({ level }) => level !== "ok").map(({ check, level }) => `${check} ${level}`)

const CLIENT = "client0000"
const CALLBACK = "https://app.example.test/callback"

/** Options for a client to which somebody consented. */
const oauth = (bench: Bench.Bench, refreshToken?: string): Config.ErpNextConfig => {
  if (bench.world.get("OAuth Client", CLIENT) === undefined) {
    bench.world.seed("OAuth Client", [
      {
        $name: CLIENT,
        app_name: "sync",
        scopes: "all openid",
        redirect_uris: CALLBACK,
        default_redirect_uri: CALLBACK,
      },
    ])
  }
  const [client] = bench.world.all("OAuth Client")
  const clientId = String(client?.columns["name"])
  const token = refreshToken ?? bench.world.consent(clientId).refreshToken
  return Bench.options(bench, { credentials: { type: "oauth", clientId, refreshToken: Redacted.make(token) } })
}

describe("opening a connector", () => {
  it("asks the site what it is, and refuses one of another version than the pinned one", async () => {
    const bench = Bench.make({ release: "v16" })
    const error = await Bench.failure(bench, Bench.options(bench))
    expect(error.reason).toMatchObject({ _tag: "VersionMismatch", pinned: "v15", found: ["v16"] })
    const old = Bench.make({ release: "v14" })
    expect((await Bench.failure(old, Bench.options(old))).reason).toMatchObject({ _tag: "VersionMismatch" })
  })

  it("names every option that is wrong, before anything is sent", async () => {
    const bench = Bench.make()
    const wrong = { url: "https://erp.example.test/app?x=1", company: " ", keyField: "a b", pageSize: 0, version: "v9" }
    const error = await Bench.failure(bench, Bench.options(bench, wrong as never))
    expect(error.reason._tag === "Invalid" && error.reason.issues.map(({ path }) => path[0])).toEqual([
      "url",
      "company",
      "version",
      "pageSize",
      "keyField",
    ])
    const plain = await Bench.failure(bench, Bench.options(bench, { url: "http://erp.example.test" }))
    expect(plain.reason._tag).toBe("Invalid")
    expect(bench.twin.journal.lines).toEqual([])
  })

  it("tells refused keys at once, asks no second time, and says nothing of them", async () => {
    const bench = Bench.make()
    const credentials = { type: "keyPair" as const, ...Bench.pair("twin0admin0key0", "wrong-secret") }
    const error = await Bench.failure(bench, Bench.options(bench, { credentials }))
    expect(error.reason._tag).toBe("Unauthorized")
    expect(bench.twin.journal.lines).toHaveLength(1)
    expect(JSON.stringify(error)).not.toMatch(/wrong-secret|twin0admin/)
  })

  it("without a company of that name reads, and says so when the company is needed", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    const config = Bench.options(bench, { company: "Nobody Inc" })
    const seen = await Bench.use(bench, config, ({ check, ports }) =>
      Effect.gen(function* () {
        const fields = { account: { id: "Customer 0000" }, lines: [{ key: "a", product: { id: "BOLT" } }] }
        return { outcomes: yield* ports.Order.upsert([{ key: "a|Deal|1", fields }]), findings: yield* check }
      }),
    )
    expect(seen.outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "NotFound", entity: "Company" } } },
    ])
    expect(bad(seen.findings)).toContain("features error")
  })
})

describe("a consent", () => {
  it("is refreshed once for all, ahead of its end, and kept in the store", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(3))
    const store = StateStore.layerMemory({ sealKey: Redacted.make("dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMTI=") })
    const refreshes = () => Bench.requests(bench).filter((line) => line.endsWith("get_token")).length
    const config = oauth(bench)
    await Bench.use(
      bench,
      config,
      ({ ports }) =>
        Effect.gen(function* () {
          const read = () => ports.Account.get(["Customer 0001"])
          yield* Effect.all([read(), read(), read()], { concurrency: 3 })
          expect(refreshes()).toBe(1)
          yield* Effect.sleep("59 minutes")
          yield* Effect.all([read(), read()], { concurrency: 2 })
          expect(refreshes()).toBe(2)
        }),
      store,
    )
    expect(bench.twin.journal.where(({ status }) => status === 401)).toEqual([])
    expect(JSON.stringify(bench.twin.journal.lines.map(({ url }) => url))).not.toMatch(/refresh_token/)
  })

  it("that the site does not know is refused at once, and its token is told to nobody", async () => {
    const bench = Bench.make()
    const error = await Bench.failure(bench, oauth(bench, "no-such-refresh-token"))
    expect(error.reason._tag).toBe("Unauthorized")
    expect(bench.twin.journal.lines).toHaveLength(1)
    expect(JSON.stringify(error)).not.toMatch(/no-such-refresh-token/)
  })
})

describe("check", () => {
  it("finds nothing wrong where nothing is but who asks, and changes nothing", async () => {
    const bench = Bench.make()
    const findings = await Bench.use(bench, Bench.options(bench), ({ check }) => check)
    expect(bad(findings)).toEqual(["credentials warning"])
    expect(new Set(findings.map((finding) => finding.check))).toEqual(
      new Set(["host", "version", "clock", "credentials", "rights", "features", "properties", "limits"]),
    )
    expect(Bench.writes(bench)).toEqual([])
  })

  it("names what a user with few roles cannot see, the fields that are missing, and a clock that is wrong", async () => {
    const bench = Bench.make({ unprepared: true, knobs: { clockSkew: 300_000 } })
    const config = Bench.options(bench, { credentials: Bench.limited })
    const findings = await Bench.use(bench, config, ({ check }) => check)
    expect(bad(findings)).toEqual([
      "rights warning",
      "rights warning",
      ...Array.from({ length: 6 }, () => "properties error"),
      "clock warning",
    ])
    const warned = findings.filter(({ level }) => level === "warning").map(({ message }) => message)
    expect(warned.slice(0, 2)).toEqual([
      "Item Price cannot be read: products have no prices",
      "Deleted Document cannot be read: deletions are not noticed",
    ])
    expect(findings.every(({ level, mend }) => level === "ok" || mend !== undefined)).toBe(true)
  })

  it("goes on where the site is down, and tells it", async () => {
    const bench = Bench.make()
    const findings = await Bench.use(bench, Bench.options(bench), ({ check }) => {
      bench.world.knobs.maintenance = "on"
      return check
    })
    expect(bad(findings)).toEqual(["host error"])
  })
})

describe("prepare", () => {
  it("makes the fields that carry our keys, unique and not copied, and changes nothing when it runs again", async () => {
    const bench = Bench.make({ unprepared: true })
    const [first, second] = await Bench.use(bench, Bench.options(bench), ({ ports, prepare }) =>
      Effect.gen(function* () {
        const made = yield* prepare()
        const from = bench.twin.journal.lines.length
        const again = yield* prepare()
        expect(Bench.writes(bench, from)).toEqual([])
        const outcomes = yield* ports.Account.upsert([{ key: "a|Account|1", fields: { name: "After" } }])
        expect(outcomes).toMatchObject([{ _tag: "Created" }])
        return [made, again] as const
      }),
    )
    expect(first.map(({ declaration, result }) => `${declaration.entity} ${result}`)).toEqual([
      "Account created",
      "Contact created",
      "Address created",
      "Order created",
      "Invoice created",
      "Line created",
    ])
    expect(second.map(({ result }) => result)).toEqual(Array.from({ length: 6 }, () => "present"))
    expect(bench.world.get("Custom Field", "Customer-mortise_key")?.columns).toMatchObject({ unique: 1, no_copy: 1 })
    expect(bench.world.get("Custom Field", "Sales Invoice Item-mortise_line_key")).toBeDefined()
    expect(bench.world.misfits).toEqual([])
  })

  it("leaves a field of the same name alone when it is another one, and says why", async () => {
    const bench = Bench.make({ unprepared: true })
    bench.world.seed("Custom Field", [
      { dt: "Customer", fieldname: "mortise_key", label: "Key", fieldtype: "Data" },
      { dt: "Contact", fieldname: "mortise_key", label: "Key", fieldtype: "Int", unique: 1 },
    ])
    const [account, contact] = await Bench.use(bench, Bench.options(bench), ({ prepare }) => prepare())
    expect(account).toMatchObject({ result: "mismatch", message: expect.stringMatching(/not unique/) })
    expect(contact).toMatchObject({ result: "mismatch", message: expect.stringMatching(/is Int, Data is needed/) })
  })

  it("tells a user who may not make fields that an administrator has to, and makes none when opened to read", async () => {
    const bench = Bench.make({ unprepared: true })
    const few = await Bench.use(bench, Bench.options(bench, { credentials: Bench.limited }), ({ prepare }) => prepare())
    expect(new Set(few.map(({ result }) => result))).toEqual(new Set(["unsupported"]))
    expect(few[0]?.message).toMatch(/an administrator adds it/)
    const before = bench.twin.journal.lines.length
    const read = await Bench.use(bench, Bench.options(bench, { readOnly: true }), ({ prepare }) => prepare())
    expect(new Set(read.map(({ result }) => result))).toEqual(new Set(["unsupported"]))
    expect(Bench.writes(bench, before)).toEqual([])
  })

  it("makes what somebody else declares, of every kind", async () => {
    const bench = Bench.make()
    const declarations = [
      { entity: "Account", name: "tier", type: "choice" as const, label: "Tier", choices: ["A", "B"] },
      { entity: "Product", name: "score", type: "number" as const, label: "Score" },
      { entity: "Ledger", name: "x", type: "text" as const, label: "X" },
    ]
    const made = await Bench.use(bench, Bench.options(bench), ({ prepare }) => prepare(declarations))
    expect(made.map(({ result }) => result)).toEqual(["created", "created", "unsupported"])
    expect(bench.world.get("Custom Field", "Customer-tier")?.columns).toMatchObject({
      fieldtype: "Select",
      options: "A\nB",
    })
  })
})

describe("a connector that was opened to read", () => {
  it("sends nothing that changes anything, whatever is asked", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1)])
    const seen = await Bench.use(bench, Bench.options(bench, { readOnly: true }), ({ client, ports }) =>
      Effect.gen(function* () {
        const outcomes = yield* ports.Account.upsert([{ id: "Customer 0001", fields: { taxId: "X" } }])
        const raw = yield* Effect.exit(client.documents.update("Customer", "Customer 0001", { tax_id: "X" }))
        const read = yield* Bench.readAll(ports.Account)
        return { outcomes, raw, read }
      }),
    )
    expect(seen.outcomes).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Unsupported" } } }])
    expect(JSON.stringify(seen.raw)).toMatch(/"Unsupported"/)
    expect(seen.read.changes).toHaveLength(1)
    expect(Bench.writes(bench)).toEqual([])
  })
})

describe("a limit of the site", () => {
  it("is obeyed when it is met: the wait is what the answer asks for", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1)])
    const waited = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        bench.twin.faults.deal({ at: bench.twin.journal.count() + 2, fault: { kind: "throttle", retryAfter: "40" } })
        const before = bench.clock.now()
        yield* ports.Account.get(["Customer 0001"])
        return bench.clock.now() - before
      }),
    )
    expect(waited).toBeGreaterThanOrEqual(40_000)
    expect(waited).toBeLessThan(60_000)
  })
})

describe("without Effect", () => {
  it("the same ports are promises and loops", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(3))
    const ids = await Bench.use(bench, Bench.options(bench), (connector) =>
      Effect.flatMap(Effect.context<never>(), (context) =>
        Effect.promise(async () => {
          const plain = Promises.connector(connector as ErpNext.Service, { context })
          const found: Array<string> = []
          for await (const page of plain.ports.Account.changes()) found.push(...Bench.ids(page.changes))
          const outcomes = await plain.ports.Account.upsert([{ key: "a|Account|9", fields: { name: "Plain" } }])
          expect(outcomes).toMatchObject([{ _tag: "Created" }])
          return found
        }),
      ),
    )
    expect(ids).toHaveLength(3)
  })
})
