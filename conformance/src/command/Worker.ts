/** A process that judges what it is given, and tells as it goes. */
import { messageOf } from "../internal/Thrown.ts"
import * as Checked from "../kit/Checked.ts"
import * as GlobalFetch from "../kit/GlobalFetch.ts"
import * as Schedule from "../kit/Schedule.ts"
import type { Subject } from "../kit/Subject.ts"
import * as Suite from "../kit/Suite.ts"
import { rules } from "../rules/index.ts"
import { scenarios } from "../scenarios/index.ts"
import type { Ask, Told } from "./Messages.ts"
import * as Strays from "./Strays.ts"
import { UsageError } from "./UsageError.ts"

/** The first argument of such a process. */
export const FLAG = "--worker"

const tell = (told: Told): void => {
  process.send?.(told)
}

const judge = async (subject: Subject, ask: Ask & { readonly _tag: "Rules" }, strays: Strays.Taken): Promise<void> => {
  const chosen = rules.filter(({ id }) => ask.ids.includes(id))
  for (const [done, rule] of chosen.entries()) {
    tell({ _tag: "Going", what: rule.id, done, of: chosen.length })
    const { command, intercepted = false, pins } = ask
    const common = { rules: [rule], handles: true, strays }
    const options = { ...common, command, intercepted, ...(pins === undefined ? {} : { pins }) }
    for (const result of await Suite.judge(subject, options)) tell({ _tag: "Rule", result })
  }
}

const sweep = async (subject: Subject, ask: Ask & { readonly _tag: "Sweep" }, strays: Strays.Taken): Promise<void> => {
  const results = await Suite.sweep(subject, {
    scenarios: scenarios.filter(({ id }) => id === ask.id),
    seeds: Array.from({ length: ask.seeds }, (_, index) => index + 1),
    command: ask.command,
    strays,
    ...(ask.schedule === undefined ? {} : { schedule: Schedule.parse(ask.schedule) }),
    tell: ({ done, of }) => tell({ _tag: "Going", what: ask.id, done, of }),
  })
  for (const result of results) tell({ _tag: "Sweep", result })
}

const unloadable = (error: unknown): void => {
  const hint = error instanceof UsageError ? error.hint : undefined
  tell({ _tag: "Unloadable", message: messageOf(error), ...(hint === undefined ? {} : { hint }) })
}

/** Whoever hears nothing of it for long knows that it is caught in a loop. */
const ALIVE_MILLIS = 1_000

/** Serves until whoever started it is gone. */
export const serve = async (load: () => Promise<ReadonlyArray<Subject>>): Promise<void> => {
  process.once("disconnect", () => process.exit())
  const strays = Strays.keep()
  GlobalFetch.install()
  setInterval(() => tell({ _tag: "Alive" }), ALIVE_MILLIS).unref()
  try {
    const subjects = (await load()).map(Checked.subject)
    process.on("message", (ask: Ask) => {
      const subject = subjects.find(({ name }) => name === ask.connector)
      if (subject === undefined) throw new RangeError(`no connector ${ask.connector}`)
      const working = ask._tag === "Rules" ? judge(subject, ask, strays) : sweep(subject, ask, strays)
      working.then(
        () => tell({ _tag: "Done" }),
        (error: unknown) => tell({ _tag: "Broke", why: messageOf(error) }),
      )
    })
    tell({ _tag: "Ready", connectors: subjects.map(Suite.about) })
  } catch (error) {
    unloadable(error)
  }
}
