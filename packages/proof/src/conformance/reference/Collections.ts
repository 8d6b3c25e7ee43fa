/** What all collections of Quillbook have in common: how one reads, looks, creates and changes. */
import * as ConnectorErrors from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as JsonApi from "@mortise/core/JsonApi"
import type * as Port from "@mortise/core/Port"
import * as Replay from "@mortise/core/Replay"
import type * as Scope from "@mortise/core/Scope"
import * as SimplePort from "@mortise/core/SimplePort"
import type * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Broken } from "./Broken.ts"
import type * as Lists from "./Lists.ts"
import { PAGE } from "./Quillbook.ts"
import { DELETED, WIRE } from "./Rows.ts"

export const SYSTEM = "quillbook"

const CARRIED = { alphabet: /^[A-Za-z0-9|/.:%+~@-]$/, caseFolding: "none", maxLength: 200 } as const

/** Our key from the field; undefined for what somebody else wrote there. */
export const keyOf = (ref: string | null | undefined): string | undefined =>
  ref === null || ref === undefined ? undefined : ExternalKey.decode(ref)

/** A second later: the end of the range in which a stamp stands alone. */
const after = (stamp: string): string => new Date(Date.parse(stamp) + 1000).toISOString()

export interface Tools {
  readonly api: JsonApi.JsonApi
  readonly lists: Lists.Lists
  readonly store: StateStore.Service
  readonly scope: Scope.Scope
  readonly broken: Broken | undefined
}

const identityOf = <R extends Lists.Row>(
  broken: Broken | undefined,
  living: (query: JsonApi.Query) => Effect.Effect<ReadonlyArray<R>, ConnectorErrors.ConnectorError>,
): SimplePort.Identity<R> =>
  broken === "keysInStore"
    ? { carrier: "storeOnly" }
    : {
        carrier: "findThenWrite",
        field: "ref",
        changedBody: "updates",
        ...CARRIED,
        carriedBy: ({ ref }) => ref,
        carrying: (ref) => living({ ref }),
      }

export const collection = <R extends Lists.Row>(
  { api, broken, lists, scope, store }: Tools,
  path: keyof typeof WIRE,
) => {
  const wire: Readonly<Record<string, string>> = WIRE[path]
  const asked = (fields: ReadonlyArray<string>): JsonApi.Query =>
    broken === "asksForAll" ? {} : { fields: ["ref", ...fields.flatMap((field) => wire[field] ?? [])].join(",") }
  const living = (query: JsonApi.Query) =>
    Effect.map(lists<R>(path, query, 10), ({ rows }) => rows.filter((row) => !row.deleted))
  const get = (id: string) =>
    Effect.flatMap(
      JsonApi.data(api.read<R>(Replay.read(`${SYSTEM}.${path}.get`, "api"), [path, id])),
      (row): Effect.Effect<R, ConnectorErrors.ConnectorError> =>
        row.deleted ? Effect.fail(gone(`${path}/${id}`)) : Effect.succeed(row),
    )
  const send = (id: string, body: object, { revision }: SimplePort.Writing<R>) =>
    JsonApi.data(
      api.write<R>(Replay.write(`${SYSTEM}.${path}.update`, "api", "never"), [path, id], {
        method: "PATCH",
        body,
        headers: revision === undefined ? {} : { "if-match": `"${revision}"` },
      }),
    )
  const create = (body: object, { carry }: SimplePort.Writing<R>) => {
    const once = (whole: object) =>
      JsonApi.data(api.write<R>(Replay.write(`${SYSTEM}.${path}.create`, "api", "never"), [path], { body: whole }))
    if (broken === "noKeyAtAll") return once(body)
    if (broken !== "keyAfterwards") return once({ ...body, ref: carry })
    return Effect.flatMap(once(body), ({ id }) => send(String(id), { ref: carry }, {}))
  }
  const reading: SimplePort.Reading<R> = {
    strategy: "keyset",
    field: "modified",
    granularityMillis: 1000,
    lag: 0,
    read: ({ fields, from, limit }) => lists(path, { order: "modified", modified_from: from, ...asked(fields) }, limit),
    readAt: ({ afterId, fields, limit, stamp }) =>
      lists(path, { modified_from: stamp, modified_before: after(stamp), after_id: afterId, ...asked(fields) }, limit),
  }
  return {
    port: {
      scope,
      store,
      reading,
      get,
      pageSize: 2 * PAGE,
      ids: SimplePort.numericIds,
      idOf: ({ id }: R) => String(id),
      stampOf: ({ modified }: R) => modified,
      revisionOf: ({ version }: R) => String(version),
      identity: identityOf(broken, living),
      archive: (id: string) =>
        api.write(Replay.write(`${SYSTEM}.${path}.archive`, "api", "safe"), [path, id], { method: "DELETE" }),
    } as const,
    living,
    create,
    update: (id: string, body: object, writing: SimplePort.Writing<R>) =>
      send(id, { ...(broken === "clearsOthers" ? { region: null } : {}), ...body, ref: writing.carry }, writing),
  }
}

const gone = (what: string) =>
  new ConnectorErrors.ConnectorError({
    system: SYSTEM,
    reason: new ConnectorErrors.NotFound({ message: `${what} was deleted` }),
  })

type Custom = { readonly custom?: { readonly [DELETED]?: true } }

/** What is marked as deleted is told as deleted. */
export const telling = <E extends Entity.Any>(port: Port.Port<E>, broken: Broken | undefined): Port.Port<E> => ({
  ...port,
  features: { ...port.features, deletions: true },
  changes: (options) =>
    Stream.map(port.changes(options), (page) => ({
      ...page,
      changes: page.changes.flatMap((change) => {
        if (change._tag !== "Upserted" || (change.record as Custom).custom?.[DELETED] !== true) return [change]
        return broken === "tellsNoDeletions"
          ? []
          : [{ _tag: "Deleted" as const, id: change.id, version: change.version }]
      }),
    })),
})
