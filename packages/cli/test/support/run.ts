/** Runs the command in this process, or as its users do, and tells what came of it. */
import { spawn } from "node:child_process"
import * as Effect from "effect/Effect"
import * as Mortise from "../../src/Mortise.ts"
import { BIN, HOME } from "./home.ts"

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

type Environment = Readonly<Record<string, string>>

export const inProcess = async (
  args: ReadonlyArray<string>,
  options: { readonly folder: string; readonly environment?: Environment; readonly terminal?: boolean },
): Promise<Ran> => {
  const out: Array<string> = []
  const err: Array<string> = []
  const code = await Effect.runPromise(
    Mortise.run({
      version: "0.0.0-test",
      home: HOME,
      args,
      environment: options.environment ?? {},
      folder: options.folder,
      out: (text) => Effect.sync(() => void out.push(text)),
      err: (text) => Effect.sync(() => void err.push(text)),
      errIsTerminal: options.terminal ?? false,
      columns: 80,
      fetch: globalThis.fetch,
    }),
  )
  return { code, out: out.join(""), err: err.join("") }
}

/** The real program. It gets no variable of this environment but `PATH`. */
export const asProgram = (
  args: ReadonlyArray<string>,
  options: { readonly folder: string; readonly environment?: Environment; readonly afterStart?: (pid: number) => void },
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: options.folder,
      env: { PATH: process.env["PATH"] ?? "", ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const out: Array<string> = []
    const err: Array<string> = []
    child.stdout.on("data", (chunk) => out.push(String(chunk)))
    child.stderr.on("data", (chunk) => err.push(String(chunk)))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, out: out.join(""), err: err.join("") }))
    if (child.pid !== undefined) options.afterStart?.(child.pid)
  })
