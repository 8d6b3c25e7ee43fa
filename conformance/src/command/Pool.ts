/**
 * Processes that share the work. One that dies, or says nothing for so long that it must be caught in a loop, is
 * replaced: what it was at has failed, and the rest goes on.
 */
import { type ChildProcess, fork } from "node:child_process"
import type { About } from "../kit/Result.ts"
import type { Ask, Told } from "./Messages.ts"
import { usageError } from "./UsageError.ts"
import { FLAG } from "./Worker.ts"

export interface Settings {
  /** The program that is run again, as a worker. */
  readonly script: string
  readonly args: ReadonlyArray<string>
  /** Of the interpreter; those of this process unless told. */
  readonly execArgs?: ReadonlyArray<string>
  /** Real time without a word after which a process that works is given up, in milliseconds. */
  readonly patienceMillis?: number
}

/** What came of a piece of work: all of it, or where it broke off and why. */
export type End = { readonly _tag: "Done" } | { readonly _tag: "Broken"; readonly why: string; readonly at?: string }

export interface Hand {
  readonly connectors: ReadonlyArray<About>
  readonly work: (ask: Ask, told: (told: Told) => void) => Promise<End>
  readonly close: () => void
}

/** Longer than any rule may take. */
const PATIENCE = 90_000

/** What it writes is for people: it goes where progress goes, and never among results. */
const started = ({ args, execArgs = process.execArgv, script }: Settings): ChildProcess =>
  fork(script, [FLAG, ...args], {
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
    execArgv: [...execArgs],
  })

interface Listening {
  readonly told: (told: Told) => void
  readonly broke: (why: string) => void
}

/** Hears one process, and breaks off with it. */
const heard = (child: ChildProcess, patience: number, { broke, told }: Listening): (() => void) => {
  let timer: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      stop()
      child.kill("SIGKILL")
      broke(`it kept its process busy for ${patience / 1000} s without an end, and was stopped`)
    }, patience)
  }
  const onMessage = (message: unknown) => {
    wait()
    told(message as Told)
  }
  const onExit = (code: number | null, signal: string | null) => {
    stop()
    broke(`it ended its process, with ${signal === null ? `exit code ${code}` : signal}`)
  }
  const stop = () => {
    clearTimeout(timer)
    child.off("message", onMessage)
    child.off("exit", onExit)
  }
  child.on("message", onMessage)
  child.on("exit", onExit)
  wait()
  return stop
}

const ready = (child: ChildProcess): Promise<ReadonlyArray<About>> =>
  new Promise((resolve, reject) => {
    const stop = heard(child, PATIENCE, {
      broke: (why) => reject(usageError(`What is to be judged could not be loaded: ${why}.`)),
      told: (told) => {
        stop()
        if (told._tag === "Ready") resolve(told.connectors)
        else
          reject(
            usageError(told._tag === "Unloadable" ? told.message : "It answered before it was asked.", hintOf(told)),
          )
      },
    })
  })

const hintOf = (told: Told): string | undefined => (told._tag === "Unloadable" ? told.hint : undefined)

/** Opens one process; it is replaced by itself when it breaks. */
export const open = async (settings: Settings): Promise<Hand> => {
  const patience = settings.patienceMillis ?? PATIENCE
  let child = started(settings)
  const connectors = await ready(child).catch((error) => {
    child.kill("SIGKILL")
    throw error
  })
  let isOpen = true
  const replaced = async () => {
    child = started(settings)
    await ready(child)
    isOpen = true
  }
  return {
    connectors,
    close: () => void child.kill("SIGKILL"),
    work: async (ask, tell) => {
      if (!isOpen) await replaced()
      return new Promise((resolve) => {
        let at: string | undefined
        const stop = heard(child, patience, {
          broke: (why) => {
            isOpen = false
            resolve({ _tag: "Broken", why, ...(at === undefined ? {} : { at }) })
          },
          told: (told) => {
            if (told._tag === "Going") at = told.what
            if (told._tag !== "Done") return tell(told)
            stop()
            resolve({ _tag: "Done" })
          },
        })
        child.send(ask)
      })
    },
  }
}
