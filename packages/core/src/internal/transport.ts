/** What a failed `fetch` tells of the request: whether it can have reached the server. */
import { Transport } from "../ConnectorError.ts"

// Node and undici: the connection was never there, so no byte of the request left.
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
])

const codeOf = (error: unknown): string | undefined => {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined
  return typeof error.code === "string" ? error.code : undefined
}

/** The codes of an error and its causes; those of an `AggregateError` (one address after the other) all count. */
const codesOf = (error: unknown, depth = 0): ReadonlyArray<string> => {
  if (typeof error !== "object" || error === null || depth > 4) return []
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.flatMap((each: unknown) => codesOf(each, depth + 1))
  }
  const own = codeOf(error)
  return own === undefined ? codesOf("cause" in error ? error.cause : undefined, depth + 1) : [own]
}

/** Codes are shown, since they are the engine's words; messages are not, since they may quote the address. */
export const failureOf = (error: unknown): Transport => {
  const codes = codesOf(error)
  const sent = codes.length === 0 || !codes.every((code) => NEVER_SENT.has(code))
  const shown = codes.length === 0 ? "" : ` (${[...new Set(codes)].join(", ")})`
  const message = sent ? `the connection failed before an answer came${shown}` : `no connection could be made${shown}`
  return new Transport({ message, sent })
}
