/** What `--from` names: a file, a folder, or an address that may be asked. */
import { isAbsolute, resolve } from "node:path"
import * as Effect from "effect/Effect"
import { type CommandError, commandError } from "../CommandError.ts"

export type Address = { readonly kind: "path"; readonly path: string } | { readonly kind: "url"; readonly url: URL }

export const isLoopback = (url: URL): boolean =>
  url.hostname === "localhost" || url.hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(url.hostname)

/** An address that carries no credentials and would not send any in the clear. Nothing of it is repeated. */
export const checked = (text: string, what: string): Effect.Effect<URL, CommandError> => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return Effect.fail(commandError("Address", `${what} is no address that can be read.`))
  if (url.username !== "" || url.password !== "") {
    return Effect.fail(commandError("Address", `${what} carries a user name or password, and is refused.`))
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return Effect.succeed(url)
  const why =
    url.protocol === "http:"
      ? "plain http would send credentials in the clear; only servers on this machine are asked so"
      : `the scheme ${url.protocol} is not https`
  return Effect.fail(commandError("Address", `${what} is refused: ${why}.`, "Use the https address."))
}

export const parse = (from: string, folder: string): Effect.Effect<Address, CommandError> => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) {
    return Effect.map(checked(from, "--from"), (url): Address => ({ kind: "url", url }))
  }
  if (from.trim() === "")
    return Effect.fail(commandError("Usage", "--from is empty: name a file, a folder or an address."))
  return Effect.succeed({ kind: "path", path: isAbsolute(from) ? from : resolve(folder, from) })
}

/** An address as it may be shown and written down: without its query. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`
