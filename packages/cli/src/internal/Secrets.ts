/**
 * Keeps credentials off the command line, where every program of the machine can read them and the shell writes them
 * down. What is refused is named by its place and never repeated.
 */
import * as Option from "effect/Option"
import { type CommandError, commandError } from "../CommandError.ts"

const FLAG =
  /^--?((?:access|refresh|auth|api|id|client|private|app|user|bearer|session)?-?(?:token|password|passwd|pass|pwd|secret|key|apikey|bearer|authorization|auth|cookie|credentials?|header|user(?:name)?|login)|h|u|p)(?:=.*)?$/i

const PARAMETER =
  /^(?:.*(?:token|secret|passw(?:or)?d|credential|signature|apikey|api[-_]key|hapikey)|pwd|sig|auth|authorization|sid|session(?:id)?|key|code|jwt|bearer)$/i

/** Texts that are nothing but credentials, whatever flag they follow. */
const SECRETS: ReadonlyArray<RegExp> = [
  /\bpat-[a-z]{2,}\d*-[0-9a-f]{8}-/i,
  /\beyJ[\w-]{8,}\.[\w-]+/,
  /\b(?:bearer|basic)\s+\S{8,}/i,
  /\btoken\s+\w+:\w+/i,
  /-----BEGIN/,
]

const parsed = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** What is wrong with an address before it is looked at any closer; undefined for a clean one and for other texts. */
const faultOfAddress = (text: string): string | undefined => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined
  if (/^[^:]+:\/\/[^/\s]*@/.test(text)) return "carries a user name or password"
  const url = parsed(text)
  if (url === undefined) return "is an address that cannot be read"
  const parameters = [...url.searchParams.keys(), ...new URLSearchParams(url.hash.slice(1)).keys()]
  return parameters.some((name) => PARAMETER.test(name)) ? "carries credentials in its query" : undefined
}

const MEND = "Put credentials into the environment or the configuration file; `mortise generate --help` names them."
const WHY = "what stands on a command line can be read by every program of this machine"

/** Short flags of our own that the pattern would take for another program's. */
const OURS: ReadonlySet<string> = new Set(["-h", "--help"])

/** The part of an argument that may be a value: all of it, or what follows `--flag=`. */
const textOf = (argument: string): string => /^--[\w-]+=([\s\S]*)$/.exec(argument)?.[1] ?? argument

export const find = (args: ReadonlyArray<string>): Option.Option<CommandError> => {
  for (const [index, argument] of args.entries()) {
    const flag = OURS.has(argument) ? undefined : FLAG.exec(argument)?.[1]
    if (flag !== undefined) {
      const shown = argument.startsWith("--") ? `--${flag.toLowerCase()}` : `-${flag}`
      return Option.some(commandError("Credentials", `${shown} is refused: ${WHY}.`, MEND))
    }
    const value = textOf(argument)
    const fault = faultOfAddress(value)
    if (fault !== undefined) {
      return Option.some(commandError("Address", `argument ${index + 1} ${fault}, and is refused.`, MEND))
    }
    if (SECRETS.some((pattern) => pattern.test(value))) {
      return Option.some(commandError("Credentials", `argument ${index + 1} looks like a secret: ${WHY}.`, MEND))
    }
  }
  return Option.none()
}
