/** What is to be written of a record, and whether it was taken: the site answers a write with the document as it stands. */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import type { Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Written from "@mortise/core/Written"
import type { Target } from "../Adopt.ts"
import { covers, coversLines } from "./covers.ts"
import type { Doc } from "./Doc.ts"
import type { Resolved } from "./References.ts"
import type { Held } from "./Source.ts"
import type { Writer } from "./Writer.ts"

type Members = { readonly [field: string]: unknown }

/** What was found out about a record that is to be written. */
export interface Plan<E extends Entity.Any> {
  readonly target: Target<E>
  /** The fields with references told by id. */
  readonly wanted: Members
  readonly resolved: Resolved
}

export interface Ready<E extends Entity.Any> {
  readonly item: BatchUpsert.Item<E>
  readonly trace: string
  readonly ready: Plan<E>
}

/** What is sent, and the fields that it is for. */
export interface Sending {
  readonly body: Doc
  readonly changed: ReadonlyArray<string>
}

const comparers: { readonly [field: string]: (wanted: unknown, found: unknown) => boolean } = { lines: coversLines }

/** The fields that a record does not hold as they are wanted; all of them when there is no record. */
export const differing = <E extends Entity.Any>(
  writer: Writer<E>,
  held: Held<E> | undefined,
  wanted: Members,
): ReadonlyArray<string> =>
  Written.differing(wanted, held?.record as Members | undefined, (field) => {
    const own = writer.compare?.[field]
    if (own === undefined || held === undefined) return comparers[field] ?? covers
    return (want, found) => own(want, found, held.today)
  })

const overruled = (field: string): Issue => ({
  path: [field],
  message: "was accepted and not kept: the site has a value of its own; the other fields were written",
})

/** What of a write the site did not keep. */
export const lost = <E extends Entity.Any>(
  writer: Writer<E>,
  { changed }: Sending,
  { target, wanted }: Plan<E>,
  found: Held<E>,
): ReadonlyArray<Issue> => {
  const later: ReadonlyArray<string> = writer.after?.fields ?? []
  const fields = differing(writer, found, wanted).filter((field) => changed.includes(field) && !later.includes(field))
  const keyless = target.carry !== undefined && found.carried !== target.carry
  return [...(keyless ? ["key"] : []), ...fields].map(overruled)
}
