/** What the command can be asked for. */
import { parseArgs } from "node:util"
import { families, familyOf, type Rule } from "../kit/Rule.ts"
import type { Scenario } from "../kit/Scenario.ts"
import * as Schedule from "../kit/Schedule.ts"
import { SEEDS } from "../kit/Suite.ts"
import { rules as allRules } from "../rules/index.ts"
import { scenarios as allScenarios } from "../scenarios/index.ts"
import { usageError } from "./UsageError.ts"

export interface Options {
  readonly positionals: ReadonlyArray<string>
  /** Names of connectors; all of them when empty. */
  readonly connectors: ReadonlyArray<string>
  readonly rules: ReadonlyArray<Rule>
  readonly scenarios: ReadonlyArray<Scenario>
  /** True when only a part of the suite was asked for. */
  readonly isPart: boolean
  readonly schedule?: Schedule.Schedule
  /** Rules alone, through the global `fetch`. */
  readonly intercepted: boolean
  readonly seeds: number
  readonly json?: string
  readonly out?: string
  readonly pins?: string
  readonly pin: boolean
  readonly jobs?: number
  readonly live?: string
  readonly allowWrites: boolean
  readonly help: boolean
  readonly version: boolean
}

const FLAGS = {
  connector: { type: "string", multiple: true },
  rule: { type: "string", multiple: true },
  scenario: { type: "string", multiple: true },
  schedule: { type: "string" },
  intercepted: { type: "boolean" },
  seeds: { type: "string" },
  json: { type: "string" },
  out: { type: "string" },
  pins: { type: "string" },
  pin: { type: "boolean" },
  jobs: { type: "string" },
  live: { type: "string" },
  "allow-writes": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const

const parsed = (args: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true, strict: true })
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(/(?<=\.) /)
    throw usageError(sentence, "--help tells what there is.")
  }
}

const listed = (values: ReadonlyArray<string> = []): ReadonlyArray<string> =>
  values.flatMap((value) => value.split(",")).filter((value) => value !== "")

const MOST_SHOWN = 12

/** Names that resemble the unknown one, for whoever mistyped it. */
const like = (name: string, known: ReadonlyArray<string>): string => {
  const needle = name.toLowerCase().replace(/^.*\//, "")
  const near = known.filter((one) => one.toLowerCase().includes(needle) || one.startsWith(`${name.slice(0, 1)}/`))
  const shown = (near.length > 0 ? near : known).slice(0, MOST_SHOWN)
  return `There ${near.length > 0 ? "is" : "are"} ${shown.join(", ")}${known.length > shown.length ? " and others" : ""}.`
}

const rulesOf = (names: ReadonlyArray<string>): ReadonlyArray<Rule> => {
  const chosen = names.flatMap((name) => {
    const found = allRules.filter((rule) => rule.id === name || (name in families && familyOf(rule) === name))
    if (found.length > 0) return found
    throw usageError(
      `There is no rule "${name}".`,
      like(
        name,
        allRules.map(({ id }) => id),
      ),
    )
  })
  return allRules.filter((rule) => chosen.includes(rule))
}

const scenariosOf = (names: ReadonlyArray<string>): ReadonlyArray<Scenario> => {
  const ids = allScenarios.map(({ id }) => id)
  const unknown = names.find((name) => !ids.includes(name))
  if (unknown !== undefined) throw usageError(`There is no scenario "${unknown}".`, `There are ${ids.join(", ")}.`)
  return allScenarios.filter(({ id }) => names.includes(id))
}

const scheduleOf = (text: string, scenarios: ReadonlyArray<Scenario>): Schedule.Schedule => {
  if (text === "") throw usageError("A schedule has at least one step.", 'As in --schedule "3:lostReply"')
  if (scenarios.length !== 1) {
    throw usageError("A schedule belongs to one scenario.", "Name it: --scenario create --schedule 3:lostReply")
  }
  try {
    return Schedule.parse(text)
  } catch (error) {
    throw usageError((error as Error).message)
  }
}

const whole = (text: string, flag: string, least: number): number => {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number >= least) return number
  throw usageError(`--${flag} ${text} is no number from ${least} on.`)
}

/** What a run on a sandbox listens to. */
const ON_A_SANDBOX = ["live", "allow-writes", "help", "version"]

/** A flag that would be passed over leaves people to think that it was done. */
const refuseUnheard = (values: ReturnType<typeof parsed>["values"]): void => {
  const unheard = Object.keys(values).filter((flag) => !ON_A_SANDBOX.includes(flag))
  if (values.live === undefined || unheard.length === 0) return
  const flags = unheard.map((flag) => `--${flag}`).join(" and ")
  throw usageError(`With --live there is no ${flags}.`, "On a sandbox all checks are made, and told on the terminal.")
}

export const parse = (args: ReadonlyArray<string>): Options => {
  const { positionals, values } = parsed(args)
  refuseUnheard(values)
  const ruleNames = listed(values.rule)
  const scenarioNames = listed(values.scenario)
  const intercepted = values.intercepted === true
  const isChosen = ruleNames.length + scenarioNames.length > 0
  const isPart = isChosen || intercepted
  const scenarios = isPart ? scenariosOf(intercepted ? [] : scenarioNames) : allScenarios
  return {
    positionals,
    connectors: listed(values.connector),
    rules: isChosen ? rulesOf(ruleNames) : allRules,
    scenarios,
    isPart,
    ...(values.schedule === undefined ? {} : { schedule: scheduleOf(values.schedule, scenarios) }),
    intercepted,
    seeds: values.seeds === undefined ? SEEDS.length : whole(values.seeds, "seeds", 0),
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.out === undefined ? {} : { out: values.out }),
    ...(values.pins === undefined ? {} : { pins: values.pins }),
    pin: values.pin === true,
    ...(values.jobs === undefined ? {} : { jobs: whole(values.jobs, "jobs", 1) }),
    ...(values.live === undefined ? {} : { live: values.live }),
    allowWrites: values["allow-writes"] === true,
    help: values.help === true,
    version: values.version === true,
  }
}
