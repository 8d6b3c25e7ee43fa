/** What each port can do, as facts. */

import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Duration from "effect/Duration"
import * as Identity from "./Identity.ts"
import { LAG, STAMP_MILLIS } from "./Limits.ts"
import { type Resource, STAMP } from "./Sets.ts"
import type { Settings } from "./Settings.ts"

export interface Facts<E extends Entity.Any> {
  readonly settings: Settings
  /** The set that the port writes; a port without one only reads. */
  readonly resource?: Resource
  readonly stamped: boolean
  readonly readable: ReadonlyArray<Entity.FieldName<E>>
  readonly writable?: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable?: ReadonlyArray<Entity.FieldName<E>>
  readonly blindTo?: ReadonlyArray<string>
  readonly derives?: ReadonlyArray<string>
  readonly initialStates?: ReadonlyArray<string>
  readonly absent: Readonly<Record<string, string>> | undefined
}

const modifiedOf = <E extends Entity.Any>({ blindTo, stamped }: Facts<E>): Features.Modified => ({
  strategy: stamped ? "keyset" : "snapshot",
  ...(stamped ? { field: STAMP } : {}),
  granularityMillis: stamped ? STAMP_MILLIS : 1,
  zone: "utc",
  lagMillis: stamped ? Duration.toMillis(LAG) : 0,
  // A crawl lays every value beside the last one and is blind to nothing.
  blindTo: stamped ? (blindTo ?? []) : [],
})

export const make = <E extends Entity.Any>(facts: Facts<E>): Features.Features<E> => {
  const { resource, settings, stamped } = facts
  const identity = resource === undefined ? undefined : Identity.of(settings, resource)
  const writes = resource !== undefined && !settings.readOnly
  return {
    ...(identity === undefined ? {} : { identity }),
    modified: modifiedOf(facts),
    reads: true,
    creates: writes,
    updates: writes,
    existingOnly: writes,
    archives: false,
    // A deletion leaves nothing behind but a key that is gone; only a crawl notices.
    deletions: !stamped,
    merges: false,
    revisions: resource !== undefined,
    batchSize: 1,
    pageSize: settings.pageSize,
    readable: facts.readable,
    writable: facts.writable ?? [],
    notClearable: facts.notClearable ?? [],
    derives: facts.derives ?? [],
    ...(facts.initialStates === undefined ? {} : { initialStates: facts.initialStates }),
    ...(facts.absent === undefined ? {} : { absent: facts.absent }),
  }
}
