import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as Benches from "@mortise/conformance/kit/Bench"
import type { Reason, ReasonTag } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Acumatica from "../src/conformance/subjects/acumatica/Acumatica.ts"
import * as HubSpot from "../src/conformance/subjects/hubspot/HubSpot.ts"
import { failureOf, watch } from "./support/watched.ts"

const SECRET = "pat-eu1-this-must-never-be-seen"

interface Case {
  readonly what: string
  readonly options: Readonly<Record<string, unknown>>
  readonly reason: ReasonTag
  /** The option at fault, where one is. */
  readonly path?: string
  readonly says: RegExp
  /** The versions that the instance serves, where it is not the usual ones. */
  readonly served?: ReadonlyArray<string>
  /** Requests that reach the vendor. */
  readonly requests: number
}

const token = Redacted.make(SECRET)
const secret = Redacted.make(SECRET)
const { clientId, clientSecret, name } = AcumaticaTwin.CREDENTIALS
const grant = { type: "oauth", clientId, clientSecret: Redacted.make(clientSecret), refreshToken: secret }

const HUBSPOT: ReadonlyArray<Case> = [
  { what: "a wrong token", options: { credentials: { token } }, reason: "Unauthorized", says: /token/, requests: 1 },
  {
    what: "an empty token",
    options: { credentials: { token: Redacted.make("") } },
    reason: "Invalid",
    path: "token",
    says: /empty/,
    requests: 0,
  },
  {
    what: "a wrong client secret",
    options: { credentials: { clientId: "conformance-app", clientSecret: secret, refreshToken: token } },
    reason: "Unauthorized",
    says: /./,
    requests: 1,
  },
  {
    what: "a version that nobody knows",
    options: { version: "2019-01" },
    reason: "Invalid",
    path: "version",
    says: /2026-09/,
    requests: 0,
  },
  {
    what: "a host without https",
    options: { baseUrl: "http://api.hubapi.com" },
    reason: "Invalid",
    path: "baseUrl",
    says: /https/,
    requests: 0,
  },
  {
    what: "a host with a password in it",
    options: { baseUrl: `https://me:${SECRET}@api.hubapi.com` },
    reason: "Invalid",
    path: "baseUrl",
    says: /password/,
    requests: 0,
  },
  {
    what: "a host that is none",
    options: { baseUrl: "api.hubapi.com" },
    reason: "Invalid",
    path: "baseUrl",
    says: /URL/,
    requests: 0,
  },
  {
    what: "a host that nobody answers for",
    options: { baseUrl: "https://nobody.example" },
    reason: "Transport",
    says: /no connection/,
    requests: 0,
  },
  {
    what: "another portal than the token's",
    options: { portalId: "7" },
    reason: "Invalid",
    path: "portalId",
    says: /belongs to/,
    requests: 1,
  },
  {
    what: "a key property that no portal takes",
    options: { keyProperty: "Our Key" },
    reason: "Invalid",
    path: "keyProperty",
    says: /lower-case/,
    requests: 0,
  },
]

const ACUMATICA: ReadonlyArray<Case> = [
  {
    what: "a refresh token that is none",
    options: { credentials: grant },
    reason: "Unauthorized",
    says: /./,
    requests: 2,
  },
  {
    what: "a wrong client secret",
    options: { credentials: { ...grant, clientSecret: secret } },
    reason: "Unauthorized",
    says: /./,
    requests: 2,
  },
  {
    what: "a wrong password",
    options: { credentials: { type: "cookie", name, password: secret } },
    reason: "Unauthorized",
    says: /password/,
    requests: 2,
  },
  {
    what: "a client id of another tenant",
    options: { credentials: { ...grant, clientId: clientId.replace("@Acme", "@Other") } },
    reason: "Invalid",
    path: "credentials.clientId",
    says: /Other/,
    requests: 0,
  },
  {
    what: "a client id that is none",
    options: { credentials: { ...grant, clientId: "me" } },
    reason: "Invalid",
    path: "credentials.clientId",
    says: /GUID/,
    requests: 0,
  },
  {
    what: "a version that the instance does not serve",
    options: { version: "25.200.001" },
    served: ["23.200.001", "24.200.001"],
    reason: "VersionMismatch",
    says: /25\.200\.001; it serves 23\.200\.001, 24\.200\.001/,
    requests: 1,
  },
  {
    what: "a version that nobody knows",
    options: { version: "1.0" },
    reason: "Invalid",
    path: "version",
    says: /24\.200\.001/,
    requests: 0,
  },
  {
    what: "a host without https",
    options: { url: "http://erp.example.com/acme" },
    reason: "Invalid",
    path: "baseUrl",
    says: /https/,
    requests: 0,
  },
  {
    what: "a host with a password in it",
    options: { url: `https://me:${SECRET}@acme.acumatica.example/AcmeERP` },
    reason: "Invalid",
    path: "url",
    says: /./,
    requests: 0,
  },
  {
    what: "a host that is none",
    options: { url: "acme" },
    reason: "Invalid",
    path: "url",
    says: /no address/,
    requests: 0,
  },
  {
    what: "a host that nobody answers for",
    options: { url: "https://nobody.example/AcmeERP" },
    reason: "Transport",
    says: /no connection/,
    requests: 0,
  },
  {
    what: "another path than the instance's",
    options: { url: `${AcumaticaTwin.ORIGIN}/Elsewhere` },
    reason: "NotFound",
    says: /./,
    requests: 1,
  },
  { what: "no tenant", options: { tenant: " " }, reason: "Invalid", path: "tenant", says: /empty/, requests: 0 },
]

const pathsOf = (reason: Reason): ReadonlyArray<string> =>
  reason._tag === "Invalid" ? reason.issues.map(({ path }) => path.join(".")) : []

describe.each([
  ["HubSpot", HubSpot.subject, HUBSPOT],
  ["Acumatica", Acumatica.subject, ACUMATICA],
] as const)("opening %s", (_, subject, cases) => {
  it.each(cases.map((one) => [one.what, one] as const))("refuses %s, and says no secret", async (_, one) => {
    const bench = Benches.make(subject, { ...(one.served === undefined ? {} : { served: one.served }) })
    const before = JSON.stringify(bench.party.records())
    const seen = await watch(
      bench,
      Effect.flatMap(bench.connect({ options: one.options }), (connected) =>
        bench.party.port(connected).find([bench.party.write(1).key]),
      ),
    )
    const { message, reason } = failureOf(seen)
    expect(reason._tag).toBe(one.reason)
    if (one.path !== undefined) expect(pathsOf(reason)).toContain(one.path)
    expect(message).toMatch(one.says)
    expect(seen.text).not.toContain(SECRET)
    expect(seen.leaks).toEqual([])
    expect(bench.twin.journal.count()).toBe(one.requests)
    expect(JSON.stringify(bench.party.records())).toBe(before)
  })
})
