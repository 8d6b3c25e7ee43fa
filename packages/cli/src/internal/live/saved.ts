/** Puts what was fetched into the temporary folder, for the readers. */
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { type CommandError, commandError } from "../../CommandError.ts"

const failed = () => commandError("Output", "what was fetched cannot be put into a temporary file.")

export const text = (file: string, content: string): Effect.Effect<void, CommandError> =>
  Effect.tryPromise({ try: () => writeFile(file, content, { mode: 0o600 }), catch: failed })

export const json = (file: string, value: unknown): Effect.Effect<void, CommandError> =>
  text(file, JSON.stringify(value))

export const folder = (parent: string, name: string): Effect.Effect<string, CommandError> =>
  Effect.tryPromise({
    try: async () => {
      const path = join(parent, name)
      await mkdir(path)
      return path
    },
    catch: failed,
  })
