/**
 * The same connectors without Effect: `for await` over pages, promises for everything else. Failures are rejections with
 * the one `ConnectorError`; an abort rejects with the signal's reason, except in `upsert`, which returns what is known.
 *
 * ```ts
 * const erp = Promises.connector(acumatica)
 * for await (const page of erp.ports.Account.changes()) console.log(page.changes.length)
 * const outcomes = await erp.ports.Account.upsert([{ key, fields: { name: "Rossi S.p.A." } }], { signal })
 * ```
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Change from "./Change.ts"
import type * as Connectors from "./Connector.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import type * as Entity from "./Entity.ts"
import { aborted } from "./internal/aborted.ts"
import type * as Outcome from "./Outcome.ts"
import type * as Ports from "./Port.ts"
import type * as Relays from "./Relay.ts"
import { type Service, StateStore } from "./StateStore.ts"

export interface Abortable {
  readonly signal?: AbortSignal
}

/** What an effect needs from outside, such as a clock; nothing unless told. */
export interface Options {
  readonly context?: Context.Context<never>
}

/** One effect as a promise. */
export const run = async <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  context: Context.Context<R>,
  signal?: AbortSignal,
): Promise<A> => {
  signal?.throwIfAborted()
  const exit = await Effect.runPromiseExitWith(context)(effect, signal === undefined ? undefined : { signal })
  if (Exit.isSuccess(exit)) return exit.value
  if (signal?.aborted && Cause.hasInterruptsOnly(exit.cause)) throw signal.reason
  throw Cause.squash(exit.cause)
}

/** A stream as an async iterable. Leaving the loop ends the stream; so does the signal. */
export const iterate = <A, E, R>(
  stream: Stream.Stream<A, E, R>,
  context: Context.Context<R>,
  signal?: AbortSignal,
): AsyncIterable<A> => ({
  async *[Symbol.asyncIterator]() {
    signal?.throwIfAborted()
    const halted = signal === undefined ? stream : Stream.interruptWhen(stream, aborted(signal))
    yield* Stream.toAsyncIterableWith(halted, context)
    signal?.throwIfAborted()
  },
})

type FoundMap<E extends Entity.Any, C> = ReadonlyMap<string, Ports.Found<E, C>>

/** A port with promises. */
export interface Port<E extends Entity.Any, C = Entity.Custom> {
  readonly entity: E
  readonly scope: Ports.Port<E, C>["scope"]
  readonly features: Ports.Port<E, C>["features"]
  readonly changes: (options?: Ports.ChangesOptions<E> & Abortable) => AsyncIterable<Change.Page<Entity.Record<E, C>>>
  readonly get: (
    ids: ReadonlyArray<string>,
    options?: { readonly fields?: ReadonlyArray<Entity.FieldName<E>> } & Abortable,
  ) => Promise<FoundMap<E, C>>
  readonly find: (keys: ReadonlyArray<string>, options?: Abortable) => Promise<FoundMap<E, C>>
  readonly upsert: (
    records: ReadonlyArray<Ports.Write<E, C>>,
    options?: Ports.UpsertOptions,
  ) => Promise<ReadonlyArray<Outcome.Outcome>>
  readonly archive?: (ids: ReadonlyArray<string>, options?: Abortable) => Promise<ReadonlyArray<Outcome.Outcome>>
}

// biome-ignore lint/suspicious/noExplicitAny: a port of any entity is meant, as in Port.Any
type PortOf<P> = P extends Ports.Port<infer E extends Entity.Any, infer C> ? Port<E, C> : Port<any>

const without = <O extends Abortable>(options: O | undefined): Omit<O, "signal"> | undefined => {
  if (options === undefined) return undefined
  const { signal: _, ...rest } = options
  return rest
}

export const port = <E extends Entity.Any, C>(of: Ports.Port<E, C>, options: Options = {}): Port<E, C> => {
  const context = options.context ?? Context.empty()
  const { archive } = of
  const face: Port<E, C> = {
    entity: of.entity,
    scope: of.scope,
    features: of.features,
    changes: (asked) => iterate(of.changes(without(asked) as Ports.ChangesOptions<E>), context, asked?.signal),
    get: (ids, asked) => run(of.get(ids, without(asked)), context, asked?.signal),
    find: (keys, asked) => run(of.find(keys), context, asked?.signal),
    upsert: (records, asked) => run(of.upsert(records, asked), context),
  }
  if (archive === undefined) return face
  return { ...face, archive: (ids, asked) => run(archive(ids), context, asked?.signal) }
}

/** A connector with promises. */
export interface Connector<P extends Connectors.Ports, Client = unknown>
  extends Omit<Connectors.Connector<P, Client>, "ports" | "check" | "prepare"> {
  readonly ports: { readonly [N in keyof P]: PortOf<P[N]> }
  readonly check: (options?: Abortable) => Promise<ReadonlyArray<Connectors.Finding>>
  readonly prepare: (
    declarations?: ReadonlyArray<Connectors.Declaration>,
    options?: Abortable,
  ) => Promise<ReadonlyArray<Connectors.Prepared>>
}

export const connector = <P extends Connectors.Ports, Client>(
  of: Connectors.Connector<P, Client>,
  options: Options = {},
): Connector<P, Client> => {
  const context = options.context ?? Context.empty()
  const ports = Object.fromEntries(Object.entries(of.ports).map(([name, each]) => [name, port(each, options)]))
  return {
    ...of,
    ports: ports as Connector<P, Client>["ports"],
    check: (asked) => run(of.check, context, asked?.signal),
    prepare: (declarations, asked) => run(of.prepare(declarations), context, asked?.signal),
  }
}

/** A connector that was opened, with what has to be closed again. */
export interface Opened<P extends Connectors.Ports, Client = unknown> {
  readonly connector: Connector<P, Client>
  /** For {@link relay}, and to be handed to a second connector. */
  readonly store: Service
  /** Ends sessions and closes the store. */
  readonly close: () => Promise<void>
}

/**
 * Opens a connector for a program without Effect:
 *
 * ```ts
 * const store = SqliteStore.layer({ path: "mortise.db", sealKey: Redacted.make(process.env.MORTISE_SEAL_KEY) })
 * const hubspot = await Promises.open(HubSpot.make({ credentials: { token } }), { store })
 * ```
 *
 * `store` is a layer, which is closed with the connector, or the store of another opened connector, which is not.
 */
export const open = async <P extends Connectors.Ports, Client>(
  make: Effect.Effect<Connectors.Connector<P, Client>, ConnectorError, StateStore | Scope.Scope>,
  options: Options & { readonly store: Layer.Layer<StateStore, ConnectorError> | Service } & Abortable,
): Promise<Opened<P, Client>> => {
  const context = options.context ?? Context.empty()
  const scope = Scope.makeUnsafe()
  const close = () => Effect.runPromiseWith(context)(Scope.close(scope, Exit.void))
  const given = options.store
  const stored: Effect.Effect<Service, ConnectorError> = Layer.isLayer(given)
    ? Effect.map(Layer.buildWithScope(given as Layer.Layer<StateStore, ConnectorError>, scope), (built) =>
        Context.get(built, StateStore),
      )
    : Effect.succeed(given as Service)
  const opening = Effect.flatMap(stored, (store) =>
    Effect.map(
      make.pipe(Effect.provideService(StateStore, store), Effect.provideService(Scope.Scope, scope)),
      (of) => ({ connector: connector(of, options), store, close }),
    ),
  )
  try {
    return await run(opening, context, options.signal)
  } catch (error) {
    await close()
    throw error
  }
}

/** A relay with promises. */
export interface Relay {
  readonly name: string
  /** Page by page, for a progress bar. */
  readonly steps: (options?: Abortable) => AsyncIterable<Relays.Step>
  /** An abort is safe at any moment: run again, and it goes on where it stood. */
  readonly run: (options?: Abortable) => Promise<Relays.Summary>
  readonly unpark: (options?: Abortable & { readonly all?: boolean }) => Promise<Relays.Summary>
  readonly replay: (options?: Abortable & { readonly relink?: boolean }) => Promise<Relays.Summary>
}

export const relay = (of: Relays.Relay, options: Options & { readonly store: Service }): Relay => {
  const context = Context.add(options.context ?? Context.empty(), StateStore, options.store)
  return {
    name: of.name,
    steps: (asked) => iterate(of.steps, context, asked?.signal),
    run: (asked) => run(of.run, context, asked?.signal),
    unpark: (asked) => run(of.unpark(asked), context, asked?.signal),
    replay: (asked) => run(of.replay(asked), context, asked?.signal),
  }
}
