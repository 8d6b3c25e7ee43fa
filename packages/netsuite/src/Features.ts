/** What each port can do, as facts. */

import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Duration from "effect/Duration"
import * as Identity from "./Identity.ts"
import * as Limits from "./Limits.ts"
import type { Settings } from "./Settings.ts"
import * as Tables from "./Tables.ts"

export interface Facts<E extends Entity.Any> {
  readonly settings: Settings
  readonly entity: E
  readonly readable: ReadonlyArray<Entity.FieldName<E>>
  /** Absent: the port only reads. */
  readonly written?: {
    readonly writable: ReadonlyArray<Entity.FieldName<E>>
    readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  }
  readonly blindTo: ReadonlyArray<string>
  readonly sweep?: string
  readonly derives: ReadonlyArray<string>
  readonly initialStates?: ReadonlyArray<string>
  readonly absent: Readonly<Record<string, string>>
}

const modifiedOf = <E extends Entity.Any>({ blindTo, settings, sweep }: Facts<E>): Features.Modified => ({
  strategy: "keyset",
  field: Tables.MODIFIED,
  granularityMillis: Limits.GRANULARITY_MILLIS,
  zone: settings.timeZone === "UTC" ? "utc" : "site",
  lagMillis: Duration.toMillis(settings.lag),
  blindTo,
  ...(sweep === undefined ? {} : { sweep }),
})

export const make = <E extends Entity.Any>(facts: Facts<E>): Features.Features<E> => {
  const { settings, written } = facts
  const isWritten = written !== undefined && !settings.readOnly
  return {
    ...(written === undefined ? {} : { identity: Identity.of(settings, facts.entity.name) }),
    modified: modifiedOf(facts),
    reads: true,
    creates: isWritten,
    updates: isWritten,
    existingOnly: true,
    archives: false,
    deletions: settings.deletions,
    merges: false,
    revisions: false,
    batchSize: Number.isFinite(settings.batchFrom) ? Limits.BATCH : 1,
    pageSize: settings.pageSize,
    readable: facts.readable,
    writable: written?.writable ?? [],
    notClearable: written?.notClearable ?? [],
    derives: facts.derives,
    ...(facts.initialStates === undefined ? {} : { initialStates: facts.initialStates }),
    absent: facts.absent,
  }
}
