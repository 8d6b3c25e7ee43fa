/** Runs a program and keeps everything that can be watched of it from outside: spans, logs, metrics. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

export interface Line {
  readonly level: string
  readonly message: string
  readonly annotations: Readonly<Record<string, unknown>>
  readonly cause: string
}

export interface Watched<A, E> {
  readonly exit: Exit.Exit<A, E>
  readonly spans: ReadonlyArray<Tracer.NativeSpan>
  readonly lines: ReadonlyArray<Line>
  readonly metrics: ReadonlyArray<Metric.Metric.Snapshot>
}

export const watched = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Watched<A, E>, never, R> => {
  const spans: Array<Tracer.NativeSpan> = []
  const lines: Array<Line> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const logger = Logger.make(({ cause, fiber, logLevel, message }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    lines.push({ level: logLevel, message: [message].flat().map(String).join(" "), annotations, cause: String(cause) })
  })
  return Effect.gen(function* () {
    const exit = yield* Effect.exit(effect)
    return { exit, spans, lines, metrics: yield* Metric.snapshot }
  }).pipe(
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.provideService(Metric.MetricRegistry, new Map() as Metric.MetricRegistry),
    Effect.provide(Logger.layer([logger])),
  )
}
