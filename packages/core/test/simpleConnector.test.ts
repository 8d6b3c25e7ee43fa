import { describe, expect, it } from "@effect/vitest"
import * as ConnectorError from "@mortise/core/ConnectorError"
import * as SimpleConnector from "@mortise/core/SimpleConnector"
import * as Effect from "effect/Effect"

const failing = (reason: ConnectorError.Reason) =>
  Effect.fail(new ConnectorError.ConnectorError({ system: "acme", reason }))

const message = "no"

const connector = SimpleConnector.make({
  apiVersion: "v1",
  scope: { system: "acme", instance: "acme.example" },
  ports: {},
  client: "raw",
  probes: {
    things: Effect.succeed(1),
    secrets: failing(new ConnectorError.Forbidden({ message })),
    door: failing(new ConnectorError.Unauthorized({ message })),
    quota: failing(new ConnectorError.QuotaExhausted({ message })),
    version: failing(new ConnectorError.VersionMismatch({ message, pinned: "v1", found: ["v2"] })),
    net: failing(new ConnectorError.Transport({ message, sent: false })),
  },
})

describe("a connector around ports", () => {
  it.effect("tells of every probe what it found, and one that fails hides no other", () =>
    Effect.gen(function* () {
      const findings = yield* connector.check
      expect(findings.map(({ check, level }) => [check, level])).toEqual([
        ["rights", "ok"],
        ["rights", "error"],
        ["credentials", "error"],
        ["limits", "error"],
        ["version", "error"],
        ["host", "error"],
      ])
    }),
  )

  it.effect("owns no field in the vendor's system, and says so", () =>
    Effect.gen(function* () {
      const declaration = { entity: "Account", name: "key", type: "text", label: "Key" } as const
      expect(yield* connector.prepare()).toEqual([])
      expect(yield* connector.prepare([declaration])).toMatchObject([{ declaration, result: "unsupported" }])
      expect([connector.system, connector.readOnly, connector.client]).toEqual(["acme", false, "raw"])
    }),
  )
})
