/** Cuts one `$metadata` to thirty sets and writes their types, in a process of its own so that its memory is its own. */
import * as Reader from "@mortise/codegen/Reader"
import * as Writer from "@mortise/codegen/Writer"
import * as Effect from "effect/Effect"
import { asked } from "./foMetadata.ts"

const [path = ""] = process.argv.slice(2)
const started = performance.now()
const document = await Effect.runPromise(Reader.read({ kind: "path", path }, { system: "dynamics", entities: asked() }))
const read = performance.now()
const files = await Effect.runPromise(Writer.write(document, { version: "bench" }))
const written = performance.now()
console.log(
  JSON.stringify({
    read: read - started,
    write: written - read,
    // In kilobytes, wherever Node runs.
    peak: process.resourceUsage().maxRSS,
    schemas: Object.keys(document.openapi31.components.schemas).length,
    bytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
  }),
)
