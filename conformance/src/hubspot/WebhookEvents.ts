/** Changes of the store as webhook events. HubSpot: webhooks guide, payload members. */
import type { Call } from "./Hub.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import type { StoredRecord } from "./State.ts"
import type { Change, Merge } from "./Store.ts"

export interface Subscription {
  readonly subscriptionId: number
  /** `deal.propertyChange`, `contact.creation`, `object.deletion` and the like. */
  readonly subscriptionType: string
  readonly propertyName?: string
  /** With `object.*` types. */
  readonly objectTypeId?: string
}

/** What is sent, less what the delivery adds. */
export interface Event {
  readonly eventId: number
  readonly subscriptionId: number
  readonly portalId: number
  readonly appId: number
  readonly occurredAt: number
  readonly subscriptionType: string
  readonly objectId?: number
  readonly changeSource: string
  readonly [member: string]: unknown
}

type Facts = Readonly<Record<string, unknown>>

interface Occurrence {
  readonly type: ObjectName
  readonly action: string
  readonly property?: string
  readonly facts: Facts
}

/** Types with subscriptions of their own name; the rest are `object.*`. */
const NAMED: ReadonlyArray<ObjectName> = ["contacts", "companies", "deals", "line_items", "products"]

const matches = (subscription: Subscription, { action, property, type }: Occurrence): boolean => {
  const known = ObjectTypes.of(type)
  const prefix = NAMED.includes(type) ? known.singular : "object"
  return (
    subscription.subscriptionType === `${prefix}.${action}` &&
    (prefix !== "object" || subscription.objectTypeId === known.id) &&
    (action !== "propertyChange" || subscription.propertyName === property)
  )
}

const changedProperties = (before: StoredRecord | undefined, after: StoredRecord): ReadonlyArray<string> =>
  Object.keys({ ...before?.properties, ...after.properties }).filter(
    (name) => before?.properties[name] !== after.properties[name],
  )

type RecordChange = Extract<Change, { readonly kind: "record" }>

const ofRecord = ({ after, before, id, type }: RecordChange): ReadonlyArray<Occurrence> => {
  const objectId = Number(id)
  if (after === undefined) return [{ type, action: "privacyDeletion", facts: { objectId } }]
  if (after.archivedAt !== undefined) return [{ type, action: "deletion", facts: { objectId, changeFlag: "DELETED" } }]
  const first: ReadonlyArray<Occurrence> =
    before === undefined
      ? [{ type, action: "creation", facts: { objectId, changeFlag: "NEW" } }]
      : before.archivedAt !== undefined
        ? [{ type, action: "restore", facts: { objectId } }]
        : []
  const changes = changedProperties(before, after).map((property) => ({
    type,
    action: "propertyChange",
    property,
    facts: { objectId, propertyName: property, propertyValue: after.properties[property] ?? "" },
  }))
  return [...first, ...changes]
}

const ofMerge = ({ merged, primary, survivor, type }: Merge): Occurrence => ({
  type,
  action: "merge",
  facts: {
    objectId: Number(survivor),
    primaryObjectId: Number(primary),
    mergedObjectIds: merged.map(Number),
    newObjectId: Number(survivor),
    numberOfPropertiesMoved: 0,
  },
})

const ofEdge = (call: Call, { after, from, to }: Extract<Change, { readonly kind: "edge" }>): Occurrence => {
  const singular = (name: ObjectName) => ObjectTypes.of(name).singular.toUpperCase()
  const primary = call.hub.associationTypes.filter((type) => type.kind === "primary").map((type) => type.id)
  return {
    type: from.type,
    action: "associationChange",
    facts: {
      associationType: `${singular(from.type)}_TO_${singular(to.type)}`,
      fromObjectId: Number(from.id),
      toObjectId: Number(to.id),
      associationRemoved: after.length === 0,
      isPrimaryAssociation: after.some((id) => primary.includes(id)),
    },
  }
}

/** What happened; of a merge the merge alone. */
export const occurrences = (call: Call, changes: ReadonlyArray<Change>): ReadonlyArray<Occurrence> => {
  const merges = changes.filter((change) => change.kind === "merge")
  const merged = new Set(merges.flatMap((merge) => [...merge.merged, merge.survivor]))
  return changes.flatMap((change): ReadonlyArray<Occurrence> => {
    if (change.kind === "merge") return [ofMerge(change)]
    if (change.kind === "edge") return [ofEdge(call, change)]
    return merged.has(change.id) ? [] : ofRecord(change)
  })
}

/** The events that the subscriptions ask for, with the members that all of them have. */
export const events = (
  call: Call,
  changes: ReadonlyArray<Change>,
  subscriptions: ReadonlyArray<Subscription>,
  base: { readonly appId: number; readonly changeSource: string; readonly nextId: () => number },
): ReadonlyArray<Event> => {
  if (subscriptions.length === 0) return []
  return occurrences(call, changes).flatMap((occurrence) =>
    subscriptions
      .filter((subscription) => matches(subscription, occurrence))
      .map(({ objectTypeId, subscriptionId, subscriptionType }) => ({
        eventId: base.nextId(),
        subscriptionId,
        portalId: call.hub.portal.portalId,
        appId: base.appId,
        occurredAt: call.now,
        subscriptionType,
        changeSource: base.changeSource,
        ...(objectTypeId === undefined ? {} : { objectTypeId }),
        ...occurrence.facts,
      })),
  )
}
