/** The two processes that the demo starts, and what is heard of them. */
import { type ChildProcess, fork } from "node:child_process"
import { join } from "node:path"
import type { FromTwins, ToTwins } from "./Messages.ts"

const start = (module: string, env: Readonly<Record<string, string>>, detached: boolean): ChildProcess =>
  fork(join(import.meta.dirname, module), {
    execArgv: ["--conditions=@mortise/source", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached,
  })

export const startSync = (env: Readonly<Record<string, string>>): ChildProcess => start("sync.main.ts", env, false)

/** In a process group of their own: what ends all the others at once leaves the twins the time to save their worlds. */
export const startTwins = (env: Readonly<Record<string, string>>): ChildProcess => start("twins.main.ts", env, true)

export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export const ended = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    const { exitCode: code, signalCode: signal } = child
    if (code !== null || signal !== null) resolve({ code, signal })
    else child.once("exit", (code, signal) => resolve({ code, signal }))
  })

/** The next message of this kind; undefined when the twins are gone before it comes. */
export const message = <T extends FromTwins["_tag"]>(
  twins: ChildProcess,
  tag: T,
): Promise<Extract<FromTwins, { _tag: T }> | undefined> =>
  new Promise((resolve) => {
    const listen = (received: FromTwins) => {
      if (received._tag !== tag) return
      twins.off("message", listen)
      resolve(received as Extract<FromTwins, { _tag: T }>)
    }
    twins.on("message", listen)
    // And not "exit", which may come before the last message was read.
    twins.once("disconnect", () => resolve(undefined))
  })

/** Twins that are gone hear nothing; that they are gone shows in what is awaited of them. */
export const tell = (twins: ChildProcess, told: ToTwins): void => {
  if (twins.connected) twins.send(told, () => {})
}
