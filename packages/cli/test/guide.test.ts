import { execFile } from "node:child_process"
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Outcome } from "@mortise/core/Outcome"
import * as StateStore from "@mortise/core/StateStore"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { describe, expect, it, onTestFinished } from "vitest"
import { folder } from "./support/folder.ts"
import { HOME } from "./support/home.ts"
import { asProgram } from "./support/run.ts"

const root = join(HOME, "../..")
const VENDOR = "https://api.hubapi.com"

const guide = await readFile(join(root, "docs/guide/generate.md"), "utf8")

const block = (language: string, containing: string): string => {
  const blocks = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
  return blocks.find(([, name, body]) => name === language && body?.includes(containing))?.[2] ?? ""
}

/** The arguments after `npx mortise`, with the twin in the place of the vendor. */
const commandOf = (text: string, url: string): ReadonlyArray<string> =>
  (/npx mortise (.*)/.exec(text)?.[1] ?? "").replace(VENDOR, url).split(" ")

const serveTwin = async () => {
  const twin = HubSpotTwin.make({ clock: { now: () => Date.UTC(2026, 10, 2, 9), sleep: async () => {} } })
  const served = await twin.serve()
  onTestFinished(served.close)
  const define = (body: object) =>
    fetch(`${served.url}/crm/properties/2026-09/companies`, {
      method: "POST",
      headers: { authorization: `Bearer ${HubSpotTwin.TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ groupName: "companyinformation", ...body }),
    })
  const options = [{ label: "North", value: "north", displayOrder: 0, hidden: false }]
  await define({ name: "region_code", label: "Region", type: "enumeration", fieldType: "select", options })
  await define({ name: "mortise_key", label: "Key", type: "string", fieldType: "text", hasUniqueValue: true })
  return { twin, url: served.url }
}

type Program = Effect.Effect<ReadonlyArray<Outcome>, ConnectorError, StateStore.StateStore | Scope.Scope>

const TSCONFIG = {
  extends: join(root, "tsconfig.base.json"),
  include: ["src"],
  compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
}

/** What the compiler has to say about the program and what it was generated from. */
const faultsOf = async (at: string): Promise<ReadonlyArray<string>> => {
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", at], { cwd: at }).catch(
    (error: { readonly stdout: string }) => error,
  )
  return stdout.split("\n").filter((line) => /^(?:src\/|error)/.test(line))
}

describe("the guide on generating", () => {
  it("works as it stands", async () => {
    const { twin, url } = await serveTwin()
    const at = await folder()
    const environment = { HUBSPOT_TOKEN: HubSpotTwin.TOKEN, HUBSPOT_BASE_URL: url }
    await symlink(join(root, "node_modules"), join(at, "node_modules"))
    await mkdir(join(at, "src"))
    await writeFile(join(at, "package.json"), '{ "type": "module" }')
    await writeFile(join(at, "tsconfig.json"), JSON.stringify(TSCONFIG))
    await writeFile(join(at, "src/program.ts"), block("ts", "HubSpot.make"))

    const generated = await asProgram(commandOf(block("sh", "HUBSPOT_TOKEN"), url), { folder: at, environment })
    expect(generated, generated.err).toMatchObject({ code: 0 })
    expect(await faultsOf(at)).toEqual([])

    const { program } = (await import(join(at, "src/program.ts"))) as { readonly program: Program }
    const run = program.pipe(
      Effect.provide(StateStore.layerMemory()),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
      Effect.scoped,
    )
    expect(await Effect.runPromise(run)).toMatchObject([{ _tag: "Created" }])
    expect(JSON.stringify(twin.world.dump()).includes('"region_code":"north"')).toBe(true)

    const checked = await asProgram(commandOf(block("sh", "--check"), url), { folder: at, environment })
    expect(checked, checked.out + checked.err).toMatchObject({ code: 0 })
  })

  it("names every credential that the command looks for", async () => {
    const { all } = await import("../src/internal/Names.ts")
    expect(all.filter((name) => !guide.includes(name))).toEqual([])
  })
})
