/** `npm run check:boundaries`: the arrows between packages, the barrel, and module-level state. */
import { join } from "node:path"
import * as Boundaries from "./Boundaries.ts"
import * as ModuleState from "./ModuleState.ts"
import { readAll } from "./SourceFile.ts"

const root = join(import.meta.dirname, "../..")
const files = await readAll(root, ["packages", "conformance"])
const faults = [...Boundaries.check(files), ...ModuleState.check(files)]
for (const { line, message, path } of faults) console.error(`${path}:${line}: ${message}`)
console.log(`boundaries: ${files.length} files, ${faults.length} faults`)
if (faults.length > 0) process.exitCode = 1
