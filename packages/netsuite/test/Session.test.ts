import * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as RateLimit from "@mortise/core/RateLimit"
import type * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as Consent from "../src/Consent.ts"
import * as Limits from "../src/Limits.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { CREDENTIALS, ORIGIN } = NetSuiteTwin
const tokens = (bench: Bench.Bench) => bench.twin.journal.lines.filter(({ url }) => url.includes("/oauth2/v1/token"))

/** What was asked of the token endpoint, secrets and all: a journal has none of them. */
const listening = (bench: Bench.Bench) => {
  const asked: Array<{ readonly form: URLSearchParams; readonly authorization: string }> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.url.includes("/oauth2/v1/token"))
      asked.push({
        form: new URLSearchParams(await request.clone().text()),
        authorization: request.headers.get("authorization") ?? "",
      })
    return bench.twin.fetch(request)
  }
  return { asked, fetch }
}

const claimsOf = (assertion: string) =>
  assertion
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()))

describe("a certificate", () => {
  it("signs an assertion for a token, once for all requests of an hour", async () => {
    const bench = Bench.make()
    bench.world.seed("customer", Seeds.customers(3))
    const { asked, fetch } = listening(bench)
    await Bench.use(bench, Bench.options(bench, { fetch }), ({ ports }) =>
      Effect.gen(function* () {
        yield* Effect.all([Bench.readAll(ports.Account), Bench.readAll(ports.Contact)], { concurrency: 2 })
        yield* Effect.sleep("61 minutes")
        yield* ports.Account.get(["101"])
      }),
    )
    expect(asked.length).toBe(2)
    const form = asked[0]?.form ?? new URLSearchParams()
    expect([...form.keys()].sort()).toEqual(["client_assertion", "client_assertion_type", "grant_type"])
    const [header, claims] = claimsOf(form.get("client_assertion") ?? "")
    expect(header).toMatchObject({ alg: "ES256", typ: "JWT", kid: CREDENTIALS.certificateId })
    expect(claims).toMatchObject({
      iss: CREDENTIALS.clientId,
      aud: `${ORIGIN}/services/rest/auth/oauth2/v1/token`,
      scope: ["rest_webservices"],
    })
    expect(claims.exp - claims.iat).toBeLessThan(3600)
  })

  it("means the account by its assertion, also where a proxy stands before it", async () => {
    const bench = Bench.make()
    const { asked, fetch } = listening(bench)
    const through = ((input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      return fetch(new Request(request.url.replace("https://proxy.example", ORIGIN), request))
    }) as typeof globalThis.fetch
    const config = Bench.options(bench, { url: "https://proxy.example", fetch: through })
    await Bench.use(bench, config, ({ ports }) => ports.Account.get(["1"]))
    const [, claims] = claimsOf(asked[0]?.form.get("client_assertion") ?? "")
    expect(claims.aud).toBe(`${ORIGIN}/services/rest/auth/oauth2/v1/token`)
  })

  it("names its scopes as the account wants them, and takes a lifetime that is text", async () => {
    for (const [scopeForm, scopes] of [
      ["array", "list"],
      ["text", "text"],
    ] as const) {
      const bench = Bench.make({ knobs: { scopeForm, expiresIn: "text" } })
      const { credentials } = Bench.options(bench)
      const config = Bench.options(bench, { credentials: { ...credentials, scopes } as Config.Credentials })
      await Bench.use(bench, config, ({ ports }) => ports.Account.get(["1"]))
      expect(tokens(bench).length).toBe(1)
    }
  })

  it("that is refused is told once, and is not asked for again and again", async () => {
    const bench = Bench.make({ certificates: [] })
    const error = await Bench.failure(bench, Bench.options(bench, { concurrency: 2 }), ({ ports }) =>
      Effect.andThen(Effect.ignore(ports.Account.get(["1"])), ports.Account.get(["1"])),
    )
    expect(error.reason._tag).toBe("Unauthorized")
    expect(tokens(bench).length).toBe(1)
    expect(JSON.stringify(error)).not.toMatch(/PRIVATE KEY|eyJ/)
  })

  it("gets a new token once when one is refused before its time", async () => {
    const bench = Bench.make()
    await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        yield* ports.Account.get(["1"])
        yield* Effect.sleep("10 minutes")
        bench.world.state.accessTokens = []
        yield* ports.Account.get(["1"])
      }),
    )
    expect(tokens(bench).length).toBe(2)
  })
})

type Needs = StateStore.StateStore | EffectScope.Scope

describe("a person's consent", () => {
  const credentialsOf = (kind: "confidential" | "public"): Config.AuthorizationCode =>
    kind === "public"
      ? { type: "authorizationCode", ...CREDENTIALS.public }
      : {
          type: "authorizationCode",
          clientId: CREDENTIALS.confidential.clientId,
          clientSecret: Redacted.make(CREDENTIALS.confidential.clientSecret),
        }

  /** Sends the browser to the page of consent and brings back what it was given. */
  const browse = (bench: Bench.Bench, url: URL) =>
    Effect.promise(async () => {
      const answer = await bench.twin.fetch(url.href, { redirect: "manual" })
      return new URL(answer.headers.get("location") ?? "").searchParams
    })

  const consented = (bench: Bench.Bench, config: Config.NetSuiteConfig, company?: string) =>
    Effect.gen(function* () {
      const consent = yield* Consent.make(config, {
        redirectUri: CREDENTIALS.redirectUri,
        authorizeUrl: `${ORIGIN}/app/login/oauth2/authorize.nl`,
      })
      const begun = yield* consent.begin
      const back = yield* browse(bench, begun.url)
      yield* consent.complete({
        code: Redacted.make(back.get("code") ?? ""),
        state: back.get("state") ?? "",
        company: company ?? back.get("company") ?? "",
        consent: begun,
      })
      return begun
    })

  const run = <A>(bench: Bench.Bench, effect: Effect.Effect<A, unknown, Needs>) =>
    bench.clock.run(Effect.scoped(effect).pipe(Effect.provide(Bench.memory())), { limit: "40 days" })

  it("is given with PKCE and a state, and keeps the connector signed in as long as NetSuite lets it", async () => {
    for (const [kind, days] of [
      ["confidential", 7],
      ["public", 7],
    ] as const) {
      const bench = Bench.make()
      const { asked, fetch } = listening(bench)
      const config = Bench.options(bench, { credentials: credentialsOf(kind), fetch })
      const exit = await run(
        bench,
        Effect.gen(function* () {
          const { url } = yield* consented(bench, config)
          expect(url.searchParams.get("code_challenge_method")).toBe("S256")
          expect((url.searchParams.get("state") ?? "").length).toBeGreaterThanOrEqual(22)
          const { ports } = yield* Bench.open(config)
          for (let day = 0; day < days; day++) {
            yield* ports.Account.get(["1"])
            yield* Effect.sleep("23 hours")
          }
          yield* Effect.sleep("2 days")
          const late = yield* Effect.flip(ports.Account.get(["1"]))
          expect(late.reason._tag, kind).toBe("Unauthorized")
        }),
      )
      expect(exit, kind).toMatchObject({ _tag: "Success" })
      const isBasic = new Set(asked.map(({ authorization }) => authorization.startsWith("Basic ")))
      expect(isBasic).toEqual(new Set([kind === "confidential"]))
    }
  })

  it("of another account, or of another begin, is not taken", async () => {
    const bench = Bench.make()
    const config = Bench.options(bench, { credentials: credentialsOf("public") })
    for (const company of ["7654321", "1234567-sb2", ""]) {
      const exit = await run(bench, Effect.flip(consented(bench, config, company)))
      expect(exit).toMatchObject({ _tag: "Success", value: { reason: { _tag: "Unauthorized" } } })
    }
    expect(tokens(bench)).toEqual([])
    const exit = await run(bench, Effect.flip(Consent.make(Bench.options(bench), { redirectUri: "https://x.example" })))
    expect(exit).toMatchObject({ _tag: "Success", value: { reason: { _tag: "Invalid" } } })
  })
})

describe("the limit of an account", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      key: `hubspot/1/|Company|${index}`,
      fields: { name: `Company ${index}` },
    }))
  const statuses = (bench: Bench.Bench) => bench.twin.journal.lines.filter(({ status }) => status === 429).length

  it("is never met when it is known", async () => {
    const bench = Bench.make({ knobs: { processingMillis: 800 } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all([ports.Account.upsert(many(40)), Bench.readAll(ports.Account)], { concurrency: 2 }),
    )
    expect(new Set(Bench.tags(outcomes[0]))).toEqual(new Set(["Created"]))
    expect(statuses(bench)).toBe(0)
  })

  it("is waited for when it is met all the same, and nothing is lost or doubled", async () => {
    const bench = Bench.make({ knobs: { processingMillis: 800, concurrency: 2 } })
    const outcomes = await Bench.use(bench, Bench.options(bench, { concurrency: 6 }), ({ ports }) =>
      ports.Account.upsert(many(30)),
    )
    expect(new Set(Bench.tags(outcomes))).toEqual(new Set(["Created"]))
    expect(bench.world.all("customer").length).toBe(30)
    expect(statuses(bench)).toBeGreaterThan(0)
  })

  it("is asked for where the role may know it, and is the base tier's where it may not", async () => {
    for (const [administrator, concurrency, expected] of [
      [true, 15, "14 requests at once"],
      [false, 15, "4 are assumed"],
    ] as const) {
      const bench = Bench.make({ role: { administrator }, knobs: { concurrency } })
      const { concurrency: _, ...config } = Bench.options(bench)
      const findings = await Bench.use(bench, config, ({ check }) => check)
      expect(findings.find(({ check }) => check === "limits")?.message).toContain(expected)
    }
  })

  it("is one for all connectors of an account that share a limiter", async () => {
    const bench = Bench.make({ knobs: { processingMillis: 800 } })
    const limiter = await Effect.runPromise(RateLimit.make({ system: "netsuite", limits: Limits.of(5, "test") }))
    const config = (subsidiary: string) => Bench.options(bench, { subsidiary, limiter })
    const outcomes = await Bench.use(bench, config("2"), (one) =>
      Effect.flatMap(Bench.open(config("3")), (two) =>
        Effect.all([one.ports.Account.upsert(many(20)), two.ports.Contact.upsert([])], { concurrency: 2 }),
      ),
    )
    expect(new Set(Bench.tags(outcomes[0]))).toEqual(new Set(["Created"]))
    expect(statuses(bench)).toBe(0)
  })
})
