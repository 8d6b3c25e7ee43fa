import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import type { NetSuiteConfig } from "../src/Config.ts"
import * as Identity from "../src/Identity.ts"
import * as Keys from "../src/Keys.ts"
import * as Settings from "../src/Settings.ts"

const config: NetSuiteConfig = {
  account: "1234567_SB1",
  credentials: { type: "certificate", clientId: "c", certificateId: "k", privateKey: Redacted.make("pem") },
}
const settingsOf = (more: Partial<NetSuiteConfig> = {}) => Effect.runSync(Settings.make({ ...config, ...more }))
const settings = settingsOf()
const KEY = "hubspot/1234/|Company|42"

describe("a key of ours", () => {
  it("becomes an external id that can stand in an address, and comes back as it was", () => {
    for (const key of [KEY, "a|B|ü% /'\"?", "顧客", "_-_", "x".repeat(90)]) {
      const text = Identity.encode(settings, "Account", key)
      expect(text === undefined ? undefined : Keys.eid(text)).toBe(`eid:${text}`)
      expect(Identity.decode(settings, "Account", text ?? "")).toBe(key)
    }
  })

  it("is another name for every entity, for all of a group share one namespace", () => {
    const names = Settings.ENTITIES.map((entity) => Identity.encode(settings, entity, KEY))
    expect(new Set(names.map((name) => name?.toLowerCase())).size).toBe(Settings.ENTITIES.length)
    for (const entity of Settings.ENTITIES) {
      const mine = names.filter((name) => Identity.decode(settings, entity, name ?? "") === KEY)
      expect(mine).toEqual([Identity.encode(settings, entity, KEY)])
    }
  })

  it("is another name in every subsidiary, but for items, which belong to several", () => {
    const [two, three] = ["2", "3"].map((subsidiary) => settingsOf({ subsidiary }))
    if (two === undefined || three === undefined) throw new Error("no settings")
    for (const entity of Settings.ENTITIES) {
      const isOne = Identity.encode(two, entity, KEY) === Identity.encode(three, entity, KEY)
      expect(isOne, entity).toBe(entity === "Product")
    }
    expect(Identity.isOurs(three, "Account", Identity.encode(two, "Account", KEY) ?? "")).toBe(false)
  })

  it("differs from another that differs in the case of letters alone", () => {
    const [upper, lower] = ["A|b|C", "a|b|c"].map((key) => Identity.encode(settings, "Account", key)?.toLowerCase())
    expect(upper).not.toBe(lower)
    expect(Identity.decode(settings, "Account", upper?.toUpperCase() ?? "")).toBe("A|b|C")
  })

  it.each(["", "x".repeat(200)])("that the field cannot hold is none: %j", (key) => {
    expect(Identity.encode(settings, "Account", key)).toBeUndefined()
  })

  it("is told apart from what somebody else wrote there", () => {
    const text = Identity.encode(settings, "Account", KEY) ?? ""
    expect(Identity.isOurs(settings, "Account", text)).toBe(true)
    expect(Identity.isOurs(settings, "Contact", text)).toBe(false)
    for (const other of ["", "SF-0012", "acct-", "acct-7", "acct-_zz"])
      expect(Identity.isOurs(settings, "Account", other)).toBe(false)
  })

  it("stands in a field of the account's own where another application owns the external id", () => {
    const own = settingsOf({ keyFields: { Account: "custentity_mortise_key" } })
    expect(Identity.of(own, "Account")).toMatchObject({ carrier: "findThenWrite", field: "custentity_mortise_key" })
    expect(Identity.column(own, "Account")).toBe("custentity_mortise_key")
    expect(Identity.column(own, "Contact")).toBe("externalid")
  })
})

describe("the options", () => {
  const issues = (more: Partial<NetSuiteConfig>) => {
    const { reason } = Effect.runSync(Effect.flip(Settings.make({ ...config, ...more })))
    return reason._tag === "Invalid" ? reason.issues.map(({ path }) => path.join(".")) : []
  }

  it("find the account's host by its id, a sandbox too", () => {
    expect(settings.url.href).toBe("https://1234567-sb1.suitetalk.api.netsuite.com/")
  })

  it.each(["evil.example/", "a b", "", "x@y", "..", "1234567_SB1.evil", "a".repeat(64)])(
    "refuse an account that is no label of a host: %j",
    (account) => {
      expect(issues({ account })).toContain("account")
    },
  )

  it("name every option at fault at once, and none of the secrets", () => {
    const bad = {
      url: "https://x.example/path",
      subsidiary: "US",
      timeZone: "Mars/Olympus",
      pageSize: 1001,
      concurrency: 0,
      batchFrom: 0.5,
      custom: { Account: { custbody_x: "text" }, Order: { "custbody'x": "text" } },
      keyFields: { Contact: "externalid" },
      orders: { lineKeyField: "custbody_x" },
    } as const
    expect(new Set(issues(bad))).toEqual(
      new Set([
        "url",
        "subsidiary",
        "timeZone",
        "pageSize",
        "concurrency",
        "batchFrom",
        "custom",
        "keyFields",
        "orders",
      ]),
    )
  })

  it("take no signature that NetSuite refuses", () => {
    const credentials = { ...config.credentials, algorithm: "RS256" } as unknown as NetSuiteConfig["credentials"]
    expect(issues({ credentials })).toEqual(["credentials"])
  })
})
