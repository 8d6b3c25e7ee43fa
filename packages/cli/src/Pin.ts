/**
 * `mortise.pin.json`, beside the generated files: what they were made from, in few lines, for people and for other
 * programs. The description itself, which later ones are compared with, stands in `description.json`.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { ApiDocument, Format, System } from "@mortise/codegen/Description"
import * as Effect from "effect/Effect"
import { type CommandError, commandError } from "./CommandError.ts"

export const FILE = "mortise.pin.json"
export const DESCRIPTION = "description.json"

export interface Pin {
  readonly mortise: 1
  readonly system: System
  readonly format: Format
  /** The file, or the address without its query. */
  readonly from: string
  readonly version: string
  /** Acumatica: `Default/24.200.001`. */
  readonly endpointVersion?: string
  /** Acumatica: `4`. */
  readonly contractVersion?: string
  /** The build of the vendor's software, where it was told. */
  readonly build?: string
  /** SHA-256 of what was read. */
  readonly digest: string
  readonly entities: ReadonlyArray<string>
  /** Whether these were chosen among more. Pins from before this was told do not say. */
  readonly trimmed?: boolean
  /** All files that were written, this one too. */
  readonly files: ReadonlyArray<string>
}

/** `wanted` are the entities that were asked for; none for all that there are. */
export const make = (
  document: ApiDocument,
  from: string,
  { files, wanted }: { readonly files: ReadonlyArray<string>; readonly wanted: ReadonlyArray<string> },
): Pin => {
  const { build, contractVersion, digest, endpointVersion, format, version } = document.source
  return {
    mortise: 1,
    system: document.system,
    format,
    from,
    version,
    ...(endpointVersion === undefined ? {} : { endpointVersion }),
    ...(contractVersion === undefined ? {} : { contractVersion }),
    ...(build === undefined ? {} : { build }),
    digest,
    entities: document.entities.map(({ name }) => name),
    trimmed: wanted.length > 0,
    files: [...files, FILE].sort(),
  }
}

/** Whether all of a description was pinned. Without entities it can be nothing else. */
export const isWhole = ({ entities, trimmed }: Pin): boolean => trimmed === false || entities.length === 0

export const encode = (pin: Pin): string => `${JSON.stringify(pin, null, 2)}\n`

/** A file of ours lies in the folder or below it, whatever somebody wrote into the pin. */
const isInside = (name: unknown): name is string =>
  typeof name === "string" && /^[\w-]/.test(name) && !name.split(/[/\\]/).includes("..")

const isPin = (value: unknown): value is Pin =>
  typeof value === "object" &&
  value !== null &&
  "mortise" in value &&
  value.mortise === 1 &&
  "system" in value &&
  "entities" in value &&
  Array.isArray(value.entities) &&
  "files" in value &&
  Array.isArray(value.files) &&
  value.files.every(isInside)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined where there is none. */
export const find = Effect.fnUntraced(function* (folder: string) {
  const path = join(folder, FILE)
  const text = yield* Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (error) => (error as NodeJS.ErrnoException).code ?? "unknown",
  }).pipe(
    Effect.catch((code) =>
      code === "ENOENT" || code === "ENOTDIR"
        ? Effect.undefined
        : Effect.fail(commandError("Pin", `${path} cannot be read (${code}).`)),
    ),
  )
  if (text === undefined) return undefined
  const pin = parsed(text)
  if (isPin(pin)) return pin
  return yield* commandError("Pin", `${path} is no pin of this command.`, "Move it away, and generate again.")
})

export const read = (folder: string): Effect.Effect<Pin, CommandError> =>
  Effect.flatMap(find(folder), (pin) =>
    pin === undefined
      ? Effect.fail(commandError("Pin", `${join(folder, FILE)} is not there.`, "Generate once without --check first."))
      : Effect.succeed(pin),
  )

/** The files that were written before. */
export const filesOf = (folder: string): Effect.Effect<ReadonlyArray<string>, CommandError> =>
  Effect.map(find(folder), (pin) => pin?.files ?? [])
