/** What each port can do on this site, as facts. */

import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Duration from "effect/Duration"
import * as Identity from "./Identity.ts"
import type { Context } from "./internal/Context.ts"
import { GRANULARITY_MILLIS } from "./SiteTime.ts"

export interface Facts<E extends Entity.Any> {
  readonly context: Context
  readonly doctype: string
  readonly readable: ReadonlyArray<Entity.FieldName<E>>
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  readonly blindTo: ReadonlyArray<string>
  readonly sweep?: string
  readonly derives: ReadonlyArray<string>
  readonly initialStates?: ReadonlyArray<string>
  readonly absent: Readonly<Record<string, string>> | undefined
  /** False where documents are only read. */
  readonly writes: boolean
}

/** Edits of any doctype that leave no trace in its stamp. */
const BLIND = [
  "a renamed record: its old id is not reported, the new one when it is next saved",
  "what scripts write past the document, straight into the database",
]

export const make = <E extends Entity.Any>(facts: Facts<E>): Features.Features<E> => {
  const { settings } = facts.context
  return {
    ...(facts.writes ? { identity: Identity.of(settings, facts.doctype) } : {}),
    modified: {
      strategy: "keyset",
      field: "modified",
      granularityMillis: GRANULARITY_MILLIS,
      zone: "site",
      lagMillis: Duration.toMillis(settings.lag),
      blindTo: [...facts.blindTo, ...BLIND],
      ...(facts.sweep === undefined ? {} : { sweep: facts.sweep }),
    },
    reads: true,
    creates: facts.writes && !settings.readOnly,
    updates: facts.writes && !settings.readOnly,
    existingOnly: true,
    archives: false,
    deletions: facts.context.deletions,
    merges: false,
    revisions: facts.writes,
    batchSize: 1,
    pageSize: settings.pageSize,
    readable: facts.readable,
    writable: facts.writes ? facts.writable : [],
    notClearable: facts.writes ? facts.notClearable : [],
    derives: facts.derives,
    ...(facts.initialStates === undefined ? {} : { initialStates: facts.initialStates }),
    ...(facts.absent === undefined ? {} : { absent: facts.absent }),
  }
}
