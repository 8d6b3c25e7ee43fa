/**
 * Reading in the order of (`modified`, `name`): a page from a stamp on, and where a page holds one stamp only, the rows of
 * that stamp by name. All of it goes by the site's wall clock, see `SiteTime`; what is handed on bears the true instant.
 */

import * as Asked from "@mortise/core/Asked"
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import * as Watermark from "@mortise/core/Watermark"
import * as Stream from "effect/Stream"
import type { Context } from "./internal/Context.ts"
import type { Source } from "./internal/Source.ts"
import * as SiteTime from "./SiteTime.ts"

export interface Readable<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  readonly source: (fields: ReadonlyArray<string>) => Source<E>
  readonly fields: ReadonlyArray<string>
  readonly sweeps: (
    source: Source<E>,
    fields: ReadonlyArray<string>,
  ) => ReadonlyArray<Watermark.Sweep<Entity.Record<E>>>
}

type Rec<E extends Entity.Any> = Entity.Record<E>

/** No zone puts its clock back by more; what is saved in an hour that comes twice is stamped below what was. */
const RUNS_BACK = "3 hours"

/** The server orders names by its collation, which we do not know: the order in which they come is the order. */
const asGiven = (id: string, before: string): number => (id === before ? 0 : 1)

const keysetOf = <E extends Entity.Any>(
  readable: Readable<E>,
  reading: Reading.Reading,
  source: Source<E>,
  fields: ReadonlyArray<string>,
): Watermark.Reader<Rec<E>> => {
  const { settings, store } = readable.context
  return Watermark.keyset<Rec<E>>({
    reading,
    store,
    pageSize: settings.pageSize,
    granularityMillis: SiteTime.GRANULARITY_MILLIS,
    lag: settings.lag,
    overlap: settings.overlap,
    runsBack: RUNS_BACK,
    read: source.read,
    readAt: source.readAt,
    compareIds: asGiven,
    sweeps: readable.sweeps(source, fields),
  })
}

const valuesOf = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value !== "object" || value === null) return [value]
  return ["code", "raw", "id", "number", "name"].map((name) => (value as { readonly [n: string]: unknown })[name])
}

const holds = <E extends Entity.Any>(record: Rec<E>, condition: Port.Condition<E>): boolean => {
  const wanted = typeof condition.is === "object" ? condition.is : [condition.is]
  const values = valuesOf((record as { readonly [name: string]: unknown })[condition.field])
  return values.some((value) => wanted.some((each) => each === value))
}

/** Conditions are looked at here, for most of our fields are no columns. */
const narrowed =
  <E extends Entity.Any>(where: ReadonlyArray<Port.Condition<E>>) =>
  (page: Change.Page<Rec<E>>): Change.Page<Rec<E>> => ({
    ...page,
    changes: page.changes.filter(
      (change) => change._tag !== "Upserted" || where.every((condition) => holds(change.record, condition)),
    ),
  })

/** Stamps of the wall clock as the instants that they are. */
const dated =
  <A>({ time }: Context) =>
  (page: Change.Page<A>): Change.Page<A> => ({
    ...page,
    changes: page.changes.map((change) =>
      change._tag === "Upserted" && change.stamp !== undefined
        ? { ...change, stamp: time.instant(change.stamp) }
        : change,
    ),
  })

/** The wall clock of the site for an instant from which on somebody wants to read. */
const since = ({ time }: Context, instant: string): string =>
  SiteTime.stampOf(new Date(time.least(Date.parse(instant))).toISOString().replace("T", " ").replace("Z", "")) ??
  instant

/** The `changes` of a port. */
export const changes =
  <E extends Entity.Any>(readable: Readable<E>): Port.Port<E>["changes"] =>
  (options = {}): Stream.Stream<Change.Page<Rec<E>>, ConnectorError> => {
    const { context, entity } = readable
    const refused = Asked.refusal(entity, readable.fields, options, `erpnext.${entity.name}.changes`)
    if (refused !== undefined) return Stream.fail(refused)
    const fields = options.fields ?? readable.fields
    const where = options.where ?? []
    const asked = [...new Set([...fields, ...where.map((condition) => condition.field)])]
    const reading = Reading.of(context.scope, entity.name, options)
    const read = keysetOf(readable, reading, readable.source(asked), asked)
    const pages = read({
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
      ...(options.since === undefined ? {} : { since: since(context, options.since) as typeof options.since }),
    })
    const told = Stream.map(pages, dated<Rec<E>>(context))
    return where.length === 0 ? told : Stream.map(told, narrowed(where))
  }
