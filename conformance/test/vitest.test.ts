import { describe, expect, it } from "vitest"
import { rules } from "../src/rules/index.ts"
import { scenarios } from "../src/scenarios/index.ts"
import { describeConformance, type It } from "../src/Vitest.ts"
import { ledgerette, subject } from "./command/support/broken.ts"

/** A framework that only writes down what it is given. */
const framework = () => {
  const tests = new Map<string, () => Promise<void>>()
  const skipped: Array<string> = []
  const groups: Array<string> = []
  const noted: It = Object.assign(
    (name: string, body: () => Promise<void>) => void tests.set(name.split(":")[0] ?? "", body),
    {
      skip: (name: string) => void skipped.push(name.split(":")[0] ?? ""),
    },
  )
  const group = (name: string, body: () => void) => {
    groups.push(name)
    body()
  }
  return { tests, skipped, groups, frame: { describe: group, it: noted } }
}

const chosen = {
  rules: rules.filter(({ id }) => id === "I/again" || id === "R/deletions"),
  scenarios: scenarios.filter(({ id }) => id === "update" || id === "lines"),
  seeds: [1],
}

describe("the suite in the tests of an adapter", () => {
  it("is a test a rule and a test a sweep, and what is declared absent is skipped", async () => {
    const { frame, groups, skipped, tests } = framework()
    describeConformance({ ...frame, ...chosen, subject: subject(ledgerette) })
    expect(groups).toEqual(["broken keeps the promises of a connector"])
    expect([...tests.keys()]).toEqual(["I/again", "sweep update"])
    expect(skipped).toEqual(["R/deletions", "sweep lines"])
    for (const run of tests.values()) await run()
  })

  it("fails with what is wrong", async () => {
    const { frame, tests } = framework()
    const throwing = () => {
      throw new Error("no such tenant")
    }
    describeConformance({ ...frame, ...chosen, subject: subject(throwing) })
    for (const run of tests.values()) await expect(run()).rejects.toThrow("the adapter's factory threw: no such tenant")
  })

  it("fails when a rule makes another number of assertions than is pinned, or is skipped though it is pinned", async () => {
    const { frame, skipped, tests } = framework()
    describeConformance({ ...frame, ...chosen, subject: subject(ledgerette), pins: { "I/again": 6, "R/deletions": 3 } })
    expect(skipped).toEqual(["sweep lines"])
    await expect(tests.get("I/again")?.()).rejects.toThrow("5 assertions were made, pinned are 6")
    await expect(tests.get("R/deletions")?.()).rejects.toThrow("3 assertions are pinned, and now it is skipped")
  })
})
