/**
 * `SimplePort` for those who write with plain promises: the same options, with async functions.
 *
 * ```ts
 * const port = await Effect.runPromise(
 *   SimplePromises.make<typeof Account, Customer>({
 *     ...
 *     get: async (id) => SimplePromises.json("ledgerette", await fetch(`${base}/customers/${id}`)),
 *     create: async (fields) => SimplePromises.json("ledgerette", await fetch(`${base}/customers`, { method: "POST", ... })),
 *   }),
 * )
 * ```
 *
 * A function may throw a `ConnectorError`, as {@link json} does for every status from 400 on. What else it throws is read
 * for what it says about the request: a connection that failed, a time that was over. Anything that may have been thrown
 * after the request was sent leaves a write in doubt, and is looked into before anything is sent again.
 */
import * as Effect from "effect/Effect"
import { ConnectorError, Decode, type Reason } from "./ConnectorError.ts"
import type * as Entity from "./Entity.ts"
import { failureOf } from "./internal/transport.ts"
import * as Json from "./Json.ts"
import type * as Pipeline from "./Pipeline.ts"
import type * as Port from "./Port.ts"
import * as SimplePort from "./SimplePort.ts"
import * as Statuses from "./Statuses.ts"

type Call<F> = F extends (...args: infer Args) => Effect.Effect<infer A, infer _E> ? (...args: Args) => Promise<A> : F

/** Every member that gives an effect gives a promise. */
type Members<T> = T extends unknown ? { readonly [K in keyof T]: Call<T[K]> } : never

type Effects = "identity" | "reading" | "get" | "lookFor" | "create" | "update" | "archive"

type Of<E extends Entity.Any, Raw, K extends Effects> = NonNullable<SimplePort.Options<E, Raw>[K]>

export type Options<E extends Entity.Any, Raw> = Omit<SimplePort.Options<E, Raw>, Effects> & {
  readonly identity: Members<Of<E, Raw, "identity">>
  readonly reading: Members<Of<E, Raw, "reading">>
  readonly get: Call<Of<E, Raw, "get">>
  readonly lookFor?: { readonly [F in Entity.FieldName<E>]?: (value: string) => Promise<ReadonlyArray<Raw>> }
  readonly create?: Call<Of<E, Raw, "create">>
  readonly update?: Call<Of<E, Raw, "update">>
  readonly archive?: Call<Of<E, Raw, "archive">>
}

/** How a function of the options is called; the conformance kit puts it on its clock here. */
export type Within = <A>(call: () => Promise<A>) => Promise<A>

const ENDED = new Set(["AbortError", "TimeoutError"])

/** A failed `fetch` is a `TypeError` with a cause; other type errors are mistakes in the code. */
const isTransport = (cause: unknown): boolean =>
  cause instanceof Error && (ENDED.has(cause.name) || (cause instanceof TypeError && cause.cause !== undefined))

const reasonOf = (cause: unknown): Reason => {
  if (isTransport(cause)) return failureOf(cause)
  const name = cause instanceof Error ? cause.name : typeof cause
  return new Decode({ message: `the call threw ${name}; whether it was sent is not known`, issues: [] })
}

/** The options with effects in the place of promises. */
export const toEffects = <E extends Entity.Any, Raw>(
  options: Options<E, Raw>,
  within: Within = (call) => call(),
): SimplePort.Options<E, Raw> => {
  const { system } = options.scope
  const errorOf = (cause: unknown): ConnectorError =>
    cause instanceof ConnectorError ? cause : new ConnectorError({ system, reason: reasonOf(cause) })
  const effect =
    (call: (...args: ReadonlyArray<never>) => Promise<unknown>) =>
    (...args: ReadonlyArray<never>) =>
      Effect.tryPromise({ try: () => within(async () => call(...args)), catch: errorOf })
  const members = (of: object | undefined, names?: ReadonlyArray<string>): object | undefined =>
    of === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries(of).map(([name, value]) => [
            name,
            typeof value === "function" && names?.includes(name) !== false ? effect(value) : value,
          ]),
        )
  const { archive, create, get, identity, lookFor, reading, update, ...rest } = options
  return {
    ...rest,
    ...members({ archive, create, get, update }),
    ...(lookFor === undefined ? {} : { lookFor: members(lookFor) }),
    identity: members(identity, ["carrying"]),
    reading: members(reading, ["read", "readAt", "scan"]),
  } as unknown as SimplePort.Options<E, Raw>
}

export const make = <E extends Entity.Any, Raw>(
  options: Options<E, Raw>,
  within?: Within,
): Effect.Effect<Port.Port<E>> => SimplePort.make(toEffects(options, within))

const exchangeOf = (response: Response, text: string): Pipeline.Exchange => {
  const date = Date.parse(response.headers.get("date") ?? "")
  let body: unknown
  let unparsable = false
  try {
    body = text.trim() === "" ? undefined : Json.parse(text)
  } catch {
    unparsable = true
  }
  return {
    method: "",
    url: new URL(response.url === "" ? "about:blank" : response.url),
    status: response.status,
    headers: response.headers,
    text,
    body,
    unparsable,
    // Only waits that are told as a date are measured by it, and then by the server's own clock.
    receivedAt: Number.isNaN(date) ? 0 : date,
    ...(Number.isNaN(date) ? {} : { serverTime: date }),
  }
}

/** The body of an answer, with exact numbers; a `ConnectorError` for a refusal and for what is no JSON. */
export const json = async <A>(system: string, response: Response, read?: Statuses.Reader): Promise<A> => {
  const exchange = exchangeOf(response, await response.text())
  const refusal = Statuses.reason(exchange, read)
  if (refusal !== undefined) throw new ConnectorError({ system, reason: refusal })
  if (exchange.unparsable || response.status >= 300) {
    const message = `status ${response.status} with an answer that is not the JSON that was expected`
    throw new ConnectorError({ system, reason: new Decode({ message, issues: [] }) })
  }
  return exchange.body as A
}

/** The server's clock as an answer tells it, in milliseconds since the epoch. */
export const serverTime = (response: Response): number | undefined => {
  const date = Date.parse(response.headers.get("date") ?? "")
  return Number.isNaN(date) ? undefined : date
}
