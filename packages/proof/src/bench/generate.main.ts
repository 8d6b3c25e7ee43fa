/** Writes the types of one description, in a process of its own so that its memory is its own. */
import { type System, systems } from "@mortise/codegen/Description"
import * as Reader from "@mortise/codegen/Reader"
import * as Writer from "@mortise/codegen/Writer"
import * as Effect from "effect/Effect"
import type { Generated } from "./generate.ts"

const [named, path = "", entities] = process.argv.slice(2)
const system = systems.find((each): each is System => each === named)
if (system === undefined) throw new Error(`no system ${named}`)
const asked = entities === undefined ? {} : { entities: entities.split(",") }
const started = performance.now()
const document = await Effect.runPromise(Reader.read({ kind: "path", path }, { system, ...asked }))
const read = performance.now()
const files = await Effect.runPromise(Writer.write(document, { version: "bench" }))
const result: Generated = {
  read: read - started,
  write: performance.now() - read,
  // In kilobytes, wherever Node runs.
  peak: process.resourceUsage().maxRSS,
  entities: document.entities.length,
  paths: Object.keys(document.openapi31.paths).length,
  schemas: Object.keys(document.openapi31.components.schemas).length,
  bytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
}
console.log(JSON.stringify(result))
