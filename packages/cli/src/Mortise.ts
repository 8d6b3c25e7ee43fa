/** The command as a program: from arguments to an exit code, with nothing taken from the process. */
import { type System, systems } from "@mortise/codegen/Description"
import type { DescriptionError } from "@mortise/codegen/DescriptionError"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CommandError } from "./CommandError.ts"
import type { ExitCode } from "./ExitCode.ts"
import { addresses } from "./internal/live/index.ts"
import * as Names from "./internal/Names.ts"
import { flags, type Options } from "./internal/Options.ts"
import * as Platform from "./internal/Platform.ts"
import * as Secrets from "./internal/Secrets.ts"
import type { Service } from "./Surroundings.ts"

const rows = (table: Readonly<Record<System, string>>): ReadonlyArray<string> =>
  systems.map((system) => `  ${system.padEnd(10)} ${table[system]}`)

const credentials = Object.fromEntries(systems.map((system) => [system, Names.inWords(system)])) as Record<
  System,
  string
>

/** The help puts the first line in by two; the others follow it. */
const DESCRIPTION = [
  "Writes the types of a client from an API description: that of a vendor, or the one that your own",
  "instance serves, so that your custom fields are typed. With --check it compares such a description",
  "with the one that was pinned, and says what has changed.",
  "",
  "Addresses that are known as instances:",
  ...rows(addresses),
  "",
  "Credentials for them are never taken from the command line. They come from the environment, or from",
  "mortise.config.json in this folder, under these names:",
  ...rows(credentials),
  "",
  "Exit code 0: done, or nothing has changed. 1: changes that deserve a look. 2: a breaking change, or an",
  "error; nothing was written.",
].join("\n  ")

const EXAMPLES = [
  {
    command:
      "mortise generate --system acumatica --from https://erp.example.com/acme/entity/Default/24.200.001 " +
      "--entities Customer,SalesOrder --out src/erp",
    description: "From what your instance serves",
  },
  {
    command: "mortise generate --system dynamics --from metadata.xml --entities CustomersV3 --out src/erp",
    description: "From a file",
  },
  {
    command:
      "mortise generate --check --json --system netsuite --from https://123.suitetalk.api.netsuite.com --out src/erp",
    description: "What has changed since",
  },
]

type Failure = CommandError | DescriptionError

const lines = (error: Failure): ReadonlyArray<string> => {
  const hint = error._tag === "CommandError" ? error.hint : undefined
  return [`mortise: ${error.message}`, ...(hint === undefined ? [] : [`  ${hint}`])]
}

/** For people on stderr; for programs, which asked for JSON, on stdout too. */
const complain = ({ err, out }: Service, error: Failure, json: boolean): Effect.Effect<ExitCode> => {
  const { _tag, ...told } = { ...error, message: error.message }
  const machine = json ? out(`${JSON.stringify({ error: { ...told, name: undefined } }, null, 2)}\n`) : Effect.void
  return err(`${lines(error).join("\n")}\n`).pipe(Effect.andThen(machine), Effect.as<ExitCode>(2))
}

const unforeseen = ({ err }: Service, cause: unknown): Effect.Effect<ExitCode> =>
  Effect.as(err(`mortise: this should not have happened; please report it.\n${String(cause)}\n`), 2 as const)

const program = (surroundings: Service, tell: (code: ExitCode) => void) => {
  const handle = (options: Options) =>
    // The generator brings a compiler with it, which help and refusals need not wait for.
    Effect.promise(() => import("./internal/Generate.ts")).pipe(
      Effect.flatMap((Generate) => Generate.run(surroundings, options)),
      Effect.catch((error) => complain(surroundings, error, options.json)),
      Effect.map(tell),
    )
  const generate = Command.make("generate", flags, handle).pipe(
    Command.withDescription(DESCRIPTION),
    Command.withShortDescription("Types of a client from an API description, and what has changed in it"),
    Command.withExamples(EXAMPLES),
  )
  return Command.make("mortise").pipe(
    Command.withDescription("Joins a CRM to an ERP: typed clients of your own tenant"),
    Command.withSubcommands([generate]),
  )
}

/** Runs to the end and never fails. */
export const run = (surroundings: Service): Effect.Effect<ExitCode> =>
  Option.match(Secrets.find(surroundings.args), {
    onSome: (error) => complain(surroundings, error, surroundings.args.includes("--json")),
    onNone: () => {
      let code: ExitCode = 0
      const command = program(surroundings, (told) => {
        code = told
      })
      return Command.runWith(command, { version: surroundings.version })(surroundings.args).pipe(
        Effect.catch((error) =>
          Effect.sync(() => {
            // Help that was not asked for, because of what was asked for.
            code = error._tag === "ShowHelp" && error.errors.length === 0 ? 0 : 2
          }),
        ),
        Effect.map(() => code),
        Effect.provide(Platform.layer(surroundings)),
        Effect.catchDefect((defect) => unforeseen(surroundings, defect)),
      )
    },
  })
