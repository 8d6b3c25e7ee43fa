/** What SQLite says went wrong, in the words of the one error. */
import { ConnectorError, Decode, Forbidden, Invalid, type Reason, Unavailable } from "@mortise/core/ConnectorError"

/** Primary result codes (sqlite.org, "Result and Error Codes"). */
const CODE = {
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  toobig: 18,
  notadb: 26,
} as const

const codeOf = (cause: unknown): number | undefined => {
  const code = (cause as { readonly errcode?: unknown } | null)?.errcode
  return typeof code === "number" ? code & 0xff : undefined
}

/** Another process holds the file; it may be free in a moment. */
export const isBusy = (cause: unknown): boolean => {
  const code = codeOf(cause)
  return code === CODE.busy || code === CODE.locked
}

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : "an unknown failure")

const reasonOf = (cause: unknown, path: string): Reason => {
  const invalid = (message: string) => new Invalid({ message, issues: [{ path: ["path"], message: said(cause) }] })
  switch (codeOf(cause)) {
    case CODE.busy:
    case CODE.locked:
      return new Unavailable({ message: `${path} was kept locked by another process; try again` })
    case CODE.perm:
    case CODE.readonly:
      return new Forbidden({ message: `${path} cannot be written; give this user the right to write file and folder` })
    case CODE.cantopen:
      return invalid(`${path} cannot be opened; see that the folder is there and can be written`)
    case CODE.notadb:
      return invalid(`${path} is not an SQLite database; name another file`)
    case CODE.corrupt:
      return new Decode({
        message: `${path} is damaged; restore it from a backup`,
        issues: [{ path: ["path"], message: said(cause) }],
      })
    case CODE.toobig:
      return invalid("a value is larger than SQLite can hold (1,000,000,000 bytes)")
    case CODE.full:
      return new Unavailable({ message: `the disk of ${path} is full; make room` })
    case CODE.ioerr:
      return new Unavailable({ message: `the disk of ${path} failed: ${said(cause)}` })
    default:
      return new Unavailable({ message: `${path}: ${said(cause)}` })
  }
}

export const failure = (operation: string, path: string, cause: unknown): ConnectorError =>
  cause instanceof ConnectorError
    ? cause
    : new ConnectorError({ system: "store", operation, reason: reasonOf(cause, path) })
