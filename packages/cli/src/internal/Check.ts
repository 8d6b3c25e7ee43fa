/** What `--check` compares with, and how it tells what it found. */
import { join } from "node:path"
import type { ApiDocument } from "@mortise/codegen/Description"
import * as Drift from "@mortise/codegen/Drift"
import * as Reader from "@mortise/codegen/Reader"
import * as Effect from "effect/Effect"
import { commandError } from "../CommandError.ts"
import type { ExitCode } from "../ExitCode.ts"
import * as Pin from "../Pin.ts"
import type { Options } from "./Options.ts"

export interface Pinned {
  readonly document: ApiDocument
  /** What both sides are trimmed to; none where both are compared as a whole. */
  readonly entities: ReadonlyArray<string>
  /** All that was pinned. */
  readonly known: ReadonlyArray<string>
}

const subset = (pin: Pin.Pin, wanted: ReadonlyArray<string>) => {
  const unknown = wanted.filter((name) => !pin.entities.includes(name))
  // Trimmed to its entities, a whole would lose all that belongs to none of them.
  if (wanted.length === 0) return Effect.succeed(Pin.isWhole(pin) ? [] : pin.entities)
  if (unknown.length === 0) return Effect.succeed(wanted)
  const message = `${unknown.join(", ")}: not pinned, so there is nothing to compare with.`
  const pinned = pin.entities.length === 0 ? "No entity is pinned." : `Pinned are ${pin.entities.join(", ")}.`
  return Effect.fail(commandError("Pin", message, pinned))
}

export const pinned = Effect.fnUntraced(function* (folder: string, { entities, system }: Options) {
  const pin = yield* Pin.read(folder)
  if (pin.system !== system) {
    const message = `${join(folder, Pin.FILE)} pins ${pin.system}, and --system is ${system}.`
    return yield* commandError("Pin", message)
  }
  const names = yield* subset(pin, entities)
  const path = join(folder, Pin.DESCRIPTION)
  const document = yield* Reader.read(
    { kind: "path", path },
    { system, format: "pin", ...(names.length === 0 ? {} : { entities: names }) },
  )
  return { document, entities: names, known: pin.entities } satisfies Pinned
})

/** The report, and the code that the command ends with. */
export const report = (before: ApiDocument, after: ApiDocument, json: boolean): { code: ExitCode; text: string } => {
  const found = Drift.compare(before, after)
  return { code: Drift.exitCode(found), text: json ? Drift.json(found) : Drift.text(found) }
}
