/** The command: judges connectors in processes of their own, prints what is not as promised, and writes the reports. */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { isClean, type Result } from "../kit/Result.ts"
import type { Subject } from "../kit/Subject.ts"
import type { KillMatrix } from "../report/KillMatrix.ts"
import * as Terminal from "../report/Terminal.ts"
import * as Files from "./Files.ts"
import * as Options from "./Options.ts"
import * as Pins from "./Pins.ts"
import type * as Pool from "./Pool.ts"
import * as Progress from "./Progress.ts"
import * as Run from "./Run.ts"
import * as Shell from "./Shell.ts"
import { UsageError, usageError } from "./UsageError.ts"
import * as Worker from "./Worker.ts"

/** 0: every promise is kept. 1: some are not, or nothing was proven. 2: the command was not called rightly. */
export type ExitCode = 0 | 1 | 2

export interface Settings {
  /** The program that runs this, which is run again as a worker. */
  readonly script: string
  /** Without the interpreter and the script. */
  readonly args: ReadonlyArray<string>
  readonly help: string
  readonly version: string
  /** What is judged, as the positional arguments say; called in the workers. */
  readonly load: (positionals: ReadonlyArray<string>) => Promise<ReadonlyArray<Subject>>
  /** How many positional arguments there have to be. */
  readonly positionals: 0 | 1
  /** How the command that judges one connector begins. */
  readonly command: (connector: string, positionals: ReadonlyArray<string>) => string
  /** Where reports go, and where pins are, unless told; without a place there are none. */
  readonly out?: string
  readonly pins?: string
  /** Another thing that was asked for than a run on twins; undefined when it was not. */
  readonly instead?: (options: Options.Options) => Promise<ExitCode> | undefined
  readonly matrix?: () => KillMatrix
  /** How the workers are run, where it is not as this process is. */
  readonly workers?: Omit<Pool.Settings, "script" | "args">
  readonly stdout?: (text: string) => void
  readonly screen?: Progress.Screen
}

const stderr = (): Progress.Screen => ({
  write: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true && process.env["TERM"] !== "dumb",
  columns: process.stderr.columns ?? 80,
})

/** Of a part of the suite that was asked for, no connector has to have everything. */
const codeOf = (results: ReadonlyArray<Result>, isPart: boolean): ExitCode => {
  const isWrong = results.some(({ counts }) => counts.failed > 0 || counts.vacuous > 0)
  const isProven = results.some(({ counts }) => counts.passed > 0)
  if (isPart) return !isWrong && isProven ? 0 : 1
  return results.length > 0 && results.every(isClean) ? 0 : 1
}

/** How the command that judges a part of it begins, with what it would not judge in the same way without. */
const commandOf =
  (settings: Settings, { intercepted, pin, pins, positionals }: Options.Options) =>
  (connector: string): string =>
    [
      settings.command(connector, positionals),
      ...(intercepted ? ["--intercepted"] : []),
      ...(pins === undefined || pin ? [] : [`--pins ${Shell.quoted(pins)}`]),
    ].join(" ")

/** The pins to go by; a file that was asked for has to be there, unless it is written. */
const pinned = (settings: Settings, { pin, pins }: Options.Options): { file?: string; before: Pins.Pins } => {
  const file = pins ?? settings.pins
  if (file === undefined && pin) throw usageError("--pin does not say where to.", "Name the file: --pins FILE --pin")
  if (file === undefined) return { before: {} }
  if (pins !== undefined && !pin && !existsSync(resolve(pins))) {
    throw usageError(`There is no file ${resolve(pins)}.`, "It is written with --pin.")
  }
  return { file, before: Pins.read(resolve(file)) }
}

const outOf = (settings: Settings, options: Options.Options): string | undefined =>
  options.out ?? (options.isPart ? undefined : settings.out)

/** What cannot be written is told before anybody has waited. */
const opened = (settings: Settings, options: Options.Options, pins: string | undefined): void => {
  const out = outOf(settings, options)
  if (out !== undefined) Files.openFolder(resolve(out))
  for (const file of [options.json, options.pin ? pins : undefined]) {
    if (file !== undefined) Files.openFile(resolve(file))
  }
}

const report = (settings: Settings, options: Options.Options, results: ReadonlyArray<Result>): void => {
  const print = settings.stdout ?? ((text) => void process.stdout.write(text))
  const colors = settings.stdout === undefined && process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined
  const out = outOf(settings, options)
  for (const result of results) {
    print(`${Terminal.text(result, { colors })}\n`)
    if (out !== undefined) print(`  ${Files.reports(resolve(out), result, settings.matrix?.()).join("\n  ")}\n`)
  }
  if (options.json !== undefined) Files.summary(resolve(options.json), results)
  print(`${Terminal.total(results)}\n`)
}

const judged = async (settings: Settings, options: Options.Options, screen: Progress.Screen): Promise<ExitCode> => {
  const { before, file } = pinned(settings, options)
  opened(settings, options, file)
  const progress = Progress.make(screen)
  const results = await Run.run({
    options,
    pool: { script: settings.script, args: options.positionals, ...settings.workers },
    pins: options.pin ? {} : before,
    command: commandOf(settings, options),
    progress,
  }).finally(progress.end)
  report(settings, options, results)
  if (options.pin && file !== undefined) Pins.write(resolve(file), Pins.after(before, results, options.isPart))
  return codeOf(results, options.isPart)
}

const asked = async (settings: Settings, screen: Progress.Screen): Promise<ExitCode> => {
  const options = Options.parse(settings.args)
  const print = settings.stdout ?? ((text) => void process.stdout.write(text))
  if (options.help || options.version) {
    print(options.help ? settings.help : `${settings.version}\n`)
    return 0
  }
  if (options.positionals.length !== settings.positionals) {
    const takes = settings.positionals === 0 ? "no arguments without a flag" : "one argument, the file of the adapter"
    throw new UsageError({ message: `The command takes ${takes}.`, hint: "--help tells how it is called." })
  }
  if (settings.instead === undefined && (options.live !== undefined || options.allowWrites)) {
    throw new UsageError({
      message: "This command knows no sandbox.",
      hint: "mortise-conformance FILE --live FILE does.",
    })
  }
  return (await settings.instead?.(options)) ?? judged(settings, options, screen)
}

export const run = async (settings: Settings): Promise<ExitCode> => {
  const screen = settings.screen ?? stderr()
  try {
    return await asked(settings, screen)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    screen.write(`conformance: ${error.message}\n${error.hint === undefined ? "" : `  ${error.hint}\n`}`)
    return 2
  }
}

/** Whoever reads on may stop: `| head` does. The run goes on to its end, and takes away what it wrote. */
const letReadersGo = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error
    })
  }
}

/** Runs the command, or serves one that runs, and ends as it did. */
export const main = async (settings: Settings): Promise<void> => {
  const [first, ...positionals] = settings.args
  if (first === Worker.FLAG && process.send !== undefined) return Worker.serve(() => settings.load(positionals))
  letReadersGo()
  process.exitCode = await run(settings)
}
