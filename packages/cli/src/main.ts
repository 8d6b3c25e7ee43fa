/** The program behind `bin/mortise.js`. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Mortise from "./Mortise.ts"

const writer = (stream: NodeJS.WriteStream) => (text: string) =>
  Effect.sync(() => {
    stream.write(text)
  })

// Whoever reads may stop reading: `mortise --help | head -1`.
process.stdout.on("error", () => {})
process.stderr.on("error", () => {})

const home = new URL("../", import.meta.url)

const running = Effect.runFork(
  Mortise.run({
    version: JSON.parse(readFileSync(new URL("package.json", home), "utf8")).version,
    home: fileURLToPath(home),
    args: process.argv.slice(2),
    environment: process.env,
    folder: process.cwd(),
    out: writer(process.stdout),
    err: writer(process.stderr),
    errIsTerminal: process.stderr.isTTY === true && process.env["TERM"] !== "dumb",
    columns: process.stderr.columns ?? 80,
    fetch: globalThis.fetch,
  }),
)

/** Stopped from outside: what was opened is closed first, seats and temporary folders above all. */
const stop = (code: number) => () => {
  process.exitCode = code
  Effect.runFork(Fiber.interrupt(running))
}

process.once("SIGINT", stop(130))
process.once("SIGTERM", stop(143))

running.addObserver((exit) => {
  if (exit._tag === "Success") process.exitCode = exit.value
})
