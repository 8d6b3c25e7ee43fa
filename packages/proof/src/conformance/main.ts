/** `npm run conformance`: every rule and every sweep against each of our connectors on its twin, in virtual time. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Command from "@mortise/conformance/command/Command"
import * as Help from "@mortise/conformance/command/Help"
import manifest from "../../package.json" with { type: "json" }

const root = join(import.meta.dirname, "../../../..")
/** As `npm run conformance:mutants` wrote it last. */
const matrix = join(root, "conformance/reports/kill-matrix.json")

await Command.main({
  script: import.meta.filename,
  args: process.argv.slice(2),
  help: Help.repository,
  version: manifest.version,
  positionals: 0,
  // Only those who judge need to load what is judged.
  load: async () => (await import("./subjects/index.ts")).subjects,
  command: (connector) => `npm run conformance -- --connector ${connector}`,
  out: join(root, "conformance/reports/out"),
  pins: join(root, "packages/proof/conformance.pins.json"),
  matrix: () => (existsSync(matrix) ? JSON.parse(readFileSync(matrix, "utf8")) : []),
})
