/** Folders for databases that are gone after the test. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Bench } from "@mortise/conformance/StoreSuite"
import * as SqliteBackend from "@mortise/sqlite/SqliteBackend"
import * as Effect from "effect/Effect"

export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "mortise-sqlite-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

/** The file with its log and index. */
const everything = (path: string): Buffer =>
  Buffer.concat(readdirSync(path).map((name) => readFileSync(join(path, name))))

export const bench = Effect.map(
  folder,
  (path): Bench => ({
    open: SqliteBackend.make({ path: join(path, "store.db") }),
    bytes: Effect.sync(() => everything(path)),
  }),
)
