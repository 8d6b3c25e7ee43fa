import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const count = (bench: Bench.Bench, request: string) => Bench.requests(bench).filter((each) => each === request).length
const cookie = (password: string) => ({
  type: "cookie" as const,
  name: AcumaticaTwin.CREDENTIALS.name,
  password: Redacted.make(password),
})

describe("opening a connector", () => {
  it("refuses an instance that does not serve the pinned version, and names what it serves", async () => {
    for (const endpointList of ["object", "array"] as const) {
      const bench = Bench.make({ versions: ["22.200.001", "23.200.001"], knobs: { endpointList } })
      const error = await Bench.failure(bench, Bench.options(bench))
      expect(error.reason).toMatchObject({
        _tag: "VersionMismatch",
        pinned: "24.200.001",
        found: ["22.200.001", "23.200.001"],
      })
      expect(bench.twin.journal.count()).toBe(1)
    }
  })

  it("names every option at fault before any request", async () => {
    const bench = Bench.make()
    const clientId = "0a1b2c3d-1111-4222-a333-444455556666@Other"
    const credentials = {
      type: "oauth" as const,
      clientId,
      clientSecret: Redacted.make("s3cret"),
      refreshToken: Redacted.make("r3fresh"),
    }
    const bad = {
      credentials,
      pageSize: 0,
      timeZone: "Mars/Olympus",
      custom: { Account: { Broken: "String" as const } },
    }
    const error = await Bench.failure(bench, Bench.options(bench, bad))
    const paths = error.reason._tag === "Invalid" ? error.reason.issues.map((issue) => issue.path.join(".")) : []
    expect(paths).toEqual(["pageSize", "timeZone", "custom", "credentials.clientId"])
    expect(error.message).toMatch(/is of tenant Other, and the configured tenant is Acme/)
    expect(error.message).not.toMatch(/s3cret|r3fresh/)
    expect(bench.twin.journal.count()).toBe(0)
  })

  it("tells an address without an instance, and a tenant that is not there", async () => {
    const bench = Bench.make({ tenants: ["Acme", "Other"] })
    const nowhere = await Bench.failure(bench, Bench.options(bench, { url: `${AcumaticaTwin.ORIGIN}/Wrong` }))
    expect(nowhere.reason).toMatchObject({ _tag: "NotFound" })
    expect(nowhere.message).toMatch(/no instance at acme\.acumatica\.example\/Wrong/)
    expect(bench.twin.journal.count()).toBe(1)
    const stranger = await Bench.failure(bench, Bench.options(bench, { tenant: "Nobody" }), ({ ports }) =>
      ports.Account.get(["C0000"]),
    )
    expect(stranger.reason._tag).toBe("Unauthorized")
    expect(stranger.message).toMatch(/no such tenant/)
  })

  it("sends every request to the pinned version", async () => {
    const bench = Bench.make()
    await Bench.use(bench, Bench.options(bench, { version: "22.200.001" }), ({ ports }) =>
      Effect.andThen(
        Bench.readAll(ports.Order),
        ports.Account.upsert([{ key: "hubspot/1/|Company|1", fields: { name: "x" } }]),
      ),
    )
    const paths = bench.twin.journal.lines.map((line) => new URL(line.url).pathname.replace("/AcmeERP", ""))
    const others = paths.filter((path) => !path.startsWith("/entity/Default/22.200.001/"))
    expect(new Set(others)).toEqual(new Set(["/entity", "/entity/auth/login", "/entity/auth/logout"]))
  })

  it("refuses plain http and a page that is no instance", async () => {
    const bench = Bench.make()
    const http = await Bench.failure(bench, Bench.options(bench, { url: "http://erp.example.com/acme" }))
    expect(http.reason._tag).toBe("Invalid")
    const html = Bench.make({ knobs: { unhealthy: "html" } })
    expect((await Bench.failure(html, Bench.options(html))).reason._tag).toBe("Unavailable")
    const redirected = Bench.make({ knobs: { unhealthy: "redirect" } })
    expect((await Bench.failure(redirected, Bench.options(redirected))).reason._tag).toBe("Unavailable")
  })
})

describe("the session", () => {
  it("is one for all requests and gives its seat back when the connector closes", async () => {
    const bench = Bench.make({ license: { seats: 1 } })
    bench.world.seed("Customer", Seeds.customers(5))
    for (let run = 0; run < 3; run++) {
      await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
      expect(bench.world.state.sessions.size).toBe(0)
    }
    expect(count(bench, "POST /entity/auth/login")).toBe(3)
    expect(count(bench, "POST /entity/auth/logout")).toBe(3)
  })

  it("is ended too when the work fails", async () => {
    const bench = Bench.make()
    await Bench.failure(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(Bench.readAll(ports.Account), () =>
        Bench.readAll(ports.Account, {
          cursor: { v: 1, scope: "x", entity: "x", selection: "x", strategy: "x", state: 0 },
        }),
      ),
    )
    expect(bench.world.state.sessions.size).toBe(0)
  })

  it("is opened again once when it has expired", async () => {
    const bench = Bench.make({ knobs: { idleMinutes: 20 } })
    bench.world.seed("Customer", Seeds.customers(1))
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        yield* ports.Account.get(["C0000"])
        yield* Effect.sleep("2 hours")
        return yield* ports.Account.get(["C0000"])
      }),
    )
    expect(found.size).toBe(1)
    expect(count(bench, "POST /entity/auth/login")).toBe(2)
  })

  it("asks with wrong credentials once and never again", async () => {
    for (const badCredentials of [401, 500] as const) {
      const bench = Bench.make({ knobs: { badCredentials } })
      const config = Bench.options(bench, { credentials: cookie("wrong-password") })
      const errors = await Bench.use(bench, config, ({ ports }) =>
        Effect.forEach([1, 2, 3], () => Effect.flip(ports.Account.get(["C0000"])), { concurrency: 3 }).pipe(
          Effect.catch(() => Effect.die("it worked")),
        ),
      )
      expect(new Set(errors.map((error) => error.reason._tag))).toEqual(new Set(["Unauthorized"]))
      expect(errors[0]?.message).not.toMatch(/wrong-password/)
      expect(count(bench, "POST /entity/auth/login")).toBe(1)
    }
  })

  it("says that no seat is free, whatever the status", async () => {
    for (const seatsRefusal of [429, 500] as const) {
      const bench = Bench.make({ license: { seats: 0 }, knobs: { seatsRefusal } })
      const error = await Bench.failure(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C0000"]))
      expect(error.reason._tag).toBe("Throttled")
    }
  })

  it("lives on tokens that rotate, stored before they are used, and signs out with the last one", async () => {
    const bench = Bench.make({ license: { seats: 1 } })
    bench.world.seed("Customer", Seeds.customers(1))
    const config = Bench.oauth(bench)
    const store = Bench.memory()
    await Bench.use(
      bench,
      config,
      ({ ports }) =>
        Effect.gen(function* () {
          yield* ports.Account.get(["C0000"])
          yield* Effect.sleep("5 hours")
          yield* ports.Account.get(["C0000"])
        }),
      store,
    )
    expect(count(bench, "POST /identity/connect/token")).toBe(2)
    expect(bench.world.state.sessions.size).toBe(0)
  })

  it("gives its seat back though its token has expired by then", async () => {
    const bench = Bench.make({ license: { seats: 1 }, knobs: { idleMinutes: 120 } })
    bench.world.seed("Customer", Seeds.customers(1))
    await Bench.use(
      bench,
      Bench.oauth(bench),
      ({ ports }) => Effect.andThen(ports.Account.get(["C0000"]), Effect.sleep("70 minutes")),
      Bench.memory(),
    )
    expect(bench.world.state.sessions.size).toBe(0)
  })

  it("is given back when the work is interrupted, in the middle of a request too", async () => {
    for (const config of [Bench.options, Bench.oauth]) {
      const bench = Bench.make({ license: { seats: 1 } })
      bench.world.seed("Customer", Seeds.customers(1))
      bench.twin.faults.deal({
        at: (request) => request.path.endsWith("/Customer/C0000"),
        fault: { kind: "hang", applied: false },
      })
      const work = Effect.scoped(
        Effect.flatMap(Bench.open(config(bench)), ({ ports }) => ports.Account.get(["C0000"])),
      ).pipe(Effect.timeoutOption("5 seconds"), Effect.provide(Bench.memory()))
      await bench.clock.run(work, { limit: "1 hour" })
      expect(bench.twin.faults.pending()).toEqual([])
      expect(bench.world.state.sessions.size).toBe(0)
      expect(bench.clock.now() - Bench.START).toBeLessThan(10_000)
    }
  })

  it("does not keep a program from ending when nobody answers to the signing out", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    bench.twin.faults.deal({
      at: (request) => request.path.endsWith("/logout"),
      fault: { kind: "hang", applied: false },
    })
    await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C0000"]))
    expect(bench.clock.now() - Bench.START).toBeLessThan(30_000)
  })

  it("is had as soon as a seat is free", async () => {
    const bench = Bench.make({ license: { seats: 1 } })
    bench.world.seed("Customer", Seeds.customers(1))
    const found = await Bench.use(bench, Bench.options(bench), ({ ports: one }) =>
      Effect.gen(function* () {
        yield* one.Account.get(["C0000"])
        const other = Effect.scoped(
          Effect.flatMap(Bench.open(Bench.options(bench)), ({ ports }) => ports.Account.get(["C0000"])),
        )
        const [late] = yield* Effect.all(
          [
            other,
            Effect.andThen(
              Effect.sleep("3 seconds"),
              Effect.sync(() => bench.world.state.sessions.clear()),
            ),
          ],
          { concurrency: 2 },
        )
        return late
      }),
    )
    expect(found.size).toBe(1)
    expect(bench.world.state.sessions.size).toBe(0)
  })

  it("asks once with a refused grant", async () => {
    const bench = Bench.make()
    const config = Bench.oauth(bench)
    const credentials = { ...config.credentials, refreshToken: Redacted.make("stolen") } as typeof config.credentials
    const errors = await Bench.use(bench, { ...config, credentials }, ({ ports }) =>
      Effect.forEach([1, 2, 3], () => Effect.flip(ports.Account.get(["C0000"]))).pipe(
        Effect.catch(() => Effect.die("it worked")),
      ),
    )
    expect(errors.every((error) => error.reason._tag === "Unauthorized")).toBe(true)
    expect(count(bench, "POST /identity/connect/token")).toBe(1)
  })

  it("frees its seat over a real connection too, with a length", async () => {
    const bench = Bench.make({ license: { seats: 1 } })
    const served = await bench.twin.serve()
    try {
      const { fetch: _, ...config } = Bench.options(bench, { url: `${served.url}${AcumaticaTwin.INSTANCE_PATH}` })
      await Effect.runPromise(
        Effect.scoped(Effect.flatMap(Bench.open(config), ({ ports }) => ports.Account.get(["C0000"]))).pipe(
          Effect.provide(StateStore.layerMemory()),
        ),
      )
      expect(bench.world.state.sessions.size).toBe(0)
    } finally {
      await served.close()
    }
  })
})

describe("limits", () => {
  it("are spent to half of the licence's minute and no further, without a 429", async () => {
    const bench = Bench.make({ license: { seats: 2, perMinute: 40 } })
    bench.world.seed("Customer", Seeds.customers(100))
    const config = Bench.options(bench, { licence: { requestsPerMinute: 40 } })
    const ids = Seeds.customers(100).map((each) => String(each["CustomerID"]))
    const found = await Bench.use(bench, config, ({ ports }) => ports.Account.get(ids))
    expect(found.size).toBe(100)
    const lines = bench.twin.journal.lines
    expect(lines.filter((line) => line.status === 429)).toEqual([])
    const times = lines.map((line) => line.at)
    const busiest = Math.max(...times.map((at) => times.filter((other) => other > at - 60_000 && other <= at).length))
    expect(busiest).toBeLessThanOrEqual(20)
    expect(bench.clock.now() - Bench.START).toBeLessThan(6 * 60_000)
  })

  it("wait out a 429 that comes all the same", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    bench.twin.faults.deal({ at: (request) => request.path.endsWith("/Customer/C0000"), fault: { kind: "throttle" } })
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C0000"]))
    expect(found.size).toBe(1)
  })
})
