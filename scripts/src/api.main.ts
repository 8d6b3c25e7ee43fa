/**
 * `npm run api` writes the public surface of each package into its `API.md`; with `--check` it fails when a report is not
 * what the sources give. A change of a report is a change for users and comes with a changeset.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import ts from "typescript"
import { manifest, publishedFolders } from "./Packages.ts"

const root = join(import.meta.dirname, "../..")
const printer = ts.createPrinter({ removeComments: true })

const isPublic = (module: string): boolean => !/(^|\/)(internal|generated)\//.test(module) && module !== "index"

/** The declarations of every public module, without their comments. */
const surface = (folder: string): ReadonlyMap<string, string> => {
  const config = join(root, folder, "tsconfig.build.json")
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    join(root, folder),
  )
  const modules = new Map<string, string>()
  ts.createProgram(fileNames, options).emit(undefined, (file, text) => {
    const module = relative(join(root, folder, "dist"), file).replace(/\.d\.ts$/, "")
    if (!isPublic(module)) return
    const ast = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
    modules.set(module, printer.printFile(ast).trim())
  })
  return modules
}

const report = (folder: string): string => {
  const { name } = manifest(root, folder)
  const modules = [...surface(folder)].sort(([a], [b]) => (a < b ? -1 : 1))
  const sections = modules.map(([module, text]) => `## ${name}/${module}\n\n\`\`\`ts\n${text}\n\`\`\`\n`)
  return `# ${name}: public surface\n\nWritten by \`npm run api\`. Do not edit.\n\n${sections.join("\n")}`
}

const checking = process.argv.includes("--check")
let stale = 0
for (const folder of publishedFolders(root)) {
  const file = join(root, folder, "API.md")
  const text = report(folder)
  if (!checking) writeFileSync(file, text)
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    stale += 1
    console.error(`${folder}/API.md is not what the sources give; run \`npm run api\` and add a changeset`)
  }
}
console.log(`api: ${publishedFolders(root).length} reports ${checking ? `checked, ${stale} stale` : "written"}`)
if (stale > 0) process.exitCode = 1
