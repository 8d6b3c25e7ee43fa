/** Rows as the strategies need them: stamps of one precision, so that their texts compare, and on the declared grid. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ConnectorError } from "../ConnectorError.ts"
import { broken } from "./Failure.ts"
import type { Options } from "./Options.ts"
import type { Row } from "./Row.ts"
import * as Stamp from "./Stamp.ts"

const normal = <A>(options: Options<A>, step: bigint, row: Row<A>): Result.Result<Row<A>, ConnectorError> => {
  if (row.stamp === undefined) return Result.succeed(row)
  const stamp = Stamp.parse(row.stamp)
  if (stamp === undefined) {
    const { stamp: _, ...rest } = row
    if (row.content._tag === "Undecodable") return Result.succeed(rest)
    return Result.fail(broken(options.reading, "stamp", `record ${row.id} has a stamp that is no instant in UTC`))
  }
  if (stamp % step !== 0n) {
    const where = `record ${row.id} is stamped between the steps of ${options.granularityMillis} ms`
    return Result.fail(broken(options.reading, "granularityMillis", where))
  }
  const text = Stamp.format(stamp, step)
  return Result.succeed(text === row.stamp ? row : { ...row, stamp: text })
}

export const normalRows = <A>(
  options: Options<A>,
  step: bigint,
  rows: ReadonlyArray<Row<A>>,
): Effect.Effect<ReadonlyArray<Row<A>>, ConnectorError> => {
  const normalised: Array<Row<A>> = []
  for (const row of rows) {
    const result = normal(options, step, row)
    if (Result.isFailure(result)) return Effect.fail(result.failure)
    normalised.push(result.success)
  }
  return Effect.succeed(normalised)
}
