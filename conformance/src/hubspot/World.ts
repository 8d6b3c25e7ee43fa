/** The portal from the inside: what tests, rules and the demo fill, look at and disturb. */
import type { TwinClock, World } from "../twin/Twin.ts"
import * as Associations from "./Associations.ts"
import * as Dump from "./Dump.ts"
import type { Call } from "./Hub.ts"
import type * as Knobs from "./Knobs.ts"
import type { Machine } from "./Machine.ts"
import * as Merge from "./Merge.ts"
import type * as OAuth from "./OAuth.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import * as Records from "./Records.ts"
import * as RecordView from "./RecordView.ts"
import * as Seeding from "./Seeding.ts"
import * as StandardProperties from "./StandardProperties.ts"
import type { Owner, Pipeline, Portal, PropertyDefinition, StoredRecord } from "./State.ts"
import { allScopes, type Grant } from "./Tokens.ts"
import type { Subscription } from "./WebhookEvents.ts"
import type { Delivery, Target } from "./Webhooks.ts"

/** A record as it stands, its stamps and id among the properties. */
export interface Seen {
  readonly id: string
  readonly properties: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly archived: boolean
}

export interface StaticToken {
  readonly kind?: "privateApp" | "serviceKey"
  readonly appId?: number
  readonly token?: string
  readonly scopes?: ReadonlyArray<string>
}

export interface HubSpotWorld extends World {
  /** Settings of the account; change them at will. */
  readonly portal: Portal
  readonly knobs: Knobs.Knobs
  /** A private app token with every scope, made with the portal. */
  readonly token: string
  /** Until the first request comes, and for what happens without one. */
  readonly setClock: (clock: TwinClock) => void
  readonly now: () => number

  /** Records that were there before: searchable at once, no event, no limit. Ids come in order of the seeds. */
  readonly seed: (seeds: ReadonlyArray<Seeding.Seed>) => ReadonlyArray<string>
  /** By id, old ids of merged records too; archived ones too. */
  readonly record: (type: ObjectName, id: string) => Seen | undefined
  /** Live records in order of id. */
  readonly records: (type: ObjectName) => ReadonlyArray<Seen>
  readonly archived: (type: ObjectName) => ReadonlyArray<Seen>
  /** Live records whose property has this value. */
  readonly findBy: (type: ObjectName, property: string, value: string) => ReadonlyArray<Seen>
  readonly associations: (
    type: ObjectName,
    id: string,
    to: ObjectName,
  ) => ReadonlyArray<{ readonly id: string; readonly types: ReadonlyArray<number> }>

  /** What a user does in the app: the stamps move, search lags, events are sent. */
  readonly create: (type: ObjectName, properties: Readonly<Record<string, string>>) => string
  readonly update: (type: ObjectName, id: string, properties: Readonly<Record<string, string>>) => void
  readonly archive: (type: ObjectName, id: string) => void
  readonly restore: (type: ObjectName, id: string) => void
  readonly associate: (from: ObjectName, fromId: string, to: ObjectName, toId: string) => void
  /** Gives the id of the survivor. */
  readonly mergeRecords: (type: ObjectName, primary: string, other: string) => string
  /** Search shows every write at once, this once. */
  readonly indexNow: () => void

  readonly defineProperty: (
    type: ObjectName,
    definition: Partial<PropertyDefinition> & Pick<PropertyDefinition, "name">,
  ) => void
  readonly property: (type: ObjectName, name: string) => PropertyDefinition | undefined
  readonly addPipeline: (type: ObjectName, pipeline: Pipeline) => void
  readonly addOwner: (owner: Owner) => void

  readonly issueToken: (given?: StaticToken) => string
  readonly oauth: {
    readonly register: (app: OAuth.App) => void
    /** The code that the redirect brings; `challenge` for PKCE. */
    readonly authorise: (given: {
      readonly clientId: string
      readonly scopes?: ReadonlyArray<string>
      readonly redirectUri?: string
      readonly challenge?: string
    }) => string
    /** A refresh token of an app that is installed already. */
    readonly install: (given: { readonly clientId: string; readonly scopes?: ReadonlyArray<string> }) => string
    /** Takes every app out: no refresh token is good any more. Access tokens live on until they expire. */
    readonly uninstall: () => void
    /** An access token that was just given. */
    readonly access: (given: { readonly clientId: string; readonly scopes?: ReadonlyArray<string> }) => string
  }
  readonly webhooks: {
    readonly aim: (target: Target) => void
    readonly subscribe: (subscription: Omit<Subscription, "subscriptionId">) => number
    readonly pending: () => number
    /** When the next event is due, by the portal's clock. */
    readonly nextDue: () => number | undefined
    /** Sends what is due now. */
    readonly deliverDue: () => Promise<ReadonlyArray<Delivery>>
  }
  readonly dump: () => Dump.Dump
}

const seen = (type: ObjectName, record: StoredRecord): Seen => {
  const known = ObjectTypes.of(type)
  const stamps = ["hs_object_id", known.modifiedProperty, ...known.createdProperty]
  const properties = { ...record.properties }
  for (const name of stamps) properties[name] = RecordView.propertyOf(known, record, name) ?? ""
  const { createdAt, id, updatedAt } = record
  return { id, properties, createdAt, updatedAt, archived: record.archivedAt !== undefined }
}

const looking = (machine: Machine) => {
  const all = (type: ObjectName, archived: boolean): ReadonlyArray<Seen> =>
    [...machine.hub.store.table(type).from()]
      .filter((record) => (record.archivedAt !== undefined) === archived)
      .map((record) => seen(type, record))
  return {
    record: (type: ObjectName, id: string) => {
      const found = machine.hub.store.table(type).get(id)
      return found === undefined ? undefined : seen(type, found)
    },
    records: (type: ObjectName) => all(type, false),
    archived: (type: ObjectName) => all(type, true),
    findBy: (type: ObjectName, property: string, value: string) =>
      all(type, false).filter((record) => record.properties[property] === value),
    associations: (type: ObjectName, id: string, to: ObjectName) =>
      machine.hub.store.edges
        .sorted({ type, id: machine.hub.store.table(type).resolve(id) }, to)
        .map(([target, types]) => ({ id: target, types })),
  }
}

const acting = (machine: Machine) => {
  const act = <A>(body: (call: Call) => A): A => {
    const call = machine.call("v3")
    return machine.hub.store.transaction(call.now, () => body(call))
  }
  const stored = (call: Call, type: ObjectName, id: string): StoredRecord => {
    const record = call.hub.store.table(type).get(id)
    if (record === undefined) throw new Error(`there is no ${type} ${id}`)
    return record
  }
  const end = (type: ObjectName, id: string) => ({ type, id: machine.hub.store.table(type).resolve(id) })
  return {
    seed: (seeds: ReadonlyArray<Seeding.Seed>) => machine.seeding((call) => Seeding.plant(call, seeds)),
    create: (type: ObjectName, properties: Records.Sent) =>
      act((call) => Records.create(call, ObjectTypes.of(type), properties, []).id),
    update: (type: ObjectName, id: string, properties: Records.Sent) =>
      act((call) => {
        Records.update(call, ObjectTypes.of(type), stored(call, type, id), properties)
      }),
    archive: (type: ObjectName, id: string) =>
      act((call) => Records.archive(call, ObjectTypes.of(type), stored(call, type, id))),
    restore: (type: ObjectName, id: string) =>
      act((call) => {
        Records.restore(call, ObjectTypes.of(type), stored(call, type, id))
      }),
    associate: (from: ObjectName, fromId: string, to: ObjectName, toId: string) =>
      act((call) => {
        Associations.setDefault(call, end(from, fromId), end(to, toId))
      }),
    mergeRecords: (type: ObjectName, primary: string, other: string) =>
      act((call) => Merge.merge(call, ObjectTypes.of(type), primary, other).id),
    indexNow: () => machine.index.catchUp(),
  }
}

const defining = ({ hub, now }: { readonly hub: Machine["hub"]; readonly now: () => number }) => ({
  defineProperty: (type: ObjectName, definition: Partial<PropertyDefinition> & Pick<PropertyDefinition, "name">) =>
    hub.book.define(type, {
      ...StandardProperties.complete(definition, StandardProperties.groupOf(type), now()),
      ...hub.book.of(type).get(definition.name),
      ...definition,
    }),
  property: (type: ObjectName, name: string) => hub.book.of(type).get(name),
  addPipeline: (type: ObjectName, pipeline: Pipeline) => {
    hub.pipelines.set(type, [...(hub.pipelines.get(type) ?? []), pipeline])
  },
  addOwner: (owner: Owner) => {
    hub.owners.push(owner)
  },
})

const USER = 7_100_001

const authorising = (machine: Machine) => {
  const random = () => machine.random()
  const installed = (given: { readonly clientId: string; readonly scopes?: ReadonlyArray<string> }) => ({
    clientId: given.clientId,
    scopes: given.scopes ?? allScopes,
    userId: USER,
  })
  return {
    issueToken: (given: StaticToken = {}) => {
      const { appId = 3_000_001, kind = "privateApp", scopes = allScopes } = given
      const grant: Grant = { token: given.token ?? `pat-eu1-${machine.uuid()}`, kind, appId, scopes, userId: USER }
      machine.tokens.add(grant)
      return grant.token
    },
    oauth: {
      register: (app: OAuth.App) => machine.oauth.register(app),
      authorise: (given: Parameters<HubSpotWorld["oauth"]["authorise"]>[0]) => {
        const { challenge, redirectUri } = given
        const extra = {
          ...(challenge === undefined ? {} : { challenge }),
          ...(redirectUri === undefined ? {} : { redirectUri }),
        }
        return machine.oauth.authorise({ ...installed(given), ...extra }, random)
      },
      install: (given: Parameters<typeof installed>[0]) => machine.oauth.install(installed(given), random),
      uninstall: () => machine.oauth.uninstall(),
      access: (given: Parameters<typeof installed>[0]) =>
        machine.oauth.grant(installed(given), machine.now(), random).token,
    },
  }
}

export const make = (machine: Machine, token: string): HubSpotWorld => {
  const { issueToken, oauth } = authorising(machine)
  issueToken({ token })
  return {
    portal: machine.hub.portal,
    knobs: machine.hub.knobs,
    token,
    setClock: (clock) => {
      machine.clock = clock
    },
    now: () => machine.now(),
    ...looking(machine),
    ...acting(machine),
    ...defining({ hub: machine.hub, now: () => machine.now() }),
    issueToken,
    oauth,
    webhooks: {
      aim: (target) => machine.webhooks.aim(target),
      subscribe: (subscription) => machine.webhooks.subscribe(subscription),
      pending: () => machine.webhooks.pending(),
      nextDue: () => machine.webhooks.nextDue(),
      deliverDue: () => machine.webhooks.deliverDue(machine.call(), machine.clock),
    },
    dump: () => Dump.make(machine),
    load: (dump) => Dump.load(machine, dump as Dump.Dump),
  }
}
