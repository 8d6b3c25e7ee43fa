import { chmod, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import type { CommandError } from "../src/CommandError.ts"
import * as Settings from "../src/internal/Settings.ts"
import { folder } from "./support/folder.ts"

const load = async (options: {
  readonly file?: string
  readonly mode?: number
  readonly name?: string
  readonly named?: string
  readonly environment?: Readonly<Record<string, string>>
}) => {
  const at = await folder()
  const path = join(at, options.name ?? Settings.FILE)
  if (options.file !== undefined) {
    await writeFile(path, options.file, { mode: 0o600 })
    await chmod(path, options.mode ?? 0o600)
  }
  const told: Array<string> = []
  const surroundings = {
    version: "0.0.0-test",
    home: "",
    args: [],
    environment: options.environment ?? {},
    folder: at,
    out: () => Effect.void,
    err: (text: string) => Effect.sync(() => void told.push(text)),
    errIsTerminal: false,
    columns: 80,
    fetch: globalThis.fetch,
  }
  const settings = await Effect.runPromise(Settings.load(surroundings, options.named))
  return { settings, told: told.join("") }
}

const refusal = (options: Parameters<typeof load>[0]): Promise<CommandError> =>
  load(options).then(
    () => {
      throw new Error("it was taken")
    },
    (error: CommandError) => error,
  )

const opened = (secret: Redacted.Redacted<string> | undefined) =>
  secret === undefined ? undefined : Redacted.value(secret)

describe("credentials", () => {
  it("come from the configuration file of the folder", async () => {
    const { settings, told } = await load({ file: '{"HUBSPOT_TOKEN":"s3cret"}' })
    expect(opened(settings.secret("HUBSPOT_TOKEN"))).toBe("s3cret")
    expect(told).toBe("")
  })

  it("come from the environment first", async () => {
    const { settings } = await load({ file: '{"HUBSPOT_TOKEN":"file"}', environment: { HUBSPOT_TOKEN: "environment" } })
    expect(opened(settings.secret("HUBSPOT_TOKEN"))).toBe("environment")
  })

  it("come from the file where the environment has an empty text", async () => {
    const { settings } = await load({ file: '{"HUBSPOT_TOKEN":"file"}', environment: { HUBSPOT_TOKEN: "" } })
    expect(opened(settings.secret("HUBSPOT_TOKEN"))).toBe("file")
  })

  it("lose the line break that they were copied with", async () => {
    const { settings } = await load({ environment: { HUBSPOT_TOKEN: "s3cret\n" } })
    expect(opened(settings.secret("HUBSPOT_TOKEN"))).toBe("s3cret")
  })

  it("come from a file that is named", async () => {
    const { settings } = await load({ file: '{"HUBSPOT_TOKEN":"s3cret"}', name: "mine.json", named: "mine.json" })
    expect(opened(settings.secret("HUBSPOT_TOKEN"))).toBe("s3cret")
  })

  it("show themselves to nobody who prints them", async () => {
    const { settings } = await load({ environment: { HUBSPOT_TOKEN: "s3cret" } })
    expect(`${settings.secret("HUBSPOT_TOKEN")} ${JSON.stringify(settings)}`).not.toContain("s3cret")
  })

  it("are warned about when others can read the file", async () => {
    const { told } = await load({ file: "{}", mode: 0o644 })
    expect(told).toContain("chmod 600 mortise.config.json")
  })

  it("may be absent", async () => {
    expect((await load({})).settings.secret("HUBSPOT_TOKEN")).toBeUndefined()
  })

  for (const [what, file, says] of [
    ["text that is no JSON", '{"HUBSPOT_TOKEN": s3cret', "is not JSON"],
    ["a list", '["s3cret"]', "no object"],
    ["a number where a text should be", '{"HUBSPOT_TOKEN": 5}', "HUBSPOT_TOKEN is number"],
    ["a name that is misspelt", '{"HUBSPOT_TOKN": "s3cret"}', '"HUBSPOT_TOKN" is no known name'],
  ] as const) {
    it(`are not taken from ${what}, which is not repeated`, async () => {
      const error = await refusal({ file })
      expect(error.message).toContain(says)
      expect(`${error.message} ${error.hint}`).not.toContain("s3cret")
    })
  }

  it("are not taken from a named file that is not there", async () => {
    expect((await refusal({ named: "none.json" })).message).toContain("none.json: there is no such file")
  })
})
