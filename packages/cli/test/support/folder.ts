/** A folder for one test. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative, sep } from "node:path"
import { onTestFinished } from "vitest"

export const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), "mortise-cli-test-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Every file below, hidden ones too, by path; `""` for none. */
export const files = async (path: string): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), "utf8")] as const)),
  )
}
