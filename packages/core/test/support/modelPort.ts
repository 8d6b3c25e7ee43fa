/** A port on a model system: every call goes through the given `fetch`, so that it can be counted, troubled and cut. */
import * as BatchUpsert from "@mortise/core/BatchUpsert"
import type * as Change from "@mortise/core/Change"
import * as ConnectorError from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import type * as Scope from "@mortise/core/Scope"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Logged, Reply, Row } from "./modelSystem.ts"

export interface ModelOptions {
  readonly fetch: typeof globalThis.fetch
  readonly scope: Scope.Scope
  readonly pageSize?: number
  readonly batchSize?: number
  /** Revisions are told in outcomes and records. */
  readonly revisions?: boolean
  /** The port does not look a key up before it writes, as if the vendor kept them unique. */
  readonly blind?: boolean
}

type Loose = { readonly [field: string]: unknown }

const failure = (system: string, reason: ConnectorError.Reason) => new ConnectorError.ConnectorError({ system, reason })

const ask = <A>(options: ModelOptions, path: string, body: object): Effect.Effect<A, ConnectorError.ConnectorError> => {
  const { system } = options.scope
  const sent = Effect.tryPromise({
    try: () => options.fetch(`https://${system}.example${path}`, { method: "POST", body: JSON.stringify(body) }),
    catch: () => failure(system, new ConnectorError.Transport({ message: "the connection was reset", sent: true })),
  })
  return Effect.flatMap(sent, (response) => {
    if (response.status === 429)
      return Effect.fail(failure(system, new ConnectorError.Throttled({ message: "slow down" })))
    if (response.status >= 500) return Effect.fail(failure(system, new ConnectorError.Unavailable({ message: "down" })))
    return Effect.promise(() => response.json() as Promise<A>)
  })
}

type Line = Logged & { readonly version: string; readonly row?: Row }

export const modelPort = <E extends Entity.Any>(entity: E, options: ModelOptions): Port.Port<E> => {
  const { name } = entity
  const { scope } = options
  const decode = (row: Row): Entity.Record<E> =>
    Schema.decodeUnknownSync(entity.schema)({
      ...row.fields,
      ...(options.revisions === true ? { revision: String(row.revision) } : {}),
    }) as Entity.Record<E>
  const encode = (fields: unknown): Loose => Schema.encodeUnknownSync(entity.schema)(fields) as Loose
  const found = (row: Row): Port.Found<E> => ({
    id: row.id,
    ...(row.key === undefined ? {} : { key: row.key }),
    record: decode(row),
  })

  const change = (line: Line): Change.Change<Entity.Record<E>> => {
    const { version } = line
    if (line.kind === "merged") return { _tag: "Merged", from: line.from, into: line.into, version }
    if (line.kind === "undecodable") {
      const reason = new ConnectorError.Decode({ message: "name: expected a string", issues: [] })
      return { _tag: "Undecodable", id: line.id, version, reason }
    }
    if (line.row === undefined) return { _tag: "Deleted", id: line.id, version }
    const record = decode(line.row)
    return { _tag: "Upserted", id: line.id, version, hash: ContentHash.ofRecord(entity, record), record }
  }

  const changes: Port.Port<E>["changes"] = (asked) => {
    const reading = Reading.of(scope, name, asked?.reader === undefined ? {} : { reader: asked.reader })
    const start = (asked?.cursor?.state as number | undefined) ?? 0
    const page = (after: number) =>
      Effect.map(
        ask<{ changes: ReadonlyArray<Line>; next: number; more: boolean }>(options, "/changes", {
          entity: name,
          after,
          limit: options.pageSize ?? 4,
        }),
        ({ changes: lines, more, next }) => {
          const page: Change.Page<Entity.Record<E>> = {
            stream: reading.stream,
            changes: lines.map(change),
            cursor: Reading.cursor(reading, "log", next),
            delta: { marks: [] },
            caughtUp: !more,
          }
          return [page, more ? next : undefined] as const
        },
      )
    return Stream.unfold(start as number | undefined, (after) =>
      after === undefined ? Effect.succeed(undefined) : page(after),
    )
  }

  const get: Port.Port<E>["get"] = (ids) =>
    ids.length === 0
      ? Effect.succeed(new Map())
      : Effect.map(
          ask<ReadonlyArray<Row & { readonly asked: string }>>(options, "/get", { entity: name, ids }),
          (rows) => new Map(rows.map((row) => [row.id, found(row)])),
        )

  const find: Port.Port<E>["find"] = (keys) =>
    Effect.map(
      ask<ReadonlyArray<Row>>(options, "/find", { entity: name, keys }),
      (rows) => new Map(rows.map((row) => [row.key as string, found(row)])),
    )

  const settle = (reply: Reply): Outcome.Outcome => {
    if (reply.status !== "refused") {
      const revision = options.revisions === true ? { revision: String(reply.revision) } : {}
      return { _tag: reply.status === "created" ? "Created" : "Updated", id: reply.id, ...revision }
    }
    const there = reply.id === undefined ? {} : { id: reply.id }
    return { _tag: "Rejected", error: failure(scope.system, refusal(name, reply)), ...there }
  }

  /** A fresh read tells what needs no write. */
  const prepare = (items: ReadonlyArray<BatchUpsert.Item<E>>) =>
    Effect.gen(function* () {
      const byId = yield* get(items.flatMap(({ id }) => (id === undefined ? [] : [id])))
      const keys = items.flatMap(({ id, key }) => (id === undefined && key !== undefined ? [key] : []))
      const byKey = keys.length === 0 || options.blind === true ? new Map<string, Port.Found<E>>() : yield* find(keys)
      return items.map((item): BatchUpsert.Prepared<undefined> => {
        const held = item.id === undefined ? byKey.get(item.key as string) : byId.get(item.id)
        const fresh = held === undefined ? {} : encode(held.record)
        const wanted = encode(item.fields)
        const same = Object.entries(wanted).every(
          ([field, value]) => ContentHash.ofJson(fresh[field] ?? null) === ContentHash.ofJson(value),
        )
        const keyed = item.key === undefined || held?.key === item.key
        if (held === undefined || !same || !keyed) return { trace: item.trace, ready: undefined }
        const { revision } = held.record as { readonly revision?: string }
        return {
          trace: item.trace,
          outcome: { _tag: "Unchanged", id: held.id, ...(revision === undefined ? {} : { revision }) },
        }
      })
    })

  return {
    entity,
    scope,
    features: { ...features, readable: fieldsOf(entity), writable: fieldsOf(entity) },
    changes,
    get,
    find,
    upsert: (records, how) =>
      BatchUpsert.run({
        system: scope.system,
        operation: `${name}.upsert`,
        entity,
        records,
        limits: { records: options.batchSize ?? 3 },
        prepare,
        send: (batch) =>
          Effect.map(
            ask<ReadonlyArray<Reply>>(options, "/upsert", {
              entity: name,
              records: batch.map(({ item: { inputs: _, ...item } }) => ({ ...item, fields: encode(item.fields) })),
            }),
            (replies) => replies.map((reply) => ({ trace: reply.trace, outcome: settle(reply) })),
          ),
        ...(how === undefined ? {} : { upsert: how }),
      }),
    archive: (ids) =>
      Effect.match(ask<unknown>(options, "/archive", { entity: name, ids }), {
        onFailure: (error): ReadonlyArray<Outcome.Outcome> => ids.map(() => ({ _tag: "NotAttempted", error })),
        onSuccess: () => ids.map((id) => ({ _tag: "Updated", id })),
      }),
  }
}

const refusal = (entity: string, reply: Extract<Reply, { readonly status: "refused" }>): ConnectorError.Reason => {
  const message = `${entity} was refused`
  switch (reply.reason) {
    case "MissingReference":
      return new ConnectorError.MissingReference({ message, field: reply.field ?? "", reference: reply.field ?? "" })
    case "Ambiguous":
      return new ConnectorError.Ambiguous({ message, candidates: (reply.ids ?? []).map((id) => ({ id })) })
    case "NotFound":
      return new ConnectorError.NotFound({ message })
    default:
      return new ConnectorError.Invalid({ message, issues: [{ path: [reply.field ?? ""], message: "poisoned" }] })
  }
}

const fieldsOf = <E extends Entity.Any>(entity: E) => Object.keys(entity.fields) as Array<Entity.FieldName<E>>

const features = {
  modified: { strategy: "keyset", granularityMillis: 1, zone: "utc", lagMillis: 0, blindTo: [] },
  reads: true,
  creates: true,
  updates: true,
  existingOnly: true,
  archives: true,
  deletions: true,
  merges: true,
  revisions: true,
  batchSize: 3,
  pageSize: 4,
  notClearable: [],
  derives: [],
} as const
