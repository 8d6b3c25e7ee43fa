/** The flags of `mortise generate`, in the words of its help. */
import { type Format, formats, type System, systems } from "@mortise/codegen/Description"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

export interface Options {
  readonly system: System
  readonly from: string
  readonly entities: ReadonlyArray<string>
  readonly out: string
  readonly check: boolean
  readonly json: boolean
  readonly format: Option.Option<Format>
  readonly config: Option.Option<string>
  readonly quiet: boolean
}

const listed = (text: string): ReadonlyArray<string> => [
  ...new Set(
    text
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== ""),
  ),
]

export const flags = {
  system: Flag.Literals("system", systems).pipe(Flag.withMetavar("<name>"), Flag.withDescription("Whose API it is")),
  from: Flag.String("from").pipe(
    Flag.withMetavar("<file|folder|url>"),
    Flag.withDescription("The description: a file, a folder of files, or the address of the instance that serves it"),
  ),
  entities: Flag.String("entities").pipe(
    Flag.withMetavar("<a,b,c>"),
    Flag.withDescription("The entities in use, by their names in the description; all of them when left out"),
    Flag.optional,
    Flag.map((text) => (Option.isNone(text) ? [] : listed(text.value))),
  ),
  out: Flag.String("out").pipe(
    Flag.withMetavar("<folder>"),
    Flag.withDescription("Where the types and mortise.pin.json go, or with --check: where they are"),
  ),
  check: Flag.Boolean("check").pipe(
    Flag.withDescription("Write nothing; say what changed since the pin. Exit code 0, 1 (warnings) or 2 (breaking)"),
    Flag.withDefault(false),
  ),
  json: Flag.Boolean("json").pipe(Flag.withDescription("Print the result as JSON on stdout"), Flag.withDefault(false)),
  format: Flag.Literals("format", formats).pipe(
    Flag.withMetavar("<name>"),
    Flag.withDescription("The format of the description; recognised by its content when left out"),
    Flag.optional,
  ),
  config: Flag.String("config").pipe(
    Flag.withMetavar("<file>"),
    Flag.withDescription("A JSON file with credentials by name; mortise.config.json here when left out"),
    Flag.optional,
  ),
  quiet: Flag.Boolean("quiet").pipe(Flag.withDescription("Say nothing while working"), Flag.withDefault(false)),
}
