/** The demo as a person runs it: processes of its own, in a folder that is not the person's. */
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import type * as Files from "../../src/demo/Files.ts"
import type { FromTwins } from "../../src/demo/Messages.ts"

const module = (name: string): string => join(import.meta.dirname, "../../src/demo", name)
const NODE = ["--conditions=@mortise/source", "--disable-warning=ExperimentalWarning"]

export const folder = (): string => mkdtempSync(join(tmpdir(), "mortise-demo-"))
export const remove = (place: string): void => rmSync(place, { recursive: true, force: true })

export const run = (place: string): Files.Run => JSON.parse(readFileSync(join(place, "run.json"), "utf8"))

/** What a run leaves behind that has moved nothing, with these ports. */
export const leave = (place: string, run: Partial<Files.Run>): void => {
  const profile = { flows: ["companies"], standing: false }
  const files = {
    "erp.json": {},
    "hubspot.json": {},
    "promises.json": { seed: 7, totals: {}, hazards: {}, known: {}, unmovable: {} },
    "run.json": { saved: true, clock: 0, erp: "acumatica", profile, port: 1, hubspot: 1, ...run },
  }
  for (const [name, value] of Object.entries(files)) writeFileSync(join(place, name), JSON.stringify(value))
}

interface Listed {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Processes that live: not those that are dead and that nobody has asked about. */
const processes = (): ReadonlyArray<Listed> =>
  execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state !== undefined && !state.startsWith("Z"))
    .map(([pid, parent, , ...command]) => ({ pid: Number(pid), parent: Number(parent), command: command.join(" ") }))

/** Of these, those that are still there. */
export const alive = (pids: ReadonlyArray<number>): ReadonlyArray<number> => {
  const all = new Set(processes().map(({ pid }) => pid))
  return pids.filter((pid) => all.has(pid))
}

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly errors: string
}

export interface Demo {
  readonly pid: number
  /** The process that runs this module, and was started by the demo. */
  readonly part: (module: "twins.main.ts" | "sync.main.ts") => number
  /** Once the demo has said this. */
  readonly said: (what: RegExp) => Promise<void>
  readonly ended: Promise<Ended>
}

/** In a process group of its own, as a shell starts it. */
export const start = (place: string, ...args: ReadonlyArray<string>): Demo => {
  const child = spawn(process.execPath, [...NODE, module("main.ts"), "--factor", "30", ...args], {
    env: { ...process.env, MORTISE_DEMO_FOLDER: place },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  })
  onTestFinished(() => void child.kill("SIGTERM"))
  const pid = child.pid ?? 0
  const heard = { out: "", errors: "" }
  child.stdout.on("data", (text: Buffer) => (heard.out += text))
  child.stderr.on("data", (text: Buffer) => (heard.errors += text))
  return {
    pid,
    part: (name) => {
      const found = processes().find(({ command, parent }) => parent === pid && command.includes(name))
      if (found === undefined) throw new Error(`${name} does not run: ${heard.out}${heard.errors}`)
      return found.pid
    },
    said: (what) =>
      new Promise((resolve, reject) => {
        const look = () => what.test(heard.out) && resolve()
        child.stdout.on("data", look)
        child.once("exit", () => reject(new Error(`ended without ${what}: ${heard.out}${heard.errors}`)))
        look()
      }),
    // Its output may outlive it where a process that it started is still there; what counts is its own end.
    ended: new Promise((resolve) => child.once("exit", (code, signal) => resolve({ ...heard, code, signal }))),
  }
}

export const demo = (place: string, ...args: ReadonlyArray<string>): Promise<Ended> => start(place, ...args).ended

/** The last line of a run with `--json`. */
export const result = ({ out }: Ended): Readonly<Record<string, unknown>> =>
  JSON.parse(out.trim().split("\n").at(-1) ?? "")

export interface Twins {
  readonly child: ChildProcess
  /** Where HubSpot is served. */
  readonly url: string
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** The twins' process alone, with a fresh business. */
export const twins = async (place: string): Promise<Twins> => {
  const child = fork(module("twins.main.ts"), {
    execArgv: NODE,
    env: {
      ...process.env,
      MORTISE_DEMO_FOLDER: place,
      MORTISE_DEMO_ERP: "acumatica",
      MORTISE_DEMO_ALL: "false",
      MORTISE_DEMO_SEED: "7",
      MORTISE_DEMO_FACTOR: "60",
    },
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  )
  const url = await new Promise<string>((resolve, reject) => {
    child.on("message", (message: FromTwins) => message._tag === "Ready" && resolve(message.hubspot))
    child.once("exit", (code) => reject(new Error(`the twins ended with ${code}`)))
  })
  return { child, url, ended }
}
