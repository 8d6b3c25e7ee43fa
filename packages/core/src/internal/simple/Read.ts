/** The vendor's rows as records of the contract, and the reading of changes made of them. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Stream from "effect/Stream"
import * as Asked from "../../Asked.ts"
import { type ConnectorError, Decode, type Issue, shape } from "../../ConnectorError.ts"
import * as ContentHash from "../../ContentHash.ts"
import type * as Entity from "../../Entity.ts"
import type * as Features from "../../Features.ts"
import type * as Port from "../../Port.ts"
import * as Reading from "../../Reading.ts"
import type { Answer, Options, Reading as Strategy } from "../../SimplePort.ts"
import type { Instant } from "../../Values.ts"
import * as Watermark from "../../Watermark.ts"
import { narrowed } from "./Narrow.ts"

type Members = { readonly [field: string]: unknown }

/** A row, read: what could be read of it, and what not. */
export interface Record<E extends Entity.Any> {
  readonly record: Entity.Record<E>
  readonly issues: ReadonlyArray<Issue>
}

export interface Reads<E extends Entity.Any, Raw> {
  readonly record: (raw: Raw, fields: ReadonlyArray<string>) => Record<E>
  readonly changes: Port.Port<E>["changes"]
  /** What was written since, as the list tells; undefined when that cannot be asked, or is too much for one answer. */
  readonly recent: (since: number) => Effect.Effect<ReadonlyArray<Raw> | undefined, ConnectorError>
}

const DEFAULT_OVERLAP = Duration.seconds(1)

export const modified = <Raw>(reading: Strategy<Raw>): Features.Modified => {
  if (reading.strategy === "snapshot") {
    return { strategy: "snapshot", granularityMillis: 0, zone: "utc", lagMillis: 0, blindTo: [] }
  }
  return {
    strategy: reading.strategy,
    field: reading.field,
    granularityMillis: reading.granularityMillis,
    zone: reading.zone ?? "utc",
    lagMillis: Duration.toMillis(Duration.fromInputUnsafe(reading.lag)),
    blindTo: reading.blindTo ?? [],
  }
}

const formatter = SchemaIssue.makeFormatterStandardSchemaV1()

export const make = <E extends Entity.Any, Raw>(options: Options<E, Raw>): Reads<E, Raw> => {
  const { entity, ids, reading, scope } = options
  const decode = Schema.decodeUnknownResult(entity.schema, { errors: "all" })

  const marks = (raw: Raw) => {
    const [stamp, revision] = [options.stampOf?.(raw), options.revisionOf?.(raw)]
    return {
      ...(stamp === undefined ? {} : { modified: stamp }),
      ...(revision === undefined ? {} : { revision }),
    }
  }

  /** Field by field, so that one that cannot be read takes no other along. */
  const record: Reads<E, Raw>["record"] = (raw, fields) => {
    const issues: Array<Issue> = []
    const read: { [field: string]: unknown } = {}
    const take = (field: string, value: unknown): void => {
      if (value === undefined) return
      const one = decode({ [field]: value })
      if (Result.isSuccess(one)) read[field] = (one.success as Members)[field]
      else {
        const [first] = formatter(one.failure.issue).issues
        issues.push({ path: [field], message: `${first?.message ?? "cannot be read"}, found ${shape(value)}` })
      }
    }
    try {
      const given = options.fieldsOf(raw) as Members
      for (const field of [...fields, "custom"]) take(field, given[field])
      for (const [field, value] of Object.entries(marks(raw))) take(field, value)
    } catch (cause) {
      const name = cause instanceof Error ? cause.name : typeof cause
      issues.push({ path: [], message: `the record could not be read (${name})` })
    }
    return { record: read as Entity.Record<E>, issues }
  }

  const rowOf = (raw: Raw, fields: ReadonlyArray<string>): Watermark.Row<Entity.Record<E>> => {
    const id = options.idOf(raw)
    const { issues, record: read } = record(raw, fields)
    const { modified: stamp, revision } = read as { readonly modified?: string; readonly revision?: string }
    const told = { ...(stamp === undefined ? {} : { stamp }), ...(revision === undefined ? {} : { revision }) }
    if (issues.length === 0) return Watermark.record(id, read, ContentHash.ofRecord(entity, read), told)
    const message = issues.map(({ message: text, path }) => `${path.join(".")}: ${text}`).join("; ")
    return Watermark.undecodable(id, new Decode({ message, issues }), { ...told, hash: ContentHash.ofJson(raw) })
  }

  const batch = (answer: Answer<Raw>, fields: ReadonlyArray<string>): Watermark.Batch<Entity.Record<E>> => ({
    rows: answer.rows.map((raw) => rowOf(raw, fields)),
    more: answer.more,
    ...(answer.serverTime === undefined ? {} : { serverTime: answer.serverTime }),
  })

  const stamped = (of: Exclude<Strategy<Raw>, { readonly strategy: "snapshot" }>, into: Reading.Reading) => ({
    reading: into,
    store: options.store,
    pageSize: options.pageSize,
    granularityMillis: of.granularityMillis,
    lag: of.lag,
    overlap: of.overlap ?? DEFAULT_OVERLAP,
    ...(ids === undefined ? {} : { compareIds: ids.compare }),
  })

  const snapshot = (
    of: Extract<Strategy<Raw>, { readonly strategy: "snapshot" }>,
    into: Reading.Reading,
    fields: ReadonlyArray<string>,
  ) =>
    Watermark.snapshot<Entity.Record<E>>({
      reading: into,
      store: options.store,
      pageSize: options.pageSize,
      scan: (question) =>
        Effect.map(of.scan({ ...question, fields }), ({ more, rows }) => ({
          more,
          rows: rows.map((raw) => {
            const row = rowOf(raw, fields)
            return { id: row.id, row, ...(row.content._tag === "Record" ? { hash: row.content.hash } : {}) }
          }),
        })),
      fetch: (wanted) =>
        Effect.map(
          Effect.forEach(wanted, (id) => present(id, fields)),
          (rows) => rows.flat(),
        ),
      ...(ids === undefined ? {} : { sort: ids.sort }),
    })

  const present = (id: string, fields: ReadonlyArray<string>) =>
    options.get(id, fields).pipe(
      Effect.map((raw) => [rowOf(raw, fields)]),
      Effect.catch((error: ConnectorError) =>
        error.reason._tag === "NotFound" ? Effect.succeed([]) : Effect.fail(error),
      ),
    )

  const readerOf = (into: Reading.Reading, fields: ReadonlyArray<string>): Watermark.Reader<Entity.Record<E>> => {
    const rows = (answer: Effect.Effect<Answer<Raw>, ConnectorError>) =>
      Effect.map(answer, (each) => batch(each, fields))
    switch (reading.strategy) {
      case "window":
        return Watermark.window<Entity.Record<E>>({
          ...stamped(reading, into),
          keyed: "granule",
          read: (question) => rows(reading.read({ ...question, fields })),
          scan: (question) => rows(reading.scan({ ...question, fields })),
        })
      case "keyset":
        return Watermark.keyset<Entity.Record<E>>({
          ...stamped(reading, into),
          read: (question) => rows(reading.read({ ...question, fields })),
          readAt: (question) => rows(reading.readAt({ ...question, fields })),
        })
      case "snapshot":
        return snapshot(reading, into, fields)
    }
  }

  const changes: Port.Port<E>["changes"] = (asked = {}) => {
    const refused = Asked.refusal(
      entity,
      options.readable,
      asked,
      `${scope.system}.${entity.name}.changes`,
      scope.system,
    )
    if (refused !== undefined) return Stream.fail(refused)
    const where = asked.where ?? []
    const fields = [...new Set([...(asked.fields ?? options.readable), ...where.map(({ field }) => field)])]
    const pages = readerOf(
      Reading.of(scope, entity.name, asked),
      fields,
    )({
      ...(asked.cursor === undefined ? {} : { cursor: asked.cursor }),
      ...(asked.since === undefined ? {} : { since: asked.since }),
    })
    return where.length === 0 ? pages : Stream.map(pages, narrowed(where))
  }

  const recent: Reads<E, Raw>["recent"] = (since) => {
    if (reading.strategy === "snapshot") return Effect.succeed(undefined)
    const grain = reading.granularityMillis
    const from = new Date(Math.floor(since / grain) * grain).toISOString() as Instant
    const question = { from, limit: options.pageSize, fields: options.readable }
    return Effect.map(reading.read(question), ({ more, rows }) => (more ? undefined : rows))
  }

  return { record, changes, recent }
}
