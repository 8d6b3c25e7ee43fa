/**
 * Processes that share the work. One that dies, or says nothing for so long that it must be caught in a loop, is
 * replaced: what it was at has failed, and the rest goes on. Where no other one can be started, the hand is lost.
 */
import { type ChildProcess, fork } from "node:child_process"
import { messageOf } from "../internal/Thrown.ts"
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
  /** Real time after which a process is given up whose event loop does not turn, in milliseconds. */
  readonly patienceMillis?: number
}

/** What came of a piece of work: all of it; where it broke off and why; or nothing, since nobody can do it. */
export type End =
  | { readonly _tag: "Done" }
  | { readonly _tag: "Broken"; readonly why: string; readonly at?: string }
  | { readonly _tag: "Lost"; readonly why: string }

export interface Hand {
  readonly connectors: ReadonlyArray<About>
  readonly work: (ask: Ask, told: (told: Told) => void) => Promise<End>
  readonly close: () => void
}

/** A turn of the event loop that takes so long is a loop without an end. */
const TURN_PATIENCE = 10_000

/** Until a process has loaded the kit, and turns for the first time. */
const START_PATIENCE = 45_000

/** Longer than any rule may take, or one run of a sweep. */
const WORD_PATIENCE = 90_000

interface Listening {
  readonly told: (told: Told) => void
  readonly broke: (why: string) => void
}

/** A process, heard for life: it may also die while nothing is asked of it. */
interface Worker {
  /** Listens until it is told to stop, or the process breaks. One that has broken before breaks at once. */
  readonly hear: (listening: Listening, patience: number) => () => void
  readonly send: (ask: Ask) => void
  readonly kill: () => void
}

/** What it writes is for people: it goes where progress goes, and never among results. */
const forked = ({ args, execArgs = process.execArgv, script }: Settings): ChildProcess =>
  fork(script, [FLAG, ...args], {
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
    execArgv: [...execArgs],
  })

const started = (settings: Settings): Worker => {
  const child = forked(settings)
  let broken: string | undefined
  let listening: (Listening & { readonly patience: number }) | undefined
  const timers = new Map<string, NodeJS.Timeout>()
  const stop = () => {
    for (const timer of timers.values()) clearTimeout(timer)
    listening = undefined
  }
  const breaks = (why: string) => {
    broken ??= why
    const heard = listening
    stop()
    heard?.broke(broken)
  }
  const wait = (patience: number, otherwise: string) => {
    clearTimeout(timers.get(otherwise))
    const late = () => {
      child.kill("SIGKILL")
      breaks(`${otherwise} for ${patience / 1000} s, and was stopped`)
    }
    timers.set(otherwise, setTimeout(late, patience))
  }
  const waitForTurn = (patience: number) => wait(patience, "it kept its process busy without an end")
  const waitForWord = () => wait(WORD_PATIENCE, "it came no further")
  child.on("message", (told) => {
    if (listening === undefined) return
    waitForTurn(listening.patience)
    if ((told as Told)._tag === "Alive") return
    waitForWord()
    listening.told(told as Told)
  })
  child.on("exit", (code, signal) =>
    breaks(`it ended its process, with ${signal === null ? `exit code ${code}` : signal}`),
  )
  // What was sent to a process that is gone, or that could not be started.
  child.on("error", (error) => breaks(`its process could not be reached: ${error.message}`))
  return {
    hear: (heard, patience) => {
      listening = { ...heard, patience }
      waitForTurn(patience)
      waitForWord()
      if (broken !== undefined) breaks(broken)
      return stop
    },
    send: (ask) => void child.send(ask),
    kill: () => void child.kill("SIGKILL"),
  }
}

const hintOf = (told: Told): string | undefined => (told._tag === "Unloadable" ? told.hint : undefined)

const ready = (worker: Worker): Promise<ReadonlyArray<About>> =>
  new Promise((resolve, reject) => {
    const stop = worker.hear(
      {
        broke: (why) => reject(usageError(`What is to be judged could not be loaded: ${why}.`)),
        told: (told) => {
          stop()
          if (told._tag === "Ready") return resolve(told.connectors)
          const message = told._tag === "Unloadable" ? told.message : "It answered before it was asked."
          reject(usageError(message, hintOf(told)))
        },
      },
      START_PATIENCE,
    )
  })

const opened = async (settings: Settings): Promise<{ worker: Worker; connectors: ReadonlyArray<About> }> => {
  const worker = started(settings)
  try {
    return { worker, connectors: await ready(worker) }
  } catch (error) {
    worker.kill()
    throw error
  }
}

/** One piece of work by one process. */
const worked = (worker: Worker, ask: Ask, tell: (told: Told) => void, patience: number): Promise<End> =>
  new Promise((resolve) => {
    let at: string | undefined
    let isBroken = false
    const broke = (why: string) => {
      isBroken = true
      resolve({ _tag: "Broken", why, ...(at === undefined ? {} : { at }) })
    }
    const told = (one: Told) => {
      if (one._tag === "Going") at = one.what
      if (one._tag === "Broke") {
        stop()
        worker.kill()
        return broke(one.why)
      }
      if (one._tag !== "Done") return tell(one)
      stop()
      resolve({ _tag: "Done" })
    }
    const stop = worker.hear({ broke, told }, patience)
    if (!isBroken) worker.send(ask)
  })

/** Opens one process; it is replaced by itself when it breaks. */
export const open = async (settings: Settings): Promise<Hand> => {
  const patience = settings.patienceMillis ?? TURN_PATIENCE
  const { connectors, worker: first } = await opened(settings)
  let worker: Worker | undefined = first
  let lost: string | undefined
  const atWork = async (): Promise<Worker | undefined> => {
    if (worker !== undefined || lost !== undefined) return worker
    try {
      worker = (await opened(settings)).worker
    } catch (error) {
      lost = `no process could be started for it any more: ${messageOf(error)}`
    }
    return worker
  }
  return {
    connectors,
    close: () => worker?.kill(),
    work: async (ask, tell) => {
      const at = await atWork()
      if (at === undefined) return { _tag: "Lost", why: lost ?? "" }
      const end = await worked(at, ask, tell, patience)
      if (end._tag === "Broken") worker = undefined
      return end
    },
  }
}
