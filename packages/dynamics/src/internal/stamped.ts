/**
 * Changes by the stamp of a `BiEntities` set: it has raw names and no more than the stamp is taken from it; the records
 * are read from the set that the port shows. The user may not be allowed to see these sets, and whether they are filled is
 * told nowhere, so they are probed at connect.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Instant } from "@mortise/core/Values"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import type { Entities } from "../Client.ts"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import { STAMP, type Stamped, stamps } from "../Sets.ts"
import type { Context } from "./Context.ts"
import type { Records } from "./records.ts"
import type { Source } from "./source.ts"

type BiSet = (typeof stamps)[Stamped]["set"]

interface Mark {
  readonly id: string
  readonly stamp: Instant
}

const marksOf = (resource: Stamped, rows: ReadonlyArray<Entities[BiSet]["read"]>): ReadonlyArray<Mark> =>
  rows.flatMap((row) => {
    const members = row as { readonly [name: string]: unknown }
    const [key, stamp] = [members[stamps[resource].key], members[STAMP]]
    if (typeof key !== "string" || key === "" || typeof stamp !== "string") return []
    return [{ id: Keys.join(resource, [key]), stamp: stamp as Instant }]
  })

const literal = (stamp: string): Filter.Literal => Filter.instant(stamp) ?? Filter.text(stamp)

const at = (comparison: Filter.Comparison, stamp: string | undefined): Filter.Filter | undefined =>
  stamp === undefined ? undefined : Filter.compare(STAMP, comparison, literal(stamp))

/** True when the set can be read and its newest row has a stamp; an empty set tells nothing against it. */
export const probe = (records: Records, company: string, resource: Stamped): Effect.Effect<boolean, ConnectorError> =>
  records
    .list(stamps[resource].set, {
      select: ["dataAreaId", stamps[resource].key, STAMP],
      filter: Filter.equals("dataAreaId", company),
      orderBy: [`${STAMP} desc`],
      top: 1,
    })
    .pipe(
      Effect.map(({ rows }) => {
        const [newest] = rows as ReadonlyArray<{ readonly [name: string]: unknown }>
        const stamp = newest?.[STAMP]
        return newest === undefined || (typeof stamp === "string" && !stamp.startsWith("1900-"))
      }),
      Effect.catch((error) =>
        ["Forbidden", "NotFound", "Invalid"].includes(error.reason._tag) ? Effect.succeed(false) : Effect.fail(error),
      ),
    )

/** The two questions of `Watermark.keyset`. */
export const reads = <A>(context: Context, resource: Stamped, source: Source<A>) => {
  const { key, set } = stamps[resource]
  const company = Filter.equals("dataAreaId", context.settings.company)

  const page = (conditions: ReadonlyArray<Filter.Filter | undefined>, orderBy: ReadonlyArray<string>, limit: number) =>
    Effect.gen(function* () {
      const answer = yield* context.records.list(set, {
        select: ["dataAreaId", key, STAMP],
        filter: Filter.all(company, ...conditions) as Filter.Filter,
        orderBy,
        top: limit,
      })
      const marks = marksOf(resource, answer.rows as ReadonlyArray<Entities[BiSet]["read"]>)
      const found = new Map((yield* source.byIds(marks.map(({ id }) => id))).map((row) => [row.id.toLowerCase(), row]))
      // A stamp without a record: it went away meanwhile, or this user may not see it.
      const rows = marks.map(({ id, stamp }): Watermark.Row<A> => {
        const row = found.get(id.toLowerCase())
        return row === undefined ? Watermark.deleted(id, { stamp }) : { ...row, stamp }
      })
      const { serverTime } = answer.exchange
      return {
        rows,
        more: answer.more || answer.rows.length >= limit,
        ...(serverTime === undefined ? {} : { serverTime }),
      }
    })

  const read: Watermark.KeysetOptions<A>["read"] = ({ from, limit }) =>
    page([at("ge", from)], [`${STAMP} asc`, `${key} asc`], limit)

  const readAt: Watermark.KeysetOptions<A>["readAt"] = ({ afterId, limit, stamp }) => {
    const [after] = afterId === undefined ? [] : (Keys.split(resource, afterId) ?? [])
    const behind = after === undefined ? undefined : Filter.compare(key, "gt", Filter.text(after))
    return page([at("eq", stamp), behind], [`${key} asc`], limit)
  }

  return { read, readAt }
}
