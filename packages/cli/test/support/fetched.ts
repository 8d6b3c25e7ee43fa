/** Asks a server for its description, as the command does, and hands out what then lies in the temporary folder. */
import { readFile, stat } from "node:fs/promises"
import { basename } from "node:path"
import type { Format, System } from "@mortise/codegen/Description"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Address from "../../src/internal/Address.ts"
import * as Origin from "../../src/internal/Origin.ts"
import * as Progress from "../../src/internal/Progress.ts"
import * as Settings from "../../src/internal/Settings.ts"
import { files, folder } from "./folder.ts"
import { HOME } from "./home.ts"

export interface Asking {
  readonly system: System
  readonly from: string
  readonly entities?: ReadonlyArray<string>
  /** What was pinned before. */
  readonly known?: ReadonlyArray<string>
  readonly format?: Format
  readonly environment?: Readonly<Record<string, string>>
}

export interface Brought {
  readonly files: ReadonlyMap<string, string>
  readonly build: string | undefined
}

const contents = async (path: string): Promise<ReadonlyMap<string, string>> =>
  (await stat(path)).isDirectory() ? files(path) : new Map([[basename(path), await readFile(path, "utf8")]])

export const fetched = async ({
  entities = [],
  environment = {},
  format,
  from,
  known = [],
  system,
}: Asking): Promise<Brought> => {
  const surroundings = {
    version: "0.0.0-test",
    home: HOME,
    args: [],
    environment,
    folder: await folder(),
    out: () => Effect.void,
    err: () => Effect.void,
    errIsTerminal: false,
    columns: 80,
    fetch: globalThis.fetch,
  }
  const program = Effect.gen(function* () {
    const settings = yield* Settings.load(surroundings, undefined)
    const address = yield* Address.parse(from, surroundings.folder)
    const backoff = { base: Duration.millis(1), cap: Duration.millis(1) }
    const tools = { surroundings, settings, progress: Progress.silent, backoff }
    const { build, path } = yield* Origin.fetch(tools, { system, address, entities, known, format })
    return { build, files: yield* Effect.promise(() => contents(path)) }
  })
  return Effect.runPromise(Effect.scoped(program))
}
