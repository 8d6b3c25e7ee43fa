/** A portal as plain JSON, and made again from it. */
import type { AssociationType } from "./AssociationTypes.ts"
import type { EdgeDump } from "./Edges.ts"
import * as Knobs from "./Knobs.ts"
import type { LimitsDump } from "./Limits.ts"
import type { Machine } from "./Machine.ts"
import type { OAuthDump } from "./OAuth.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import type { BookDump } from "./PropertyBook.ts"
import type { IndexDump } from "./SearchIndex.ts"
import type { Owner, Pipeline, Portal, StoredRecord } from "./State.ts"
import type { Grant } from "./Tokens.ts"
import type { WebhooksDump } from "./Webhooks.ts"

export interface Dump {
  readonly version: 1
  readonly portal: Portal
  readonly knobs: Knobs.Knobs
  readonly nextId: number
  readonly records: ReadonlyArray<readonly [ObjectName, ReadonlyArray<StoredRecord>]>
  /** Ids that were merged away and where to. */
  readonly aliases: ReadonlyArray<readonly [ObjectName, ReadonlyArray<readonly [string, string]>]>
  readonly edges: ReadonlyArray<EdgeDump>
  readonly properties: BookDump
  readonly pipelines: ReadonlyArray<readonly [ObjectName, ReadonlyArray<Pipeline>]>
  readonly owners: ReadonlyArray<Owner>
  readonly associationTypes: ReadonlyArray<AssociationType>
  readonly index: IndexDump
  readonly limits: LimitsDump
  readonly tokens: ReadonlyArray<Grant>
  readonly oauth: OAuthDump
  readonly webhooks: WebhooksDump
}

export const make = ({ hub, index, limits, oauth, tokens, webhooks }: Machine): Dump => {
  const table = (type: ObjectName) => hub.store.table(type)
  const names = ObjectTypes.all.map(({ name }) => name)
  const dump: Dump = {
    version: 1,
    portal: hub.portal,
    knobs: hub.knobs,
    nextId: hub.store.nextId,
    records: names.map((name) => [name, [...table(name).from()]] as const),
    aliases: names.map((name) => [name, [...table(name).aliases]] as const),
    edges: hub.store.edges.dump(),
    properties: hub.book.dump(),
    pipelines: [...hub.pipelines],
    owners: hub.owners,
    associationTypes: hub.associationTypes,
    index: index.dump(table),
    limits: limits.dump(),
    tokens: tokens.dump(),
    oauth: oauth.dump(),
    webhooks: webhooks.dump(),
  }
  // Shares nothing with the portal, which goes on living.
  return JSON.parse(JSON.stringify(dump)) as Dump
}

export const load = ({ hub, index, limits, oauth, tokens, webhooks }: Machine, given: Dump): void => {
  const dump = JSON.parse(JSON.stringify(given)) as Dump
  const table = (type: ObjectName) => hub.store.table(type)
  Object.assign(hub.portal, dump.portal)
  Object.assign(hub.knobs, Knobs.defaults(), dump.knobs)
  hub.store.nextId = dump.nextId
  for (const [name, records] of dump.records) {
    table(name).clear()
    for (const record of records) table(name).put(record)
  }
  for (const [name, aliases] of dump.aliases) for (const [from, to] of aliases) table(name).aliases.set(from, to)
  hub.store.edges.load(dump.edges)
  hub.book.load(dump.properties)
  hub.pipelines.clear()
  for (const [name, pipelines] of dump.pipelines) hub.pipelines.set(name, [...pipelines])
  hub.owners.splice(0, hub.owners.length, ...dump.owners)
  hub.associationTypes = dump.associationTypes
  index.load(dump.index, table)
  limits.load(dump.limits)
  tokens.load(dump.tokens)
  oauth.load(dump.oauth)
  webhooks.load(dump.webhooks)
}
