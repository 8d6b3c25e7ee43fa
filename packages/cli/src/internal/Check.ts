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
  readonly entities: ReadonlyArray<string>
}

const subset = (pin: Pin.Pin, wanted: ReadonlyArray<string>) => {
  const unknown = wanted.filter((name) => !pin.entities.includes(name))
  if (unknown.length === 0) return Effect.succeed(wanted.length === 0 ? pin.entities : wanted)
  const message = `${unknown.join(", ")}: not pinned, so there is nothing to compare with.`
  return Effect.fail(commandError("Pin", message, `Pinned are ${pin.entities.join(", ")}.`))
}

export const pinned = Effect.fnUntraced(function* (folder: string, { entities, system }: Options) {
  const pin = yield* Pin.read(folder)
  if (pin.system !== system) {
    const message = `${join(folder, Pin.FILE)} pins ${pin.system}, and --system is ${system}.`
    return yield* commandError("Pin", message)
  }
  const names = yield* subset(pin, entities)
  const path = join(folder, Pin.DESCRIPTION)
  const document = yield* Reader.read({ kind: "path", path }, { system, format: "pin", entities: names })
  return { document, entities: names } satisfies Pinned
})

/** The report, and the code that the command ends with. */
export const report = (before: ApiDocument, after: ApiDocument, json: boolean): { code: ExitCode; text: string } => {
  const found = Drift.compare(before, after)
  return { code: Drift.exitCode(found), text: json ? Drift.json(found) : Drift.text(found) }
}
