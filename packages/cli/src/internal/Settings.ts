/** Credentials and addresses from the environment, then from the configuration file; never from the command line. */
import { readFile, stat } from "node:fs/promises"
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type CommandError, commandError } from "../CommandError.ts"
import type { Service } from "../Surroundings.ts"
import * as Names from "./Names.ts"

export const FILE = "mortise.config.json"

export interface Settings {
  /** A value that is no secret. Blank texts count as absent; blanks around others, a line break above all, are dropped. */
  readonly text: (name: string) => string | undefined
  readonly secret: (name: string) => Redacted.Redacted<string> | undefined
}

type Values = Readonly<Record<string, string | undefined>>

const complaint = (file: string, message: string) => commandError("Usage", `${file}: ${message}`)

/** Nothing of what stands in the file is repeated, not even where it breaks. */
const parsed = (file: string, text: string): Effect.Effect<Values, CommandError> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return Effect.fail(complaint(file, "is not JSON."))
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return Effect.fail(complaint(file, "holds no object of names and texts."))
  }
  for (const [name, one] of Object.entries(value)) {
    if (!Names.all.includes(name)) {
      const known = `Known are ${Names.all.join(", ")}.`
      return Effect.fail(
        commandError("Usage", `${file}: ${JSON.stringify(name.slice(0, 40))} is no known name.`, known),
      )
    }
    if (typeof one !== "string") return Effect.fail(complaint(file, `${name} is ${typeof one}, and should be a text.`))
  }
  return Effect.succeed(value as Values)
}

const reading = (file: string) =>
  Effect.tryPromise({
    try: async () => ({ text: await readFile(file, "utf8"), mode: (await stat(file)).mode }),
    catch: (error) => (error as NodeJS.ErrnoException).code ?? "unknown",
  })

const OTHERS = 0o077

/** `named`: the file was asked for, and has to be there. */
const fromFile = Effect.fnUntraced(function* (surroundings: Service, named: string | undefined) {
  const file = resolve(surroundings.folder, named ?? FILE)
  const shown = named ?? FILE
  const found = yield* reading(file).pipe(
    Effect.catch((code) =>
      code === "ENOENT" && named === undefined
        ? Effect.undefined
        : Effect.fail(complaint(shown, code === "ENOENT" ? "there is no such file." : `cannot be read (${code}).`)),
    ),
  )
  if (found === undefined) return {}
  if (process.platform !== "win32" && (found.mode & OTHERS) !== 0) {
    yield* surroundings.err(`${shown} can be read by other users of this machine; \`chmod 600 ${shown}\` ends that.\n`)
  }
  return yield* parsed(shown, found.text)
})

const of = (values: Values): Settings => {
  const text = (name: string) => {
    const found = values[name]?.trim()
    return found === "" ? undefined : found
  }
  return {
    text,
    secret: (name) => {
      const found = text(name)
      return found === undefined ? undefined : Redacted.make(found, { label: name })
    },
  }
}

const without = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""))

export const load = (surroundings: Service, named: string | undefined): Effect.Effect<Settings, CommandError> =>
  Effect.map(fromFile(surroundings, named), (file) => of({ ...file, ...without(surroundings.environment) }))
