/** Processes that share the mutants among them: rules use the global `fetch`, of which a process has one. */
import { type ChildProcess, fork } from "node:child_process"
import type { Subject } from "@mortise/conformance/kit/Subject"
import type { Known } from "../mutants/Known.ts"
import { type Killed, kill } from "./Kill.ts"

/** The first argument of such a process. */
export const FLAG = "--hand"

/** A mutant by its number, on a connector. */
export interface Task {
  readonly mutant: number
  readonly connector: string
}

type Told =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Going"; readonly what: string }
  | { readonly _tag: "Done"; readonly killed: Killed }
  | { readonly _tag: "Broken"; readonly message: string }

const tell = (told: Told): void => {
  process.send?.(told)
}

/** Serves until whoever started it is gone. */
export const serve = (mutants: ReadonlyArray<Known>, subjects: ReadonlyArray<Subject>): void => {
  process.once("disconnect", () => process.exit())
  const work = async ({ connector, mutant }: Task): Promise<void> => {
    const known = mutants[mutant]
    const subject = subjects.find(({ name }) => name === connector)
    if (known === undefined || subject === undefined) throw new RangeError(`no mutant ${mutant} of ${connector}`)
    const name = `${connector}: ${known.make().name}`
    const killed = await kill(known, subject, { tell: (what) => tell({ _tag: "Going", what: `${name}: ${what}` }) })
    tell({ _tag: "Done", killed })
  }
  process.on("message", (task: Task) => {
    work(task).catch((error: unknown) => tell({ _tag: "Broken", message: String(error) }))
  })
  tell({ _tag: "Ready" })
}

export interface Settings {
  readonly script: string
  readonly count: number
  readonly at: (hand: number, what: string | undefined) => void
  readonly done: (killed: Killed) => void
}

/** Hands out task after task to one process, until none is left. */
const employed = (child: ChildProcess, hand: number, next: () => Task | undefined, settings: Settings) =>
  new Promise<void>((resolve, reject) => {
    const give = () => {
      const task = next()
      if (task !== undefined) return child.send(task)
      settings.at(hand, undefined)
      return resolve()
    }
    child.on("message", (told: Told) => {
      if (told._tag === "Going") return settings.at(hand, told.what)
      if (told._tag === "Broken") return reject(new Error(told.message))
      if (told._tag === "Done") settings.done(told.killed)
      return give()
    })
    child.once("exit", (code, signal) => reject(new Error(`a process ended with ${signal ?? code}`)))
  })

export const run = async (tasks: ReadonlyArray<Task>, settings: Settings): Promise<void> => {
  const left = [...tasks]
  const children = Array.from({ length: settings.count }, () => fork(settings.script, [FLAG]))
  try {
    await Promise.all(children.map((child, hand) => employed(child, hand, () => left.shift(), settings)))
  } finally {
    for (const child of children) child.kill()
  }
}
