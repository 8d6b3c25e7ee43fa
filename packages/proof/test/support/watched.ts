/** Runs a program and keeps all that anybody could ever see of it: result, error, spans, log lines, metrics, store. */
import { inspect } from "node:util"
import type { Bench } from "@mortise/conformance/kit/Bench"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type { StateStore } from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import type * as EffectScope from "effect/Scope"
import * as Tracer from "effect/Tracer"

export interface Seen<A> {
  readonly exit: Exit.Exit<A, ConnectorError>
  /** All of it as text. */
  readonly text: string
  /** Secrets that stand in it. */
  readonly leaks: ReadonlyArray<string>
}

const deep = (value: unknown): string =>
  `${inspect(value, { depth: 12, breakLength: 200, maxStringLength: null, maxArrayLength: null })}\n`

const told = (error: unknown): string =>
  [String(error), error instanceof Error ? (error.stack ?? "") : "", deep(error), JSON.stringify(error)].join("\n")

/** A tracer and a logger that write into a list of texts. */
const watchers = (texts: Array<() => string>) => {
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      texts.push(() => `${span.name} ${deep([...span.attributes])} ${deep(span.events)} ${deep(span.status)}`)
      return span
    },
  })
  const logger = Logger.make(({ cause, fiber, logLevel, message }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    texts.push(() => `${logLevel} ${deep(message)} ${deep(annotations)} ${Cause.pretty(cause)}`)
  })
  return { tracer, logger }
}

export const watch = async <A>(
  bench: Bench,
  program: Effect.Effect<A, ConnectorError, StateStore | EffectScope.Scope>,
  store: MemoryBackend.MemoryBackend = MemoryBackend.make(),
): Promise<Seen<A>> => {
  const texts: Array<() => string> = []
  const { logger, tracer } = watchers(texts)
  const exit = await bench.run(
    Effect.gen(function* () {
      const ended = yield* Effect.exit(program)
      texts.push(() => deep(metrics))
      const metrics = yield* Metric.snapshot
      return ended
    }).pipe(
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Metric.MetricRegistry, new Map() as Metric.MetricRegistry),
      Effect.provide(Logger.layer([logger])),
    ),
    store,
  )
  if (Exit.isFailure(exit)) texts.push(() => told(Cause.squash(exit.cause)) + Cause.pretty(exit.cause))
  else texts.push(() => deep(exit.value) + JSON.stringify(exit.value))
  texts.push(() => JSON.stringify(store.entries()))
  texts.push(() => JSON.stringify(bench.twin.journal.lines))
  const text = texts.map((render) => render()).join("\n")
  return { exit, text, leaks: [...bench.secrets].filter((secret) => text.includes(secret)) }
}

/** The error that a program ended with; throws when it ended otherwise. */
export const failureOf = <A>({ exit }: Seen<A>): ConnectorError => {
  if (Exit.isSuccess(exit)) throw new Error(`it did not fail: ${inspect(exit.value, { depth: 4 })}`)
  const error = Cause.squash(exit.cause)
  if ((error as Partial<ConnectorError>)?._tag !== "ConnectorError") throw error
  return error as ConnectorError
}

export const endOf = <A>({ exit }: Seen<A>): A => {
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}
