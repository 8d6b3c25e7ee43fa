/** Keeps all that anybody could ever see of a program: its result, its error, spans, log lines and metrics. */
import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { Program } from "./Subject.ts"

const deep = (value: unknown): string =>
  `${inspect(value, { depth: 12, breakLength: 200, maxStringLength: null, maxArrayLength: null })}\n`

const told = (error: unknown): string =>
  [String(error), error instanceof Error ? (error.stack ?? "") : "", deep(error), JSON.stringify(error)].join("\n")

export interface Seen {
  /** All of it as text, once the program has ended. */
  readonly text: () => string
}

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

/** The program, watched; it never fails, and what it ended with is among what was seen. */
export const watched = <A>(program: Program<A>): readonly [program: Program<Exit.Exit<A, unknown>>, seen: Seen] => {
  const texts: Array<() => string> = []
  const { logger, tracer } = watchers(texts)
  const whole = Effect.gen(function* () {
    const exit = yield* Effect.exit(program)
    const metrics = yield* Metric.snapshot
    texts.push(() => deep(metrics))
    if (Exit.isFailure(exit)) texts.push(() => told(Cause.squash(exit.cause)) + Cause.pretty(exit.cause))
    else texts.push(() => deep(exit.value) + JSON.stringify(exit.value))
    return exit
  }).pipe(
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.provideService(Metric.MetricRegistry, new Map() as Metric.MetricRegistry),
    Effect.provide(Logger.layer([logger])),
  )
  return [whole, { text: () => texts.map((render) => render()).join("\n") }]
}
