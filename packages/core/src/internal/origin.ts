/** Where requests may go: https, or http to this machine; and never to another origin than the configured one. */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "../ConnectorError.ts"
import { refuse } from "./refuse.ts"

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

/** The fault of a base url in words; undefined when it may carry credentials. */
const faultOf = (url: URL): string | undefined => {
  if (url.username !== "" || url.password !== "") {
    return "it carries a user name or password; hand credentials in as `auth` instead"
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return undefined
  if (url.protocol === "http:") {
    return "plain http would send credentials in the clear; use https (http is for loopback only)"
  }
  return `the scheme ${url.protocol} is not https`
}

/** Fails with `Invalid` unless the url is https, or http on a loopback host. The message does not repeat the url. */
export const secure = (system: string, field: string, url: URL): Effect.Effect<URL, ConnectorError> => {
  const fault = faultOf(url)
  return fault === undefined ? Effect.succeed(url) : refuse(system, field, fault)
}
