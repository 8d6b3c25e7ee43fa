/** What the ports can do in this portal, as facts. */
import type * as Entity from "@mortise/core/Entity"
import type * as Core from "@mortise/core/Features"
import * as Duration from "effect/Duration"
import * as Identity from "./Identity.ts"
import * as Mapping from "./internal/Mapping.ts"
import * as Session from "./internal/Session.ts"
import * as Limits from "./Limits.ts"

/** HubSpot: guide "Using object APIs": types whose records can be merged, over all versions. */
const MERGEABLE: ReadonlyArray<Mapping.ObjectType> = ["contacts", "companies", "deals", "products", "line_items"]

const LINES = [
  "a change of a line item, which has a stamp of its own (sweep `lines`)",
  "a line item that somebody took away, unless its document is stamped with it: what is archived has no associations",
]

/** Each look lists all archived records, a hundred a request. */
const archived = ({ deletionsEvery }: Session.Session): string =>
  `archived, every ${Duration.toMinutes(deletionsEvery)} minutes`

const modified = (session: Session.Session, mapping: Mapping.Any): Core.Modified => ({
  strategy: "keyset",
  field: mapping.modified,
  granularityMillis: 1,
  zone: "utc",
  lagMillis: Duration.toMillis(session.indexLag),
  blindTo: [
    "archiving: archived records are not searchable (sweep `archived`, which lists them all, a hundred a request)",
    "deleting for good (GDPR): such records are listed nowhere",
    ...(mapping.lines === undefined ? [] : LINES),
    ...(Object.keys(mapping.links).length === 0 ? [] : ["an association that was made or taken away by somebody else"]),
  ],
  sweep: mapping.lines === undefined ? archived(session) : `${archived(session)}; lines`,
})

export const of = <E extends Entity.Any>(session: Session.Session, mapping: Mapping.Mapping<E>): Core.Features<E> => {
  const unreadable = session.unreadable.get(mapping.type)
  const unwritable = unreadable ?? session.unwritable.get(mapping.type)
  const writes = unwritable === undefined && !session.readOnly
  const names = (all: ReadonlyArray<string>) => all as ReadonlyArray<Entity.FieldName<E>>
  return {
    identity: Identity.feature(Session.carrier(session, mapping)),
    modified: modified(session, mapping),
    reads: unreadable === undefined,
    creates: writes,
    updates: writes,
    existingOnly: true,
    archives: writes,
    deletions: true,
    deletionLagMillis: Duration.toMillis(session.deletionsEvery),
    merges: MERGEABLE.includes(mapping.type),
    revisions: false,
    batchSize: Limits.BATCH,
    pageSize: Limits.SEARCH_PAGE,
    readable: names(Mapping.readable(mapping)),
    writable: names(Mapping.writable(mapping)),
    notClearable: names(Mapping.notClearable(mapping)),
    derives: [mapping.modified, "hs_object_id", ...mapping.derives],
    absent: { ...mapping.absent, ...(unwritable === undefined ? {} : { [mapping.entity.name]: unwritable }) },
  }
}
