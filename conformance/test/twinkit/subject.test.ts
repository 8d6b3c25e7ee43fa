import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import { declaration } from "../../examples/ledgerette/twin.ts"
import * as Judge from "../../src/kit/Judge.ts"
import * as Secrets from "../../src/kit/Secrets.ts"
import * as Suite from "../../src/kit/Suite.ts"
import * as Html from "../../src/report/Html.ts"
import * as Json from "../../src/report/Json.ts"
import { rules } from "../../src/rules/index.ts"
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
  const keyed = TwinSubject.make({
    ...options,
    declaration: { ...declaration, auth: { scheme: "apiKey", header: "X-App-Key", key: KEY } },
    credentials: { token: Redacted.make(KEY) },
    adapter: (given: Given) => {
      const fetch: typeof given.fetch = (input, init) => {
        const request = new Request(input, init)
        request.headers.set("x-app-key", Redacted.value(given.credentials.token))
        request.headers.delete("authorization")
        return given.fetch(request)
      }
      return ledgerette({ ...given, fetch })
    },
  })

  it("stands in no transcript and in no report", async () => {
    const chosen = ["S/secrets-nowhere", "S/foreign-redirect", "I/again"].map(ruleOf)
    const result = await Suite.run(keyed, { rules: chosen, scenarios: [] })
    expect(result.rules.map(({ findings, verdict }) => [verdict, ...findings])).toEqual([
      ["passed"],
      ["passed"],
      ["passed"],
    ])
    for (const text of [Json.text(result), Html.text(result)]) expect(text).not.toContain(KEY)
    expect(Json.text(result)).toContain('"x-app-key": "<redacted>"')
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
