/** The project's TypeScript files, parsed once for the checks of structure. */
import { readdir, readFile } from "node:fs/promises"
import { join, relative } from "node:path"
import ts from "typescript"

export interface SourceFile {
  /** Path from the root of the repository, with slashes. */
  readonly path: string
  readonly ast: ts.SourceFile
}

export interface Fault {
  readonly path: string
  readonly line: number
  readonly message: string
}

export const parse = (path: string, text: string): SourceFile => ({
  path,
  ast: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
})

export const fault = (file: SourceFile, node: ts.Node, message: string): Fault => ({
  path: file.path,
  line: file.ast.getLineAndCharacterOfPosition(node.getStart()).line + 1,
  message,
})

const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist", "generated"])

const walk = async (folder: string): Promise<Array<string>> => {
  const found: Array<string> = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...(await walk(path)))
    if (entry.isFile() && entry.name.endsWith(".ts")) found.push(path)
  }
  return found
}

export const readAll = async (root: string, folders: ReadonlyArray<string>): Promise<ReadonlyArray<SourceFile>> => {
  const paths = (await Promise.all(folders.map((folder) => walk(join(root, folder))))).flat().sort()
  return Promise.all(
    paths.map(async (path) => parse(relative(root, path).replaceAll("\\", "/"), await readFile(path, "utf8"))),
  )
}
