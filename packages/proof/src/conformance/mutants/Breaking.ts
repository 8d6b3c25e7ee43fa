/** How connectors are broken: at the wire, at what is written, at what is read. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Change from "@mortise/core/Change"
import type * as Port from "@mortise/core/Port"
import * as Stream from "effect/Stream"

export type Fetch = typeof globalThis.fetch
export type Writes = Parameters<Port.Any["upsert"]>[0]
export type Write = Writes[number]

/** A door that sees requests whole and may send them again. */
export const door = (name: string, send: (request: Request, fetch: Fetch) => Promise<Response>): Mutant => ({
  name,
  door: (fetch) => ((input, init) => send(new Request(input, init), fetch)) as Fetch,
})

export const writing = (name: string, change: (records: Writes) => Writes): Mutant => ({
  name,
  port: (port) => ({ ...port, upsert: (records, options) => port.upsert(change(records), options) }),
})

export const each = (change: (write: Write) => Write) => (records: Writes) => records.map(change)

export const renamed = (write: Write, suffix: string): Write =>
  write.key === undefined ? write : { ...write, key: write.key + suffix }

/** The nth call of it gives n. */
export const counter = () => {
  let count = 0
  return () => ++count
}

/** The same write for another key, as a client sends it that takes no care of keys. */
export const underAnotherKey = async (request: Request): Promise<Request> => {
  const other = (text: string) =>
    text
      .replaceAll("acumatica/acme", "acumatica/twice")
      .replaceAll("hubspot/1234", "hubspot/4321")
      .replaceAll("hubspot%2F1234", "hubspot%2F4321")
  const headers = new Headers(request.headers)
  return new Request(other(request.url), { method: request.method, headers, body: other(await request.text()) })
}

export const isWrite = ({ method, url }: Request): boolean => method === "PUT" || /\/batch\/(upsert|create)$/.test(url)

export type Paging = <A>(page: Change.Page<A>, before: Change.Page<A> | undefined) => Change.Page<A>

export const reading = (name: string, change: Paging): Mutant => ({
  name,
  port: (port) => ({
    ...port,
    changes: (options) =>
      Stream.suspend(() => {
        let before: Change.Page<never> | undefined
        return Stream.map(port.changes(options), (page) => {
          const changed = change(page, before)
          before = page as Change.Page<never>
          return changed
        })
      }),
  }),
})
