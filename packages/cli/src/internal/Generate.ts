/** `mortise generate`: from a description to types, or with `--check` to what has changed since. */
import { resolve } from "node:path"
import type { ApiDocument, System } from "@mortise/codegen/Description"
import type { DescriptionError } from "@mortise/codegen/DescriptionError"
import * as Reader from "@mortise/codegen/Reader"
import * as Writer from "@mortise/codegen/Writer"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type CommandError, commandError } from "../CommandError.ts"
import type { ExitCode } from "../ExitCode.ts"
import * as Pin from "../Pin.ts"
import type { Service } from "../Surroundings.ts"
import * as Address from "./Address.ts"
import * as Check from "./Check.ts"
import type { Fetched } from "./live/Live.ts"
import type { Options } from "./Options.ts"
import * as Origin from "./Origin.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import * as Settings from "./Settings.ts"

type Failure = CommandError | DescriptionError

interface Run {
  readonly surroundings: Service
  readonly options: Options
  readonly progress: Progress.Progress
  readonly address: Address.Address
  /** The folder of the output, absolute. */
  readonly out: string
}

/** What `--from` names, as a pin may hold it: no folder of this machine, no query. */
const fromOf = ({ address, options }: Run): string =>
  address.kind === "url" ? Address.shown(address.url) : options.from.replaceAll("\\", "/").replace(/^.*\/(?=[^/])/, "")

const fetched = Effect.fnUntraced(function* (
  run: Run,
  entities: ReadonlyArray<string>,
  known: ReadonlyArray<string> = [],
) {
  const { address, options, progress, surroundings } = run
  const settings = yield* Settings.load(surroundings, Option.getOrUndefined(options.config))
  const { format, system } = options
  return yield* Origin.fetch(
    { surroundings, settings, progress },
    { system, address, entities, known, format: Option.getOrUndefined(format) },
  )
})

const read = (run: Run, { build, path }: Fetched, entities: ReadonlyArray<string>) => {
  const { options, progress } = run
  const reading = Reader.read(
    { kind: "path", path },
    {
      system: options.system,
      ...(entities.length === 0 ? {} : { entities }),
      ...(Option.isNone(options.format) ? {} : { format: options.format.value }),
      ...(build === undefined ? {} : { build }),
      onProgress: (step) => Effect.runSync(progress.detail(`${step[0]?.toUpperCase()}${step.slice(1)}`)),
    },
  )
  return Effect.andThen(progress.step(`Reading ${fromOf(run)}`), reading)
}

/** The description, trimmed to the entities; all of it where none are named. */
const description = (run: Run, entities: ReadonlyArray<string>): Effect.Effect<ApiDocument, Failure, Scope.Scope> =>
  Effect.flatMap(fetched(run, entities), (found) => read(run, found, entities))

/** As far as the live description still has the entities: one that is gone is a change, and no error. */
const whatIsLeft = (run: Run, found: Fetched, entities: ReadonlyArray<string>): Effect.Effect<ApiDocument, Failure> =>
  Effect.catchTag(read(run, found, entities), "DescriptionError", (error) => {
    const left = entities.filter((name) => name !== error.entity)
    return left.length === entities.length || left.length === 0 ? Effect.fail(error) : whatIsLeft(run, found, left)
  })

/** HubSpot writes numbers as texts; the clients of the ERPs keep the digits of theirs. */
const numbersOf = (system: System): "native" | "exact" => (system === "hubspot" ? "native" : "exact")

const filesOf = Effect.fnUntraced(function* (run: Run, document: ApiDocument) {
  const { system } = document
  const written = yield* Writer.write(document, { version: run.surroundings.version, numbers: numbersOf(system) })
  const pin = Pin.make(document, fromOf(run), {
    files: written.map(({ path }) => path),
    wanted: run.options.entities,
  })
  const files = new Map([...written.map(({ path, text }) => [path, text] as const), [Pin.FILE, Pin.encode(pin)]])
  return { files, pin }
})

const told = ({
  entities,
  files,
  pin,
  out,
}: {
  entities: number
  files: number
  pin: Pin.Pin
  out: string
}): string => {
  const version = pin.endpointVersion ?? pin.version
  const of = [pin.system, version].filter((one) => one !== "").join(" ")
  return `${files} files for ${entities} ${entities === 1 ? "entity" : "entities"} of ${of} are in ${out}\n`
}

/** One folder for one system: the clients of two would take the place of each other. */
const notOfAnother = Effect.fnUntraced(function* ({ options, out }: Run) {
  const pin = yield* Pin.find(out)
  if (pin === undefined || pin.system === options.system) return
  const message = `${options.out} holds what was generated for ${pin.system}.`
  return yield* commandError("Output", message, "Name another folder in --out, or remove that one.")
})

const generate = Effect.fnUntraced(function* (run: Run) {
  const { options, out, progress, surroundings } = run
  yield* Output.check(out)
  yield* notOfAnother(run)
  const document = yield* description(run, options.entities)
  yield* progress.step(`Writing types of ${document.entities.length} entities`)
  const { files, pin } = yield* filesOf(run, document)
  yield* Output.write(out, files)
  yield* progress.clear
  const report = { entities: document.entities.length, files: files.size, pin, out: options.out }
  yield* surroundings.out(options.json ? Pin.encode(pin) : told(report))
  return 0 as const
})

const check = Effect.fnUntraced(function* (run: Run) {
  const pinned = yield* Check.pinned(run.out, run.options)
  const live = yield* whatIsLeft(run, yield* fetched(run, pinned.entities, pinned.known), pinned.entities)
  yield* run.progress.clear
  const { code, text } = Check.report(pinned.document, live, run.options.json)
  yield* run.surroundings.out(text)
  return code
})

export const run = (surroundings: Service, options: Options): Effect.Effect<ExitCode, Failure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const progress = options.quiet ? Progress.silent : Progress.make(surroundings)
      const address = yield* Address.parse(options.from, surroundings.folder)
      const out = resolve(surroundings.folder, options.out)
      const work = { surroundings, options, progress, address, out }
      return yield* Effect.onExit(options.check ? check(work) : generate(work), () => progress.clear)
    }),
  )
