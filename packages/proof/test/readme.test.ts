import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import { setupServer } from "msw/node"
import { afterEach, beforeEach, expect, it, vi } from "vitest"

const root = join(import.meta.dirname, "../../..")

const IMPORTS = `
import * as Promises from "@mortise/core/Promises"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import * as Redacted from "effect/Redacted"
`

/** Beside the test, so that the workspace's packages are found. */
const workplace = async (run: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(import.meta.dirname, ".readme-"))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

beforeEach(() => {
  vi.stubEnv("HUBSPOT_TOKEN", HubSpotTwin.TOKEN)
  vi.stubEnv("MORTISE_SEAL_KEY", "a key that only this test has, and long enough")
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it("the example of the README runs, and changes nothing when it runs again", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8")
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ""
  const twin = HubSpotTwin.make({ clock: { now: () => Date.now(), sleep: async () => {} } })
  const server = setupServer(...twin.handlers)
  const said = vi.spyOn(console, "log").mockImplementation(() => {})
  server.listen()
  await workplace(async (folder) => {
    for (const run of ["first", "second"]) {
      const file = join(folder, `${run}.ts`)
      const program = example.replaceAll('"mortise.db"', JSON.stringify(join(folder, "mortise.db")))
      await writeFile(file, `${IMPORTS}${program}\nawait close()\n`)
      await import(file)
    }
  })
  server.close()
  const outcomes = said.mock.calls.flatMap(([first]) => first as ReadonlyArray<{ readonly _tag: string }>)
  expect(outcomes.map(({ _tag }) => _tag)).toEqual(["Created", "Unchanged"])
  expect(twin.world.records("companies")).toHaveLength(1)
})
