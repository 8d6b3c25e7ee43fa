/** A process that judges what it is given, and tells as it goes. */
import * as Checked from "../kit/Checked.ts"
import * as Schedule from "../kit/Schedule.ts"
import type { Subject } from "../kit/Subject.ts"
import * as Suite from "../kit/Suite.ts"
import { rules } from "../rules/index.ts"
import { scenarios } from "../scenarios/index.ts"
import type { Ask, Told } from "./Messages.ts"
import { UsageError } from "./UsageError.ts"

/** The first argument of such a process. */
export const FLAG = "--worker"

const tell = (told: Told): void => {
  process.send?.(told)
}

const judge = async (subject: Subject, ask: Ask & { readonly _tag: "Rules" }): Promise<void> => {
  const chosen = rules.filter(({ id }) => ask.ids.includes(id))
  for (const [done, rule] of chosen.entries()) {
    tell({ _tag: "Going", what: rule.id, done, of: chosen.length })
    const { command, pins } = ask
    const options = { rules: [rule], handles: true, command, ...(pins === undefined ? {} : { pins }) }
    for (const result of await Suite.judge(subject, options)) tell({ _tag: "Rule", result })
  }
}

const sweep = async (subject: Subject, ask: Ask & { readonly _tag: "Sweep" }): Promise<void> => {
  const results = await Suite.sweep(subject, {
    scenarios: scenarios.filter(({ id }) => id === ask.id),
    seeds: Array.from({ length: ask.seeds }, (_, index) => index + 1),
    command: ask.command,
    ...(ask.schedule === undefined ? {} : { schedule: Schedule.parse(ask.schedule) }),
    tell: ({ done, of }) => tell({ _tag: "Going", what: ask.id, done, of }),
  })
  for (const result of results) tell({ _tag: "Sweep", result })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const unloadable = (error: unknown): void => {
  const hint = error instanceof UsageError ? error.hint : undefined
  tell({ _tag: "Unloadable", message: messageOf(error), ...(hint === undefined ? {} : { hint }) })
}

/** Serves until whoever started it is gone. */
export const serve = async (load: () => Promise<ReadonlyArray<Subject>>): Promise<void> => {
  process.once("disconnect", () => process.exit())
  try {
    const subjects = (await load()).map(Checked.subject)
    process.on("message", (ask: Ask) => {
      const subject = subjects.find(({ name }) => name === ask.connector)
      if (subject === undefined) throw new RangeError(`no connector ${ask.connector}`)
      const working = ask._tag === "Rules" ? judge(subject, ask) : sweep(subject, ask)
      void working.then(() => tell({ _tag: "Done" }))
    })
    tell({ _tag: "Ready", connectors: subjects.map(Suite.about) })
  } catch (error) {
    unloadable(error)
  }
}
