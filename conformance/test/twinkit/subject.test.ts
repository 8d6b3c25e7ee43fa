import * as OAuth from "@mortise/core/OAuth"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import { declaration } from "../../examples/ledgerette/twin.ts"
import * as Judge from "../../src/kit/Judge.ts"
import type { About, RuleResult, SweepResult } from "../../src/kit/Result.ts"
import * as Secrets from "../../src/kit/Secrets.ts"
import * as Suite from "../../src/kit/Suite.ts"
import * as Html from "../../src/report/Html.ts"
import * as Json from "../../src/report/Json.ts"
import * as Terminal from "../../src/report/Terminal.ts"
import { rules } from "../../src/rules/index.ts"
import { scenarios } from "../../src/scenarios/index.ts"
import type * as TwinKit from "../../src/TwinKit.ts"
import * as TwinSubject from "../../src/TwinSubject.ts"
import { type Adapter, ledgerette, options, subject } from "../command/support/broken.ts"

type Given = Parameters<Adapter>[0]

const ruleOf = (id: string) => {
  const rule = rules.find((one) => one.id === id)
  if (rule === undefined) throw new RangeError(`no rule ${id}`)
  return rule
}

const judged = (id: string, adapter: (given: Given) => unknown) => {
  return Judge.judge(ruleOf(id), subject(adapter))
}

/** Says the natural key in every change, though the record is addressed by its id. */
const sayingIt = (given: Given) => {
  const fetch: typeof given.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.method !== "PATCH") return given.fetch(request)
    const body = JSON.stringify({ ...(await request.json()), email: "post@party-1.example" })
    return given.fetch(new Request(request.url, { method: "PATCH", headers: request.headers, body }))
  }
  return ledgerette({ ...given, fetch })
}

describe("the natural key on a declared twin", () => {
  it("is no identity of a record that is addressed by its id", async () => {
    const { findings, verdict } = await judged("O/supplied-only", sayingIt)
    expect([verdict, ...findings]).toEqual(["failed", 'fields beside those supplied: ["email"], expected []'])
  })

  it("is missed by nobody who sends what was supplied", async () => {
    expect((await judged("O/supplied-only", ledgerette)).findings).toEqual([])
  })
})

describe("a key that is sent in a header of the vendor's own", () => {
  const KEY = "k3y-of-ledgerette"
  const keyed = (redirect: RequestRedirect) =>
    TwinSubject.make({
      ...options,
      declaration: { ...declaration, auth: { scheme: "apiKey", header: "X-App-Key", key: KEY } },
      credentials: { token: Redacted.make(KEY) },
      adapter: (given: Given) => {
        const fetch: typeof given.fetch = (input, init) => {
          const request = new Request(input, { ...init, redirect })
          request.headers.set("x-app-key", Redacted.value(given.credentials.token))
          request.headers.delete("authorization")
          return given.fetch(request)
        }
        return ledgerette({ ...given, fetch })
      },
    })

  it("stands in no transcript and in no report", async () => {
    const chosen = ["S/secrets-nowhere", "S/foreign-redirect", "I/again"].map(ruleOf)
    const result = await Suite.run(keyed("manual"), { rules: chosen, scenarios: [] })
    expect(result.rules.map(({ findings, verdict }) => [verdict, ...findings])).toEqual([
      ["passed"],
      ["passed"],
      ["passed"],
    ])
    for (const text of [Json.text(result), Html.text(result)]) expect(text).not.toContain(KEY)
    expect(Json.text(result)).toContain('"x-app-key": "<redacted>"')
  })

  it("is named when it follows a redirect, which fetch keeps only the usual ones from", async () => {
    const { findings } = await Judge.judge(ruleOf("S/foreign-redirect"), keyed("follow"))
    expect(findings.join()).toContain("https://elsewhere.example/changes with x-app-key")
  })
})

describe("an adapter whose tokens expire", () => {
  const auth: TwinKit.Auth = {
    ...({ scheme: "oauth", tokenPath: "/token", clientId: "a-client", clientSecret: "secret-of-the-client" } as const),
    ...({
      grants: ["refresh_token"],
      refreshToken: "first-refresh-token",
      rotates: true,
      lifetimeSeconds: 1800,
    } as const),
  }
  const expiring = TwinSubject.make({
    ...options,
    declaration: { ...declaration, auth },
    credentials: { token: Redacted.make("first-refresh-token") },
    adapter: Effect.fnUntraced(function* (given: Given) {
      const tokens = yield* OAuth.refreshToken({
        ...{
          system: "ledgerette",
          tokenUrl: new URL("/token", given.baseUrl),
          clientId: "a-client",
          fetch: given.fetch,
        },
        ...{ clientSecret: Redacted.make("secret-of-the-client"), initial: given.credentials.token },
        storage: { store: given.store, name: "ledgerette" },
      })
      const context = yield* Effect.context<never>()
      const fetch: typeof given.fetch = async (input, init) => {
        const request = new Request(input, init)
        const headers = await Effect.runPromiseWith(context)(tokens.headers)
        for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
        return given.fetch(request)
      }
      return yield* ledgerette({ ...given, fetch })
    }),
    probes: ({ world }) => ({ tokens: { revoke: world.revoke, lifetimeMillis: 1_800_000 } }),
    has: ["oauth", "rotation"],
  })

  it.each(["S/secrets-nowhere", "A/refresh-ahead", "A/forbidden", "E/unavailable"])("keeps %s", async (id) => {
    expect((await Judge.judge(ruleOf(id), expiring)).findings).toEqual([])
  })
})

describe("the secrets among credentials", () => {
  it("are what their author wrapped, however deep, and not what is short", () => {
    const credentials = {
      user: "somebody-known",
      token: Redacted.make("long-enough"),
      of: [{ pin: Redacted.make("1234") }],
    }
    expect(Secrets.redactedIn(credentials)).toEqual(["long-enough", "1234"])
    expect([...Secrets.of(...Secrets.redactedIn(credentials))]).toEqual(["long-enough"])
  })
})

describe("what nobody says anything of", () => {
  const { absent: _, ...silent } = options
  const { deletions, archives } = options.absent
  const bare = TwinSubject.make({ ...silent, adapter: ledgerette, absent: { deletions, archives } })

  it("is lacking, with what would mend it, and is not taken for absent", async () => {
    const chosen = [
      "V/decimals",
      "V/money",
      "V/dates",
      "I/lines-again",
      "I/parent-after-retry",
      "O/never-posts",
      "R/overdue",
    ]
    for (const { findings, verdict } of await Suite.judge(bare, { rules: chosen.map(ruleOf) })) {
      expect(verdict).toBe("lacking")
      expect(findings.join()).toMatch(
        /hand in `[\w.]+` by `probes` and say `has: \["\w+"\]`, or say in `absent` why there is none/,
      )
    }
    const [lines] = await Suite.sweep(bare, { scenarios: scenarios.filter(({ id }) => id === "lines") })
    expect([lines?.verdict, lines?.failures]).toEqual(["skipped", []])
  })

  it("are tokens, where the declaration has them expire", () => {
    const auth: TwinKit.Auth = {
      ...({ scheme: "oauth", tokenPath: "/token", clientId: "a", clientSecret: "b", lifetimeSeconds: 60 } as const),
      ...({ grants: ["refresh_token"], refreshToken: "r", rotates: true } as const),
    }
    const of = (more: object) =>
      TwinSubject.make({ ...silent, adapter: ledgerette, declaration: { ...declaration, auth: { ...auth, ...more } } })
    expect(of({}).absent).not.toHaveProperty("oauth")
    expect(Object.keys(of({}).undeclared ?? {})).toEqual(expect.arrayContaining(["oauth", "rotation"]))
    expect(of({ rotates: false }).absent).toHaveProperty("rotation")
    expect(Object.keys(bare.undeclared ?? {})).not.toContain("oauth")
  })
})

describe("the profile", () => {
  const passed = (id: string, verdict: RuleResult["verdict"] = "passed") =>
    ({ id, verdict, assertions: 1 }) as RuleResult
  const swept = scenarios.map(
    ({ id }) => ({ id, verdict: "passed", seeds: [], cutPoints: 1 }) as unknown as SweepResult,
  )
  const all = rules.map(({ id }) => passed(id))
  const found = (of: Partial<About>, judgedRules = all) =>
    Suite.result(
      { connector: { name: "a", version: "1", apiVersion: "1" }, claimed: "full", absent: {}, quirks: [], ...of },
      { rules: judgedRules, sweeps: swept, seconds: 1 },
      { command: "c" },
    ).profile

  it("reaches no further than what there is", () => {
    expect(found({})).toBe("full")
    expect(found({ absent: { writes: "no" } })).toBe("reader")
    expect(found({ absent: { writes: "no" }, claimed: "writer" })).toBe("reader")
    expect(found({ absent: { reads: "no" } })).toBe("writer")
    expect(found({ absent: { reads: "no", writes: "no" } })).toBe("partial")
  })

  it("is partial where something is lacking, or only a part of the suite was run", () => {
    expect(found({}, [...all.slice(1), passed("I/again", "lacking")])).toBe("partial")
    expect(found({}, all.slice(1))).toBe("partial")
    expect(found({}, [...all.slice(1), passed("I/again", "failed")])).toBe("none")
  })

  it("of a part is told as partial in the summary and at the terminal", async () => {
    const result = await Suite.run(subject(ledgerette), { rules: [ruleOf("I/again")], scenarios: [] })
    expect(Json.summary([result]).connectors["broken"]?.profile).toBe("partial")
    expect(Terminal.text(result)).toContain("broken 1.0.0 on API v1: partial, for only a part of the suite was run\n")
  })
})
