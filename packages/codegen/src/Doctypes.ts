/** From the doctypes of each version to a module that the twin of ERPNext keeps its documents by. */
import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

export interface Version {
  readonly name: string
  /** A folder of files, one doctype each. */
  readonly folder: string
}

const read = async ({ folder, name }: Version): Promise<readonly [name: string, texts: ReadonlyArray<string>]> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort()
  return [name, await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))]
}

const member = (name: string, texts: ReadonlyArray<string>): string => {
  const lines = texts.map((text) => `    ${JSON.stringify(JSON.parse(text))},\n`)
  return `  ${JSON.stringify(name)}: [\n${lines.join("")}  ],\n`
}

/** The module, and the digest of what it was made from. */
export const generate = async (
  versions: ReadonlyArray<Version>,
): Promise<{ readonly body: string; readonly digest: string }> => {
  const all = await Promise.all(versions.map(read))
  const digest = createHash("sha256").update(all.flatMap(([, texts]) => texts).join("\n"))
  const body = `import type { Doctype } from "../erpnext/Meta.ts"

export const doctypes: { readonly [version: string]: ReadonlyArray<Doctype> } = {
${all.map(([name, texts]) => member(name, texts)).join("")}}
`
  return { body, digest: digest.digest("hex") }
}
