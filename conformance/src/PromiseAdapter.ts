/**
 * An adapter that is written with plain promises: an object with async functions and async generators becomes a
 * connector. Its shape is that of `Promises.Connector`, the promise face that our own connectors have.
 *
 * ```ts
 * export const adapter = PromiseAdapter.factory(async ({ baseUrl, clock, credentials, fetch, store }) => ({
 *   system: "ledgerette", apiVersion: "v1", scope: { system: "ledgerette", instance: baseUrl.host }, readOnly: false,
 *   client: undefined,
 *   ports: { Account: { entity: Account, scope, features, changes, get, find, upsert } },
 *   check: async () => [], prepare: async () => [],
 * }))
 * ```
 *
 * What it does with timers and `Date` of its own is put on the clock of the run, as far as `VirtualGlobals` goes.
 */
import type * as Change from "@mortise/core/Change"
import type * as Connector from "@mortise/core/Connector"
import { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import * as Promises from "@mortise/core/Promises"
import * as SimplePromises from "@mortise/core/SimplePromises"
import type * as StateStore from "@mortise/core/StateStore"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as EffectScope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { AdapterClock, Factory, Given } from "./Adapter.ts"
import * as Shape from "./internal/promise/Shape.ts"
import * as VirtualGlobals from "./VirtualGlobals.ts"

export { AdapterFault } from "./internal/promise/Shape.ts"

export type { Finding } from "./VirtualGlobals.ts"

type Plain<A> = A extends Option.Option<infer T> ? T | undefined : A

/** The state store with promises; what may be absent is `undefined`. */
export type PromiseStore = {
  readonly [K in keyof StateStore.Service]: StateStore.Service[K] extends (
    ...args: infer Args
  ) => Effect.Effect<infer A, infer _E>
    ? (...args: Args) => Promise<Plain<A>>
    : never
}

/** Ports of any entities, with promises. */
// biome-ignore lint/suspicious/noExplicitAny: a port of any entity is meant, as in Port.Any
export type PromisePorts = { readonly [name: string]: Promises.Port<any> }

/** What a promise factory gives: a connector, and what is closed with it. */
export interface PromiseConnector<P extends PromisePorts = PromisePorts, Client = unknown>
  extends Omit<Connector.Connector<Connector.Ports, Client>, "ports" | "check" | "prepare"> {
  readonly ports: P
  readonly check: (options?: Promises.Abortable) => Promise<ReadonlyArray<Connector.Finding>>
  readonly prepare: (
    declarations?: ReadonlyArray<Connector.Declaration>,
    options?: Promises.Abortable,
  ) => Promise<ReadonlyArray<Connector.Prepared>>
  readonly close?: () => Promise<void>
}

export interface PromiseGiven<Credentials> extends Given<Credentials, PromiseStore> {
  /** A whole port from a few async functions, on the store that was given. */
  readonly port: <E extends Entity.Any, Raw>(
    options: Omit<SimplePromises.Options<E, Raw>, "store">,
  ) => Promise<Promises.Port<E>>
  /** Aborted when the connector is closed. */
  readonly signal: AbortSignal
}

export type PromiseFactory<P extends PromisePorts, Credentials, Client> = (
  given: PromiseGiven<Credentials>,
) => Promise<PromiseConnector<P, Client>> | PromiseConnector<P, Client>

type PortOf<P> = P extends Promises.Port<infer E extends Entity.Any, infer C> ? Port.Port<E, C> : never
type PortsOf<P extends PromisePorts> = { readonly [N in keyof P]: PortOf<P[N]> }

export interface Options {
  /** Told once of each thing that the adapter does past the clock. Unless told, it stands in the report of the rule. */
  readonly onFinding?: (finding: VirtualGlobals.Finding) => void
}

const rejected = (where: string, cause: unknown): Shape.AdapterFault =>
  new Shape.AdapterFault({
    where,
    what: `rejected with ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`,
  })

/** A `ConnectorError` is an answer; anything else that is thrown is a fault of the adapter. */
const failure = (where: string, cause: unknown): Effect.Effect<never, ConnectorError> =>
  cause instanceof ConnectorError ? Effect.fail(cause) : Effect.die(rejected(where, cause))

/** One call of the adapter: inside of its run, ended by the signal, and with an answer that has no fault. */
const called = <A>(
  run: VirtualGlobals.Run,
  where: string,
  call: (signal: AbortSignal) => PromiseLike<A> | A,
  faultOf: (answer: A) => string | undefined = () => undefined,
): Effect.Effect<A, ConnectorError> =>
  Effect.tryPromise({
    try: async (signal) => run.inside(async () => call(signal)),
    catch: (cause) => cause,
  }).pipe(
    Effect.catch((cause) => failure(where, cause)),
    Effect.tap((answer) => {
      const what = faultOf(answer)
      return what === undefined ? Effect.void : Effect.die(new Shape.AdapterFault({ where, what }))
    }),
  )

/** Of what tells all that went wrong in its answer: to reject is a fault. */
const neverRejects = <A>(where: string, call: Effect.Effect<A, ConnectorError>): Effect.Effect<A> =>
  Effect.catch(call, (error) => Effect.die(rejected(where, error)))

/** Every step of the iteration is a call of the adapter. */
const steps = <A>(run: VirtualGlobals.Run, where: string, open: (signal: AbortSignal) => AsyncIterable<A>) =>
  Stream.unwrap(
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => new AbortController()),
        (controller) => Effect.sync(() => controller.abort()),
      ),
      (controller) => {
        const iterable: AsyncIterable<A> = {
          [Symbol.asyncIterator]: () => {
            const inner = run.inside(() => open(controller.signal)[Symbol.asyncIterator]())
            return {
              next: () => run.inside(() => inner.next()),
              return: () =>
                run.inside(() => inner.return?.() ?? Promise.resolve({ done: true as const, value: undefined })),
            }
          },
        }
        return Stream.fromAsyncIterable(iterable, (cause) => cause).pipe(
          Stream.catch((cause) => Stream.fromEffect(failure(where, cause))),
          Stream.tap((answer) => {
            const what = Shape.page(answer)
            return what === undefined ? Effect.void : Effect.die(new Shape.AdapterFault({ where, what }))
          }),
        )
      },
    ),
  )

const port = <E extends Entity.Any, C>(
  run: VirtualGlobals.Run,
  name: string,
  of: Promises.Port<E, C>,
): Port.Port<E, C> => {
  const { archive } = of
  const at = (method: string): string => `${name}.${method}`
  const made: Port.Port<E, C> = {
    entity: of.entity,
    scope: of.scope,
    features: of.features,
    changes: (options) =>
      steps<Change.Page<Entity.Record<E, C>>>(run, at("changes"), (signal) =>
        of.changes({ ...options, signal } as Parameters<typeof of.changes>[0]),
      ),
    get: (ids, options) => called(run, at("get"), (signal) => of.get(ids, { ...options, signal }), Shape.table),
    find: (keys) => called(run, at("find"), (signal) => of.find(keys, { signal }), Shape.table),
    upsert: (records, options) => {
      const write = (signal: AbortSignal) => {
        const signals = options?.signal === undefined ? signal : AbortSignal.any([signal, options.signal])
        return of.upsert(records, { ...options, signal: signals })
      }
      const answered = called(run, at("upsert"), write, (given) => Shape.outcomes(given, records.length))
      return neverRejects(at("upsert"), answered)
    },
  }
  if (archive === undefined) return made
  const archiving: Port.Port<E, C>["archive"] = (ids) => {
    const retire = (signal: AbortSignal) => archive(ids, { signal })
    const answered = called(run, at("archive"), retire, (given) => Shape.outcomes(given, ids.length))
    return neverRejects(at("archive"), answered)
  }
  return { ...made, archive: archiving }
}

const storeFace = (
  run: VirtualGlobals.Run,
  service: StateStore.Service,
  context: Context.Context<never>,
): PromiseStore =>
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      (...args: ReadonlyArray<never>) =>
        run.outside(async () => {
          const effect = (method as (...args: ReadonlyArray<never>) => Effect.Effect<unknown, ConnectorError>)(...args)
          const answer = await Effect.runPromiseWith(context)(effect)
          return Option.isOption(answer) ? Option.getOrUndefined(answer) : answer
        }),
    ]),
  ) as unknown as PromiseStore

const clockFace = (run: VirtualGlobals.Run, clock: Clock.Clock, context: Context.Context<never>): AdapterClock => ({
  now: () => clock.currentTimeMillisUnsafe(),
  sleep: (millis, signal) =>
    run.outside(async () => {
      const options = signal === undefined ? undefined : { signal }
      await Effect.runPromiseWith(context)(Effect.sleep(Duration.millis(millis)), options).catch((cause) => {
        throw signal?.aborted === true ? signal.reason : cause
      })
    }),
})

const toConnector = <P extends PromisePorts, Client>(
  run: VirtualGlobals.Run,
  of: PromiseConnector<P, Client>,
): Connector.Connector<PortsOf<P>, Client> => ({
  system: of.system,
  apiVersion: of.apiVersion,
  scope: of.scope,
  readOnly: of.readOnly,
  client: of.client,
  ports: Object.fromEntries(
    Object.entries(of.ports).map(([name, each]) => [name, port(run, name, each)]),
  ) as unknown as PortsOf<P>,
  check: neverRejects(
    "check",
    called(run, "check", (signal) => of.check({ signal })),
  ),
  prepare: (declarations) => called(run, "prepare", (signal) => of.prepare(declarations, { signal })),
})

/** The factory of a promise adapter as one of Effect. What the connector holds open is closed with the scope. */
export const factory = <P extends PromisePorts, Credentials = unknown, Client = unknown>(
  of: PromiseFactory<P, Credentials, Client>,
  options: Options = {},
): Factory<PortsOf<P>, Credentials, Client> => {
  // A connector with promises is wrapped anew each time, so whether it is an old one shows only here.
  const before = new WeakSet<object>()
  return (given) =>
    Effect.gen(function* (): Effect.fn.Return<
      Connector.Connector<PortsOf<P>, Client>,
      ConnectorError,
      EffectScope.Scope
    > {
      const run = yield* VirtualGlobals.open(options.onFinding)
      const clock = yield* Clock.Clock
      const context = yield* Effect.context<never>()
      const closing = yield* Effect.acquireRelease(
        Effect.sync(() => new AbortController()),
        (controller) => Effect.sync(() => controller.abort(new Error("the connector was closed"))),
      )
      const promised: PromiseGiven<Credentials> = {
        ...given,
        fetch: (input, init) => run.outside(() => given.fetch(input, init)),
        clock: clockFace(run, clock, context),
        store: storeFace(run, given.store, context),
        signal: closing.signal,
        port: (options) =>
          run.outside(async () => {
            const whole = { ...options, store: given.store } as unknown as SimplePromises.Options<Entity.Any, unknown>
            const made = SimplePromises.make(whole, (call) => run.inside(call))
            return Promises.port(await Effect.runPromiseWith(context)(made), { context }) as never
          }),
      }
      const made = yield* called(
        run,
        "factory",
        () => of(promised),
        (answer) => Shape.connector(answer) ?? (before.has(answer) ? Shape.SAME : undefined),
      )
      before.add(made)
      const { close } = made
      if (close !== undefined) yield* Effect.addFinalizer(() => Effect.ignoreCause(called(run, "close", close)))
      return toConnector(run, made)
    })
}
