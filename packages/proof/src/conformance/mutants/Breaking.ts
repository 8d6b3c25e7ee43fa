/** How connectors are broken: at the wire, at what is written and told, at what is read, at what is kept. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Change from "@mortise/core/Change"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import type { Entry, StoreBackend } from "@mortise/core/StoreBackend"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Broken } from "../reference/Broken.ts"

export type Fetch = typeof globalThis.fetch
export type Writes = Parameters<Port.Any["upsert"]>[0]
export type Write = Writes[number]
type Options = Parameters<Port.Any["upsert"]>[1]

/** The small connector: its rules are over in an instant. */
export const REFERENCE = ["reference"]
/** Where a page or a batch is small: what is tried there as well costs little. */
export const SMALL = ["acumatica", "reference"]
export const HUBSPOT = ["hubspot"]
export const ACUMATICA = ["acumatica"]
/** Whose changes bear stamps: Dynamics is read by comparing crawls. */
export const STAMPED = ["hubspot", "acumatica", "netsuite", "erpnext", "reference"]

/** A door that sees requests whole and may send them again. */
export const door = (name: string, send: (request: Request, fetch: Fetch) => Promise<Response>): Mutant => ({
  name,
  door: (fetch) => ((input, init) => send(new Request(input, init), fetch)) as Fetch,
})

/** A door that hands on another answer than the vendor's. */
export const answering = (
  name: string,
  change: (response: Response, request: Request) => Response | Promise<Response>,
): Mutant => door(name, async (request, fetch) => change(await fetch(request.clone()), request))

/** Another body under the status and the headers that came. */
export const withBody = (response: Response, body: string, status = response.status): Response => {
  const headers = new Headers(response.headers)
  headers.delete("content-length")
  return new Response(body, { status, headers })
}

/** The same answer under another status. */
export const withStatus = async (response: Response, status: number): Promise<Response> =>
  withBody(response, await response.text(), status)

/** The same answer with a header set, or taken away. */
export const withHeader = async (response: Response, name: string, value: string | undefined): Promise<Response> => {
  const headers = new Headers(response.headers)
  headers.delete("content-length")
  if (value === undefined) headers.delete(name)
  else headers.set(name, value)
  return new Response(await response.text(), { status: response.status, headers })
}

/** Sends at once again, so often, whatever was answered so. */
export const hammering = (name: string, when: (response: Response, request: Request) => boolean, times = 1): Mutant =>
  door(name, async (request, fetch) => {
    let response = await fetch(request.clone())
    for (let again = 0; again < times && when(response, request); again++) response = await fetch(request.clone())
    return response
  })

/** A connection that fails with this code. */
export const failing = (code: string): TypeError =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("the connection failed"), { code }) })

export const isToken = ({ url }: Request): boolean => /[/_]token$/.test(new URL(url).pathname)

export const writing = (name: string, change: (records: Writes) => Writes): Mutant => ({
  name,
  port: (port) => ({ ...port, upsert: (records, options) => port.upsert(change(records), options) }),
})

export const each = (change: (write: Write) => Write) => (records: Writes) => records.map(change)

export const renamed = (write: Write, suffix: string): Write =>
  write.key === undefined ? write : { ...write, key: write.key + suffix }

type Upsert = (port: Port.Any, records: Writes, options: Options) => Effect.Effect<ReadonlyArray<Outcome.Outcome>>

/** A port that writes in a way of its own. */
export const upserting = (name: string, upsert: Upsert): Mutant => ({
  name,
  port: (port) => ({ ...port, upsert: (records, options) => upsert(port, records, options) }),
})

/** A port that tells something else of what became of each record. */
export const telling = (name: string, change: (outcome: Outcome.Outcome, write: Write) => Outcome.Outcome): Mutant =>
  upserting(name, (port, records, options) =>
    Effect.map(port.upsert(records, options), (outcomes) =>
      outcomes.map((outcome, index) => change(outcome, records[index] as Write)),
    ),
  )

/** The reason of an outcome that has one. */
export const reasonOf = (outcome: Outcome.Outcome): string | undefined =>
  "error" in outcome ? outcome.error.reason._tag : undefined

/** The nth call of it gives n. */
export const counter = () => {
  let count = 0
  return () => ++count
}

/** Every value of a record, however deep; decimals and texts are values. */
export const mapped = (value: unknown, change: (value: unknown) => unknown): unknown => {
  if (BigDecimal.isBigDecimal(value) || typeof value !== "object" || value === null) return change(value)
  if (Array.isArray(value)) return value.map((one) => mapped(one, change))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, change)]))
}

/** Values change on their way out. */
export const sending = (name: string, change: (value: unknown) => unknown): Mutant =>
  writing(
    name,
    each((one) => ({ ...one, fields: mapped(one.fields, change) as Write["fields"] })),
  )

/** The same write for another key, as a client sends it that takes no care of keys. */
export const underAnotherKey = async (request: Request): Promise<Request> => {
  const other = (text: string) =>
    text
      .replaceAll("acumatica/acme", "acumatica/twice")
      // A slash, as it stands in a field, in an address, and in an external id of NetSuite.
      .replaceAll(/hubspot(\/|%2F|_2f)1234/g, (_, slash) => `hubspot${slash}4321`)
  const headers = new Headers(request.headers)
  return new Request(other(request.url), { method: request.method, headers, body: other(await request.text()) })
}

export const isWrite = ({ method, url }: Request): boolean =>
  method === "PUT" ||
  /\/batch\/(upsert|create)$/.test(url) ||
  (method === "POST" && /\/(v1|api\/resource|data)\/[\w%]+(\?|$)/.test(url))

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

type Changes = Port.Any["changes"]

/** A port that reads changes in a way of its own. */
export const changing = (name: string, changes: (changes: Changes, port: Port.Any) => Changes): Mutant => ({
  name,
  port: (port) => ({ ...port, changes: changes(port.changes, port) }),
})

/** Changes on their way to the reader: others in their place, or none. */
export const delivering = (
  name: string,
  change: (change: Change.Change<unknown>) => ReadonlyArray<Change.Change<unknown>>,
): Mutant => reading(name, (page) => ({ ...page, changes: page.changes.flatMap((one) => change(one) as never) }))

/** Something that a store does otherwise. */
export const keeping = (name: string, store: (backend: StoreBackend) => Partial<StoreBackend>): Mutant => ({
  name,
  store: (backend) => {
    const { get, scan, transact } = backend
    return { get, scan, transact, ...store({ get, scan, transact }) }
  },
})

/** What is written into a space of the store is never found again. */
export const forgetting = (name: string, space: string): Mutant =>
  keeping(name, ({ get, scan }) => ({
    get: (of, keys) => (of === space ? Effect.succeed(new Map<string, string>()) : get(of, keys)),
    scan: (of, options) => (of === space ? Effect.succeed<ReadonlyArray<Entry>>([]) : scan(of, options)),
  }))

/** The reference connector, broken in its own code. */
export const switched = (name: string, broken: Broken): Mutant => ({
  name,
  how: (how) => ({ ...how, options: { ...how.options, broken } }),
})
