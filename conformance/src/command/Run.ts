/** Shares the work among processes and puts together what they found. */
import { availableParallelism } from "node:os"
import type { About, Result, RuleResult, SweepResult } from "../kit/Result.ts"
import * as Schedule from "../kit/Schedule.ts"
import * as Suite from "../kit/Suite.ts"
import type { Ask, Told, Unit } from "./Messages.ts"
import type { Options } from "./Options.ts"
import type { Pins } from "./Pins.ts"
import * as Pool from "./Pool.ts"
import type { Progress } from "./Progress.ts"
import { usageError } from "./UsageError.ts"

export interface Work {
  readonly options: Options
  readonly pool: Pool.Settings
  /** Of connectors that are not there, nothing is compared. */
  readonly pins: Pins
  /** How the command that judges one connector begins. */
  readonly command: (connector: string) => string
  readonly progress: Progress
}

/** Rules that one process runs on end: enough to find out what the adapter keeps between them. */
const CHUNK = 20

const PROCESSES = 2

/** Failed rules that are run once more, each in a process of its own. */
const ALONE = 3

/** Processes of one connector that may end in the same way, one after the other and nothing judged between. */
const MOST_ALIKE = 3

interface Found {
  readonly about: About
  readonly rules: Map<string, RuleResult>
  readonly sweeps: Map<string, SweepResult>
  /** Rules that broke off with their process. */
  readonly broke: Set<string>
  /** How often in a row a process of its ended, and in the same way. */
  row: { readonly why: string; readonly times: number }
  began?: number
  ended: number
}

const chosen = (connectors: ReadonlyArray<About>, names: ReadonlyArray<string>): ReadonlyArray<About> => {
  const known = connectors.map(({ connector }) => connector.name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw usageError(`There is no connector "${unknown}".`, `There are ${known.join(", ")}.`)
  return names.length === 0 ? connectors : connectors.filter(({ connector }) => names.includes(connector.name))
}

const rulesUnit = (connector: string, ids: ReadonlyArray<string>, { options, pins }: Work): Unit => {
  const own = pins[connector]
  return {
    _tag: "Rules",
    connector,
    ids,
    ...(options.intercepted ? { intercepted: true } : {}),
    ...(own === undefined ? {} : { pins: own }),
  }
}

/** The sweeps first: they take longest, and the rules fill what is left. */
const unitsOf = ({ connector: { name } }: About, work: Work): ReadonlyArray<Unit> => {
  const { options } = work
  const ids = options.rules.map(({ id }) => id)
  const schedule = options.schedule === undefined ? {} : { schedule: Schedule.format(options.schedule) }
  return [
    ...options.scenarios.map(
      ({ id }): Unit => ({ _tag: "Sweep", connector: name, id, seeds: options.seeds, ...schedule }),
    ),
    ...Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, at) =>
      rulesUnit(name, ids.slice(at * CHUNK, (at + 1) * CHUNK), work),
    ),
  ]
}

interface Break {
  readonly why: string
  /** The rule at which it broke off; the first one without a verdict when that is not known. */
  readonly at?: string
}

/** What broke off has failed; gives what is left of it to do. */
const broken = (unit: Unit, end: Break, found: Found, work: Work): ReadonlyArray<Unit> => {
  const command = work.command(unit.connector)
  if (unit._tag === "Sweep") {
    const scenario = work.options.scenarios.find(({ id }) => id === unit.id)
    if (scenario !== undefined) found.sweeps.set(unit.id, Suite.brokenSweep(scenario, unit.connector, end.why, command))
    return []
  }
  const at = end.at ?? unit.ids.find((id) => !found.rules.has(id))
  const rule = work.options.rules.find(({ id }) => id === at)
  if (rule !== undefined) found.broke.add(rule.id)
  if (rule !== undefined) found.rules.set(rule.id, Suite.brokenRule(rule, unit.connector, end.why, command))
  const left = unit.ids.filter((id) => !found.rules.has(id))
  return left.length === 0 ? [] : [{ ...unit, ids: left }]
}

const noted = (found: Found, told: Told): void => {
  if (told._tag === "Rule") found.rules.set(told.result.id, told.result)
  if (told._tag === "Sweep") found.sweeps.set(told.result.id, told.result)
  const isTried = (told._tag === "Rule" || told._tag === "Sweep") && told.result.verdict !== "skipped"
  if (isTried) found.row = { why: "", times: 0 }
}

/** Why it is tried no more; undefined while it is. */
const hopeless = ({ row: { times, why } }: Found): string | undefined =>
  times < MOST_ALIKE ? undefined : `it was not tried any more, after ${times} that ended alike: ${why}`

const labelled = (connector: string, { done, of, what }: Told & { readonly _tag: "Going" }): string =>
  `${connector} ${what} ${done}/${of}`

const asked = (unit: Unit, { command }: Work): Ask => ({ ...unit, command: command(unit.connector) })

/** All of what can no longer be done has failed. */
const givenUp = (units: ReadonlyArray<Unit>, why: string, all: ReadonlyMap<string, Found>, work: Work): void => {
  const left = [...units]
  for (let unit = left.shift(); unit !== undefined; unit = left.shift()) {
    left.push(...broken(unit, { why }, all.get(unit.connector) as Found, work))
  }
}

/** Each process takes the next piece of work until there is none. */
const share = async (hands: ReadonlyArray<Pool.Hand>, all: ReadonlyMap<string, Found>, work: Work): Promise<void> => {
  const queue = [...all.values()].flatMap(({ about }) => unitsOf(about, work))
  const { progress } = work
  let of = queue.length
  let done = 0
  const workOn = async (hand: Pool.Hand, nth: number, unit: Unit): Promise<Pool.End> => {
    const found = all.get(unit.connector) as Found
    found.began ??= performance.now()
    const end = await hand.work(asked(unit, work), (told) => {
      noted(found, told)
      if (told._tag === "Going") progress.at(nth, labelled(unit.connector, told))
    })
    found.ended = performance.now()
    return end
  }
  /** Why the hand can do no more; undefined when nothing is left to do. */
  const take = async (hand: Pool.Hand, nth: number): Promise<string | undefined> => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      const found = all.get(unit.connector) as Found
      const why = hopeless(found)
      if (why !== undefined) {
        givenUp([unit], why, all, work)
        continue
      }
      const end = await workOn(hand, nth, unit)
      if (end._tag === "Lost") {
        queue.unshift(unit)
        progress.at(nth, undefined)
        return end.why
      }
      if (end._tag === "Broken") {
        found.row = { why: end.why, times: found.row.why === end.why ? found.row.times + 1 : 1 }
        const left = broken(unit, end, found, work)
        of += left.length
        queue.unshift(...left)
      }
      done += 1
      progress.done(done, of)
    }
    progress.at(nth, undefined)
    return undefined
  }
  let able = [...hands.entries()]
  let why: string | undefined
  // What a lost hand gave back is done by another one, which may have stopped before.
  while (queue.length > 0 && able.length > 0) {
    const ends = await Promise.all(able.map(([nth, hand]) => take(hand, nth)))
    why = ends.find((end) => end !== undefined) ?? why
    able = able.filter((_, at) => ends[at] === undefined)
  }
  if (why !== undefined) givenUp(queue, why, all, work)
}

const SHARED =
  "alone in a process of its own it passes: the adapter keeps something from one opening to the next, in a module or outside"

/** A rule that fails after others and passes alone has been handed something by them. */
const aloneAgain = async (all: ReadonlyMap<string, Found>, work: Work): Promise<void> => {
  for (const [name, { broke, rules }] of all) {
    const failed = [...rules.values()].filter(({ id, verdict }) => verdict === "failed" && !broke.has(id))
    if (rules.size === 1) continue
    for (const before of failed.slice(0, ALONE)) {
      const hand = await Pool.open(work.pool).catch(() => undefined)
      if (hand === undefined) return
      work.progress.at(0, `${name} ${before.id} alone`)
      await hand.work(asked(rulesUnit(name, [before.id], work), work), (told) => {
        if (told._tag !== "Rule" || told.result.verdict !== "passed") return
        rules.set(before.id, { ...before, findings: [...before.findings, SHARED] })
      })
      hand.close()
    }
  }
  work.progress.at(0, undefined)
}

/** In the order of the catalogue, whichever process was first. */
const inOrder = <A>(order: ReadonlyArray<{ readonly id: string }>, of: ReadonlyMap<string, A>): ReadonlyArray<A> =>
  order.flatMap(({ id }) => {
    const one = of.get(id)
    return one === undefined ? [] : [one]
  })

const resultOf = ({ about, began = 0, ended, rules, sweeps }: Found, { command, options }: Work): Result =>
  Suite.result(
    about,
    {
      rules: inOrder(options.rules, rules),
      sweeps: inOrder(options.scenarios, sweeps),
      seconds: (ended - began) / 1000,
    },
    { command: command(about.connector.name) },
  )

export const run = async (work: Work): Promise<ReadonlyArray<Result>> => {
  const { options, pool } = work
  const first = await Pool.open(pool)
  const hands = [first]
  try {
    const connectors = chosen(first.connectors, options.connectors)
    const all = new Map(
      connectors.map((about): [string, Found] => [
        about.connector.name,
        {
          about,
          rules: new Map(),
          sweeps: new Map(),
          broke: new Set(),
          row: { why: "", times: 0 },
          ended: 0,
        },
      ]),
    )
    const units = connectors.reduce((sum, about) => sum + unitsOf(about, work).length, 0)
    const many = Math.min(units, options.jobs ?? Math.min(PROCESSES, availableParallelism()))
    const others = Array.from({ length: Math.max(0, many - 1) }, () => Pool.open(pool))
    // Where no second process can be started, the first one does it all.
    for (const other of await Promise.allSettled(others)) if (other.status === "fulfilled") hands.push(other.value)
    await share(hands, all, work)
    await aloneAgain(all, work)
    return [...all.values()].map((found) => resultOf(found, work))
  } finally {
    for (const hand of hands) hand.close()
  }
}
