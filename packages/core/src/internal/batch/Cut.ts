/** Cuts what is to be sent into requests that the vendor takes. */
import type * as BatchUpsert from "../../BatchUpsert.ts"
import * as ConnectorError from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Outcome from "../../Outcome.ts"

export const chunks = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> => {
  const out: Array<ReadonlyArray<A>> = []
  for (let start = 0; start < all.length; start += size) out.push(all.slice(start, start + size))
  return out
}

interface Pieces<A> {
  readonly batches: ReadonlyArray<ReadonlyArray<A>>
  readonly tooLarge: ReadonlyArray<A>
}

interface Open<A> {
  parts: Array<A>
  bytes: number
}

/** By records and by bytes, never mixing lanes; the order inside a lane stays. */
export const cut = <E extends Entity.Any, C, P>(
  options: Pick<BatchUpsert.Options<E, C, P>, "limits" | "sizeOf" | "lane">,
  ready: ReadonlyArray<BatchUpsert.Ready<E, C, P>>,
): Pieces<BatchUpsert.Ready<E, C, P>> => {
  const most = { records: Math.max(1, options.limits.records), bytes: options.limits.bytes ?? Number.POSITIVE_INFINITY }
  const lanes = new Map<string, Open<BatchUpsert.Ready<E, C, P>>>()
  const batches: Array<ReadonlyArray<BatchUpsert.Ready<E, C, P>>> = []
  const tooLarge: Array<BatchUpsert.Ready<E, C, P>> = []
  for (const part of ready) {
    const size = options.sizeOf?.(part) ?? 0
    if (size > most.bytes) {
      tooLarge.push(part)
      continue
    }
    const name = options.lane?.(part) ?? ""
    const lane = lanes.get(name)
    if (lane === undefined || lane.parts.length >= most.records || lane.bytes + size > most.bytes) {
      const parts = [part]
      batches.push(parts)
      lanes.set(name, { parts, bytes: size })
    } else {
      lane.parts.push(part)
      lane.bytes += size
    }
  }
  return { batches, tooLarge }
}

/** The outcome of a record that no request of the vendor can hold. */
export const refused = <E extends Entity.Any, C, P>(options: BatchUpsert.Options<E, C, P>): Outcome.Outcome => {
  const message = `the record alone is larger than a request may be (${options.limits.bytes} bytes); write fewer fields`
  const { operation, system } = options
  return {
    _tag: "Rejected",
    error: new ConnectorError.ConnectorError({
      system,
      operation,
      reason: new ConnectorError.Invalid({ message, issues: [{ path: ["fields"], message }] }),
    }),
  }
}
