/** Where a sandbox is and how to sign in, as a file says it. What opens a door comes from the environment. */
import { readFileSync } from "node:fs"
import * as Redacted from "effect/Redacted"
import { usageError } from "../UsageError.ts"

export interface Target {
  readonly baseUrl: URL
  /** In the shape that the adapter takes; every text in it is redacted. */
  readonly credentials: unknown
  /** What is secret in it. */
  readonly secrets: ReadonlySet<string>
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"])

const addressOf = (value: unknown, file: string): URL => {
  const url = typeof value === "string" ? URL.parse(value) : null
  if (url === null) throw usageError(`${file} has no address in "baseUrl".`)
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname))
  if (!isSafe) throw usageError(`"baseUrl" of ${file} has to begin with https://.`)
  return url
}

/** `$NAME` is taken from the environment. */
const filled = (value: unknown, environment: NodeJS.ProcessEnv, secrets: Set<string>): unknown => {
  if (typeof value === "string") {
    const name = /^\$(\w+)$/.exec(value)?.[1]
    const text = name === undefined ? value : environment[name]
    if (text === undefined || text === "") throw usageError(`The environment has no ${name ?? "value"}.`)
    secrets.add(text)
    return Redacted.make(text)
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, environment, secrets)]))
}

export const read = (file: string, environment: NodeJS.ProcessEnv): Target => {
  let of: { readonly baseUrl?: unknown; readonly credentials?: unknown }
  try {
    of = Object(JSON.parse(readFileSync(file, "utf8")))
  } catch {
    throw usageError(
      `${file} cannot be read as JSON.`,
      '{ "baseUrl": "https://...", "credentials": { "token": "$TOKEN" } }',
    )
  }
  const secrets = new Set<string>()
  const credentials = filled(of.credentials ?? {}, environment, secrets)
  return { baseUrl: addressOf(of.baseUrl, file), credentials, secrets }
}
