import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { describe, expect, it, onTestFinished } from "vitest"
import * as Load from "../../src/command/Load.ts"
import type { Connected } from "../../src/kit/Subject.ts"
import * as Suite from "../../src/kit/Suite.ts"
import * as PromiseAdapter from "../../src/PromiseAdapter.ts"
import { rules } from "../../src/rules/index.ts"
import { scenarios } from "../../src/scenarios/index.ts"
import { open } from "../twinkit/support/promisedLedger.ts"
import { type Adapter, ledgerette, subject } from "./support/broken.ts"

const chosen = rules.filter(({ id }) => id === "I/again" || id === "I/adopt")

const findings = async (adapter: (given: Parameters<Adapter>[0]) => unknown) => {
  const { rules: judged } = await Suite.run(subject(adapter), { rules: chosen, scenarios: [], handles: true })
  expect(judged.map(({ id }) => id)).toEqual(chosen.map(({ id }) => id))
  return judged.map(({ findings: found, verdict }) => [verdict, ...found])
}

/** The same for both rules: the second one is judged after the first has met the fault. */
const both = (...told: ReadonlyArray<string>) => [
  ["failed", ...told],
  ["failed", ...told],
]

const realTimeout = setTimeout

const broken = "it broke off: the adapter's factory"

const withoutFind = Effect.fnUntraced(function* (given: Parameters<Adapter>[0]) {
  const { ports, ...others } = yield* ledgerette(given)
  const { find: _, ...account } = ports.Account
  return { ...others, ports: { Account: account } }
})

describe("an adapter whose factory", () => {
  it("is all right is told nothing", async () => {
    expect(await findings(ledgerette)).toEqual([["passed"], ["passed"]])
  })

  it("throws", async () => {
    const adapter = () => {
      throw new TypeError("no such tenant")
    }
    expect(await findings(adapter)).toEqual(both(`${broken} threw: no such tenant`))
  })

  it("throws what is no error", async () => {
    const adapter = () => {
      throw { code: 42, reason: "no such tenant" }
    }
    const told = "{ code: 42, reason: 'no such tenant' }, which is no Error"
    expect(await findings(adapter)).toEqual(both(`${broken} threw: ${told}`))
  })

  it("calls the global fetch", async () => {
    const adapter = (given: Parameters<Adapter>[0]) =>
      ledgerette({ ...given, fetch: (input, init) => fetch(new Request(input, init)) })
    const told = await findings(adapter)
    for (const [verdict, ...each] of told) {
      expect(verdict).toBe("failed")
      expect(each.join("\n")).toMatch(/the adapter called the global fetch \(GET https:\S+\), and was held back/)
    }
  })

  it("never comes back", async () => {
    expect(await findings(() => Effect.never)).toEqual(both(`${broken} did not come back within a day of virtual time`))
  })

  it("never comes back with a promise", async () => {
    const adapter = PromiseAdapter.factory(() => new Promise<never>(() => {}))
    expect(await findings(adapter)).toEqual(both(`${broken} did not come back within a day of virtual time`))
  })

  it("fails with an error of its own", async () => {
    expect(await findings(() => Effect.fail(new Error("E42")))).toEqual(
      both(`${broken} failed with what is no ConnectorError: E42`),
    )
  })

  it.each([
    [
      "gives a bare promise",
      async () => ({}),
      `${broken} gave something that is no Effect; one with promises is wrapped by PromiseAdapter.factory`,
    ],
    ["gives nothing", () => Effect.void, `${broken} gave nothing instead of a connector`],
    [
      "gives a text",
      () => Effect.succeed("connected"),
      `${broken} gave a string of 9 characters instead of a connector`,
    ],
    [
      "gives half of a connector",
      () => Effect.succeed({ system: "x", apiVersion: "1", ports: {} }),
      `${broken} gave a connector without scope, check, prepare`,
    ],
    ["gives a port without a method", withoutFind, `${broken} gave a port Account without find`],
  ])("%s", async (_, adapter, told) => {
    expect(await findings(adapter)).toEqual(both(told))
  })

  it("leaves a timer running after it was closed", async () => {
    const timers: Array<NodeJS.Timeout> = []
    onTestFinished(() => {
      for (const timer of timers) clearInterval(timer)
    })
    const adapter = (given: Parameters<Adapter>[0]) => {
      // More than one: a timer of the test runner that ends meanwhile hides one.
      for (let nth = 0; nth < 3; nth++) timers.push(setInterval(() => {}, 60_000))
      return ledgerette(given)
    }
    const [again] = await findings(adapter)
    expect(again?.[0]).toBe("failed")
    expect(again?.[1]).toMatch(/^the adapter was closed, and left open: \d timers?$/)
  })

  it("gives one connector to several openings", async () => {
    let kept: Connected | undefined
    const adapter = Effect.fnUntraced(function* (given: Parameters<Adapter>[0]) {
      kept ??= (yield* ledgerette(given)) as unknown as Connected
      return kept
    })
    const told = await findings((given) => adapter(given))
    expect(told.flat().join()).toContain(
      "the adapter's factory gave the same connector to two openings: what one leaves behind, the other finds",
    )
  })

  it("gives one connector of promises to several openings", async () => {
    let kept: ReturnType<typeof open> | undefined
    const adapter = PromiseAdapter.factory((given: Parameters<typeof open>[0]) => {
      kept ??= open(given)
      return kept
    })
    const told = await findings(adapter)
    expect(told.flat().join()).toContain("the adapter's factory gave the same connector to two openings")
  })

  it("throws only when it is opened again is found out by a sweep too", async () => {
    let opened = 0
    const adapter = (given: Parameters<Adapter>[0]) => {
      opened += 1
      if (opened > 1) throw new Error("only once")
      return ledgerette(given)
    }
    const { sweeps } = await Suite.run(subject(adapter), {
      rules: [],
      scenarios: scenarios.filter(({ id }) => id === "create"),
      seeds: [],
    })
    expect(sweeps.map(({ failures, verdict }) => [verdict, failures[0]?.problems.join()])).toEqual([
      ["failed", expect.stringContaining("the adapter's factory threw: only once")],
    ])
  })

  it("sets timers with a function that it took hold of before is told so", async () => {
    const adapter = PromiseAdapter.factory(async (given: Parameters<typeof open>[0]) => {
      await new Promise((resolve) => realTimeout(resolve, 5))
      return open(given)
    })
    const [again] = await findings(adapter)
    expect(again?.join("\n")).toMatch(/note: a real timer was set, by a `setTimeout` that was taken hold of before/)
  })
})

describe("a file that is to be judged", () => {
  const loaded = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), "adapter-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, "adapter.mjs")
    await writeFile(file, text)
    return Load.load(file)
  }

  const SUBJECT =
    '{ name: "a", version: "1", apiVersion: "v1", profile: "full", side: "erp", absent: {}, open: () => {} }'

  it.each([
    `export default ${SUBJECT}`,
    `export default () => (${SUBJECT})`,
    `export default async () => (${SUBJECT})`,
    `export default Promise.resolve(${SUBJECT})`,
    `export const subject = ${SUBJECT}`,
  ])("is taken as it is written: %s", async (text) => {
    expect((await loaded(text)).name).toBe("a")
  })

  it.each([
    ["", /has neither a default export nor one named `subject`\.$/],
    ["export const adapter = 1", /\(it exports adapter\)\.$/],
    ["export default 7", /^The export of .* is a number\.$/],
    ["export default () => undefined", /^What the export gives of .* is nothing\.$/],
    ['export default { name: "a", version: "1", open() {} }', /has no apiVersion\.$/],
    [`export default { ...${SUBJECT}, open: 1 }`, /has no function `open`\.$/],
    [`export default { ...${SUBJECT}, profile: "most" }`, /a profile that is none of reader, writer, full\.$/],
    [`export default { ...${SUBJECT}, side: "left" }`, /a side that is neither "crm" nor "erp"\.$/],
    [`export default { ...${SUBJECT}, absent: undefined }`, /does not say what is `absent`\.$/],
    ['export default () => { throw new RangeError("no") }', /threw RangeError: no$/],
    ['throw new Error("at once")', /cannot be loaded: Error: at once$/],
    ["export default {", /cannot be loaded: /],
    ['import "not-installed-anywhere"', /cannot be loaded: Error: Cannot find package 'not-installed-anywhere'/],
  ])("is refused in words: %s", async (text, message) => {
    await expect(loaded(text)).rejects.toThrow(message)
  })

  it("is missed by its path", async () => {
    await expect(Load.load("/nowhere/adapter.ts")).rejects.toThrow("There is no file /nowhere/adapter.ts.")
  })
})
