/** The example of the vendor's page runs, against the environment that it names. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Finding } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { setupServer } from "msw/node"
import { afterEach, expect, it, onTestFinished, vi } from "vitest"

const page = join(import.meta.dirname, "../../../docs/vendors/dynamics.md")

afterEach(() => {
  vi.unstubAllEnvs()
})

it("the example of the vendor's page opens a connector and finds nothing wrong", async () => {
  vi.stubEnv("DYNAMICS_CLIENT_SECRET", DynamicsTwin.CREDENTIALS.clientSecret)
  const example = /```ts\n([\s\S]*?)```/.exec(await readFile(page, "utf8"))?.[1] ?? ""
  const twin = DynamicsTwin.make({ clock: { now: () => Date.now(), sleep: async () => {} } })
  const server = setupServer(...twin.handlers)
  server.listen()
  const folder = await mkdtemp(join(import.meta.dirname, ".page-"))
  onTestFinished(async () => {
    server.close()
    await rm(folder, { recursive: true })
  })
  const file = join(folder, "example.ts")
  await writeFile(file, example)
  const { program } = (await import(file)) as {
    readonly program: Effect.Effect<ReadonlyArray<Finding>, ConnectorError, StateStore.StateStore>
  }
  const findings = await Effect.runPromise(Effect.provide(program, StateStore.layerMemory()))
  expect(findings.filter(({ level }) => level !== "ok")).toEqual([])
  expect(findings.length).toBeGreaterThan(10)
})
