import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { subject } from "../../examples/handlers/subject.ts"
import { make } from "../../examples/handlers/twin.ts"
import { ORIGIN, TOKEN } from "../../examples/ledgerette/twin.ts"
import * as Suite from "../../src/kit/Suite.ts"
import { rules } from "../../src/rules/index.ts"
import { scenarios } from "../../src/scenarios/index.ts"
import * as VirtualGlobals from "../../src/VirtualGlobals.ts"

afterEach(VirtualGlobals.restore)

const root = join(import.meta.dirname, "../../..")
const page = await readFile(join(root, "docs/conformance/your-own-adapter.md"), "utf8")

const RULES = [
  "I/again",
  "I/adopt",
  "I/lost-reply",
  "I/dies-after-write",
  "R/each-once",
  "A/wrong-credentials",
  "E/not-found",
]

describe("a twin of one's own handlers", () => {
  it("is shown as it is, with the adapter that stands on it", async () => {
    for (const file of ["twin.ts", "subject.ts"]) {
      expect(page).toContain(await readFile(join(root, "conformance/examples/handlers", file), "utf8"))
    }
  })

  it("has journal, clock and faults as every twin", async () => {
    const twin = make({ clock: { now: () => 1_000, sleep: async () => {} } })
    const headers = { authorization: `Bearer ${TOKEN}` }
    twin.faults.deal({ at: 1, fault: { kind: "lostReply" } })
    const create = { method: "POST", headers, body: JSON.stringify({ name: "Rossi" }) }
    await expect(twin.fetch(`${ORIGIN}/v1/customers`, create)).rejects.toThrow("fetch failed")
    const listed = await twin.fetch(`${ORIGIN}/v1/customers`, { headers })
    expect(await listed.json()).toMatchObject({ total: 1, data: [{ name: "Rossi" }] })
    expect(listed.headers.get("date")).toBe("Thu, 01 Jan 1970 00:00:01 GMT")
    expect(twin.journal.lines.map(({ changed, faults, method }) => [method, changed, faults])).toEqual([
      ["POST", true, ["lostReply"]],
      ["GET", false, []],
    ])
    expect((await twin.fetch(`${ORIGIN}/v1/nothing`, { headers })).status).toBe(404)
  })

  it.each(RULES)("stands under an adapter with promises that keeps %s", async (id) => {
    const [result] = await Suite.judge(subject, { rules: rules.filter((rule) => rule.id === id) })
    expect([result?.verdict, result?.findings]).toEqual(["passed", []])
  })

  it("stands under a sweep", async () => {
    const [result] = await Suite.sweep(subject, {
      scenarios: scenarios.filter(({ id }) => id === "create"),
      seeds: [1, 2],
    })
    expect(result?.failures.map(({ problems, schedule }) => [schedule, problems])).toEqual([])
    expect(result?.cutPoints).toBeGreaterThan(30)
  })
})
