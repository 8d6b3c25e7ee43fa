import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest"
import * as Demo from "./support/demo.ts"

const place = Demo.folder()
const own = join(place, ".demo")
// The demo reads it once, when it is loaded.
process.env["MORTISE_DEMO_FOLDER"] = own
const Dump = await import("../src/demo/Dump.ts")
const LastRun = await import("../src/demo/LastRun.ts")
const { parse, UsageError } = await import("../src/demo/Options.ts")

beforeEach(() => {
  Demo.remove(own)
  mkdirSync(own)
  Demo.leave(own, {})
})
afterAll(() => Demo.remove(place))

const thrown = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error("nobody minded")
}

const wrongUse = async (run: () => Promise<unknown>): Promise<string> => {
  const error = await thrown(run)
  expect(error).toBeInstanceOf(UsageError)
  return String(error)
}

describe("the demo refuses a folder for its dump", () => {
  writeFileSync(join(place, "file"), "")
  symlinkSync(own, join(place, "link"))

  it.each([
    ["no name at all", "", "expected a folder"],
    ["a file", join(place, "file"), "no folder to write to"],
    ["what would stand in a file", join(place, "file", "below"), "no folder to write to"],
    ["the demo's own folder", own, "keeps its own worlds"],
    ["a folder inside it", join(own, "inside"), "keeps its own worlds"],
    ["a link to it", join(place, "link"), "keeps its own worlds"],
  ])("%s", async (_, named, why) => {
    const told = await wrongUse(() => Dump.prepare(named))
    expect(told).toContain(`"${named}"`)
    expect(told).toContain(why)
    expect(existsSync(join(own, "inside"))).toBe(false)
  })

  it("before anything runs", async () => {
    const { code, errors, out } = await Demo.demo(own, "--dump", join(place, "file"))
    expect(code).toBe(2)
    expect(errors).toMatch(/^demo: --dump: .*\n\nnpm run demo/)
    expect(out).toBe("")
    // A fresh start would have removed it.
    expect(existsSync(join(own, "run.json"))).toBe(true)
  })
})

describe("the demo makes the folder for its dump", () => {
  it.each([
    ["with all above it", join(place, "some", "where")],
    ["beside its own, of nearly the same name", join(place, ".demo-dump")],
    ["of a name that begins like the way up", join(place, "..dump")],
  ])("%s", async (_, named) => {
    await Dump.prepare(named)
    expect(existsSync(named)).toBe(true)
  })
})

const prepare = (...argv: ReadonlyArray<string>): Promise<void> => {
  const options = parse(argv)
  if (options === undefined) throw new Error("help")
  return LastRun.prepare(options, new AbortController().signal)
}

describe("the demo refuses to go on with another run than was asked for", () => {
  it.each([
    ["--resume", ["--erp", "netsuite"], ["--erp", "netsuite", "acumatica"]],
    ["--again", ["--erp", "netsuite"], ["--erp", "netsuite", "acumatica"]],
    ["--resume", ["--seed", "8"], ["--seed", "8", "7"]],
    ["--again", ["--seed", "8"], ["--seed", "8", "7"]],
    ["--resume", ["--all"], ["--all", "invoices", "has companies"]],
    ["--again", ["--all"], ["--all", "invoices", "has companies"]],
  ])("%s %s", async (mode, asked, words) => {
    const told = await wrongUse(() => prepare(mode, ...asked))
    for (const word of words) expect(told).toContain(word)
  })

  it("and goes on with the same one, named or not", async () => {
    await prepare("--resume")
    await prepare("--again", "--erp", "acumatica", "--seed", "7")
    const profile = { flows: ["products", "companies", "contacts", "invoices", "payments"], standing: false } as const
    Demo.leave(own, { profile })
    await prepare("--resume", "--all")
  })
})

describe("the ports that the twins had", () => {
  const server = createServer((_, response) => response.end())
  let port = 0
  beforeEach(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(() => server.close())

  it("are named when one is taken", async () => {
    Demo.leave(own, { hubspot: port })
    const { code, errors } = await Demo.demo(own, "--resume")
    expect(code).toBe(1)
    expect(errors).toMatch(new RegExp(`^demo: port ${port}, .* is taken.*\n$`))
  })

  it("are held by the twins of a run that was killed until they have saved their worlds", async () => {
    Demo.leave(own, { saved: false, port })
    server.once("connection", () => {
      Demo.leave(own, { saved: true, port })
      server.close()
    })
    await prepare("--resume")
  })

  it("are free, and no world was saved, when the twins were killed as well", async () => {
    Demo.leave(own, { saved: false })
    expect(String(await thrown(() => prepare("--resume")))).toContain("start afresh")
  })
})
