/** Two sets as one source, the second behind the first. Their ids begin differently, so that they never meet. */
import * as Effect from "effect/Effect"
import * as Order from "./order.ts"
import type { Scanned, Source } from "./source.ts"

export interface Part<A> {
  readonly prefix: string
  readonly source: Source<A>
}

export const make = <A>(first: Part<A>, second: Part<A>): Source<A> => {
  const parts = [first, second]
  const each = <B>(ids: ReadonlyArray<string>, ask: (source: Source<A>, ids: ReadonlyArray<string>) => B) =>
    parts.flatMap(({ prefix, source }) => {
      const own = ids.filter((id) => id.startsWith(prefix))
      return own.length === 0 ? [] : [ask(source, own)]
    })

  const scan: Source<A>["scan"] = ({ afterId, limit }) =>
    Effect.gen(function* () {
      if (afterId?.startsWith(second.prefix)) return yield* second.source.scan({ afterId, limit })
      const one = yield* first.source.scan({ limit, ...(afterId === undefined ? {} : { afterId }) })
      if (one.more) return one
      const two = yield* second.source.scan({ limit })
      return { rows: [...one.rows, ...two.rows], more: two.more } satisfies Scanned<A>
    })

  return {
    order: Order.behind(parts.map(({ prefix, source }) => ({ prefix, order: source.order }))),
    scan,
    byIds: (ids) => Effect.map(Effect.all(each(ids, (source, own) => source.byIds(own))), (found) => found.flat()),
    found: (ids) => Effect.map(Effect.all(each(ids, (source, own) => source.found(own))), (found) => found.flat()),
  }
}
