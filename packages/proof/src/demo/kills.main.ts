/**
 * `npm run demo:kills [-- --erp NAME --even N --seeded M]`: runs the demo once to count its requests, then kills it at moments
 * spread evenly over them and at seeded ones, resumes each, and wants nothing doubled and nothing lost each time, and
 * nothing left to write after that.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { seededRandom } from "@mortise/conformance/twin/Twin"
import type { Result } from "./Report.ts"

const { values } = parseArgs({
  options: {
    erp: { type: "string", default: "acumatica" },
    even: { type: "string", default: "20" },
    seeded: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    factor: { type: "string", default: "60" },
  },
})

const demo = (...args: ReadonlyArray<string>): Partial<Result> & { readonly killed?: number } => {
  const child = spawnSync(
    process.execPath,
    [
      "--conditions=@mortise/source",
      join(import.meta.dirname, "main.ts"),
      "--json",
      "--erp",
      values.erp,
      "--factor",
      values.factor,
      ...args,
    ],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  )
  const last = child.stdout.trim().split("\n").at(-1) ?? ""
  if (child.status !== 0)
    throw new Error(`demo ${args.join(" ")} ended with ${child.status}:\n${child.stdout}\n${child.stderr}`)
  return JSON.parse(last)
}

const whole = demo()
const requests = whole.requests ?? 0
console.log(`a whole run: ${JSON.stringify(whole)}`)

const random = seededRandom(Number(values.seed))
const even = Array.from({ length: Number(values.even) }, (_, index) =>
  Math.max(1, Math.round(((index + 0.5) / Number(values.even)) * requests)),
)
const seeded = Array.from({ length: Number(values.seeded) }, () => 1 + Math.floor(random() * requests))

let failed = 0
for (const after of [...even, ...seeded]) {
  try {
    const { killed } = demo("--kill-after", String(after))
    const resumed = demo("--resume")
    const again = demo("--again")
    const good = killed === after && resumed.duplicates === 0 && resumed.lost === 0 && again.writes === 0
    if (!good) failed += 1
    const { created, duplicates, lost, unchanged, updated } = resumed
    console.log(
      `killed after request ${after}: resumed ${created} created, ${updated} updated, ${unchanged} unchanged, ` +
        `${duplicates} duplicates, ${lost} lost; again ${again.writes} writes: ${good ? "ok" : "FAILED"}`,
    )
  } catch (error) {
    failed += 1
    console.log(`killed after request ${after}: FAILED: ${error instanceof Error ? error.message : String(error)}`)
  }
}
console.log(`kills: ${even.length + seeded.length - failed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
