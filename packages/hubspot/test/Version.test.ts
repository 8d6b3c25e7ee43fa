import { describe, expect, it } from "vitest"
import type * as Routes from "../src/Routes.ts"
import { open } from "./portal.ts"

const unknown = "2019-01" as Routes.Version

describe("a version of the API", () => {
  it("that nobody knows is refused before any request, with those that are known", async () => {
    const { connect, fails, journal } = open()
    for (const [config, path] of [
      [{ version: unknown }, ["version"]],
      [{ routes: { objects: unknown } }, ["routes", "objects"]],
    ] as const) {
      const error = await fails(connect(config))
      expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path }] })
      expect(error.message).toContain("2026-09, 2026-03, v3")
    }
    expect(journal.lines).toHaveLength(0)
  })

  it("that the host does not serve is a mismatch, and no record that is not there", async () => {
    const { connect, fails, twin } = open({ knobs: { html404: true } })
    twin.faults.deal({ at: ({ path }) => path.startsWith("/account-info/"), fault: { kind: "htmlPage", status: 404 } })
    const error = await fails(connect())
    expect(error.reason).toMatchObject({ _tag: "VersionMismatch", pinned: "2026-09", found: [] })
    expect(error.message).toMatch(/baseUrl/)
  })
})
