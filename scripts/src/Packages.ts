/** The packages of the workspace, as their package.json tells. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

export const manifest = (root: string, folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))

export const folders = (root: string): ReadonlyArray<string> => [
  ...readdirSync(join(root, "packages"))
    .sort()
    .map((name) => `packages/${name}`),
  "conformance",
]

/** Those that go to npm. */
export const publishedFolders = (root: string): ReadonlyArray<string> =>
  folders(root).filter((folder) => manifest(root, folder).private !== true)
