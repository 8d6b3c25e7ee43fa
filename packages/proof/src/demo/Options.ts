/** What the demo is asked to do, from its command line. */
import { parseArgs } from "node:util"
import { erps } from "./erps/index.ts"

export interface Options {
  readonly mode: "fresh" | "resume" | "again"
  /** With `again`: the store is deleted first. */
  readonly forget: boolean
  /** Kill the sync process after the twins have applied this request and before its reply is sent. */
  readonly killAfter?: number
  /** Write both worlds as JSON into this folder. */
  readonly dump?: string
  /** The last line of output is one JSON object. */
  readonly json: boolean
  /** Fail unless the run changed nothing. */
  readonly expectUnchanged: boolean
  /** What a fresh start makes; a later run goes on with what it finds, and may name nothing else. */
  readonly erp?: string
  readonly all: boolean
  readonly seed?: number
  /** Milliseconds of the invented world in a real one. */
  readonly factor: number
}

export const DEFAULT_ERP = "acumatica"
export const DEFAULT_SEED = 7

export const HELP = `npm run demo -- [options]

Moves customers, contacts, products, invoices and payments from the twin of an ERP into a HubSpot twin.

It may be stopped at any moment, by Ctrl-C, kill or kill -9; --resume goes on from there.

  --erp NAME         ${erps.map(({ name }) => name).join(", ")} (default ${DEFAULT_ERP})
  --all              every flow, also those that this pair leaves out unless asked
  (none)             start fresh: new worlds, new store
  --kill-after N     kill the sync process once request N was applied, before its reply is sent; exit with 1 when the
                     run is over before
  --resume           go on with the same store and worlds
  --again            run once more with the same store: 0 writes
  --again --forget   delete the store first: 0 created, 0 duplicates, 0 lost
  --dump DIR         write both worlds as JSON into DIR
  --json             the last line of output is one JSON object
  --expect-unchanged exit with 1 unless nothing was written
  --seed N           another invented business (default ${DEFAULT_SEED})
  --factor N         how much faster than real time the clock runs (default 20)
  --help             this text
`

/** A mistake on the command line or in what the demo finds on disk, told to the person who made it. */
export class UsageError extends Error {}

/** What ends a run, or keeps it from beginning, however the command line reads; told in one line. */
export class Stopped extends Error {}

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name}: expected a whole number from 1, got "${text}"`)
  return value
}

const erpNamed = (name: string | undefined): string | undefined => {
  const names = erps.map((one) => one.name)
  if (name !== undefined && !names.includes(name))
    throw new UsageError(`--erp: expected ${names.join(", ")}, got "${name}"`)
  return name
}

const parsed = (argv: ReadonlyArray<string>) => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        "kill-after": { type: "string" },
        erp: { type: "string" },
        all: { type: "boolean", default: false },
        resume: { type: "boolean", default: false },
        again: { type: "boolean", default: false },
        forget: { type: "boolean", default: false },
        dump: { type: "string" },
        json: { type: "boolean", default: false },
        "expect-unchanged": { type: "boolean", default: false },
        seed: { type: "string" },
        factor: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Undefined when help was asked for. */
export const parse = (argv: ReadonlyArray<string>): Options | undefined => {
  const values = parsed(argv)
  if (values.help) return undefined
  if (values.resume && values.again) throw new UsageError("--resume and --again exclude each other")
  if (values.forget && !values.again) throw new UsageError("--forget goes with --again")
  const killAfter = wholeNumber("kill-after", values["kill-after"])
  const erp = erpNamed(values.erp)
  const seed = wholeNumber("seed", values.seed)
  return {
    mode: values.resume ? "resume" : values.again ? "again" : "fresh",
    forget: values.forget,
    ...(killAfter === undefined ? {} : { killAfter }),
    ...(values.dump === undefined ? {} : { dump: values.dump }),
    json: values.json,
    ...(erp === undefined ? {} : { erp }),
    all: values.all,
    expectUnchanged: values["expect-unchanged"],
    ...(seed === undefined ? {} : { seed }),
    factor: wholeNumber("factor", values.factor) ?? 20,
  }
}
