/** A keyed scan goes on after the last id it saw, so ids that do not ascend would lose or repeat records. */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "../ConnectorError.ts"
import type { Tools } from "./Crawl.ts"
import type { Batch } from "./Row.ts"

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The first id that does not come after the one ahead of it. Where the order is the source's own secret, a page that holds
 * the very id after which it was asked for still tells that it was served before.
 */
export const outOfOrder = (
  ids: ReadonlyArray<string>,
  afterId: string | undefined,
  compare: (a: string, b: string) => number,
): string | undefined => {
  if (afterId !== undefined && ids.includes(afterId)) return afterId
  let last = afterId
  for (const id of ids) {
    if (last !== undefined && compare(id, last) <= 0) return id
    last = id
  }
  return undefined
}

/** The last id of a page, after which the scan goes on. */
export const checkAscending = <A>(
  tools: Tools<A>,
  answer: Batch<A>,
  afterId: string | undefined,
  compare: (a: string, b: string) => number,
): Effect.Effect<string | undefined, ConnectorError> => {
  const ids = [...new Set(answer.rows.map((row) => row.id))]
  const wrong = outOfOrder(ids, afterId, compare)
  if (wrong !== undefined)
    return Effect.fail(
      tools.broken(
        "id",
        `record ${wrong} does not come after the one ahead of it; give the source's order as compareIds`,
      ),
    )
  if (answer.more && ids.length === 0)
    return Effect.fail(tools.broken("more", "the source says that there is more and gives no row to go on from"))
  return Effect.succeed(ids.at(-1))
}
