/** What each port can do in the pinned version, as facts. */

import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Duration from "effect/Duration"
import { GRANULARITY_MILLIS } from "./Changes.ts"
import * as Identity from "./Identity.ts"
import type { Settings } from "./Settings.ts"
import { modifiedField, type Resource } from "./Versions.ts"

export interface Facts<E extends Entity.Any> {
  readonly settings: Settings
  /** The forms behind the port; the one that writes first. */
  readonly resources: readonly [Resource, ...ReadonlyArray<Resource>]
  readonly readable: ReadonlyArray<Entity.FieldName<E>>
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  readonly blindTo: ReadonlyArray<string>
  readonly sweep?: string
  readonly derives: ReadonlyArray<string>
  readonly initialStates?: ReadonlyArray<string>
  readonly absent: Readonly<Record<string, string>> | undefined
}

/** True when every form has a stamp in the pinned version. */
export const isStamped = (settings: Settings, resources: ReadonlyArray<Resource>): boolean =>
  resources.every((resource) => modifiedField(settings.version, resource) !== undefined)

const modifiedOf = <E extends Entity.Any>(facts: Facts<E>): Features.Modified => {
  const { settings } = facts
  const stamped = isStamped(settings, facts.resources)
  const fields = [...new Set(facts.resources.flatMap((resource) => modifiedField(settings.version, resource) ?? []))]
  return {
    strategy: stamped ? "window" : "snapshot",
    ...(stamped ? { field: fields.join(", ") } : {}),
    granularityMillis: GRANULARITY_MILLIS,
    zone: "offset",
    lagMillis: Duration.toMillis(settings.lag),
    blindTo: stamped ? facts.blindTo : [],
    ...(stamped && facts.sweep !== undefined ? { sweep: facts.sweep } : {}),
  }
}

export const make = <E extends Entity.Any>(facts: Facts<E>): Features.Features<E> => {
  const identity = Identity.of(facts.settings, facts.resources[0])
  return {
    ...(identity === undefined ? {} : { identity }),
    modified: modifiedOf(facts),
    reads: true,
    creates: identity !== undefined && !facts.settings.readOnly,
    updates: !facts.settings.readOnly,
    existingOnly: true,
    archives: false,
    // A deletion leaves nothing behind but a key that is gone; only a snapshot notices.
    deletions: !isStamped(facts.settings, facts.resources),
    merges: false,
    revisions: false,
    batchSize: 1,
    pageSize: facts.settings.pageSize,
    readable: facts.readable,
    writable: facts.writable,
    notClearable: facts.notClearable,
    derives: facts.derives,
    ...(facts.initialStates === undefined ? {} : { initialStates: facts.initialStates }),
    ...(facts.absent === undefined ? {} : { absent: facts.absent }),
  }
}
