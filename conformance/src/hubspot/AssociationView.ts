/** Associations as answers show them. */

import * as Associations from "./Associations.ts"
import type { AssociationType } from "./AssociationTypes.ts"
import * as Batch from "./Batch.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName, ObjectType } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import { compareIds } from "./RecordTable.ts"
import { typeOf } from "./Request.ts"
import type { StoredRecord } from "./State.ts"

/**
 * The `type` of an inline row. Observed: a company comes once per type, the primary as `contact_to_company`, the
 * unlabelled as `contact_to_company_unlabeled`; pairs without a primary type have the plain form alone.
 */
const rowType = (call: Call, type: AssociationType): string => {
  const plain = `${ObjectTypes.of(type.from).singular}_to_${ObjectTypes.of(type.to).singular}`
  if (type.kind === "primary") return plain
  if (type.kind === "label") return type.name
  const hasPrimary = Associations.between(call, type.from, type.to).some((one) => one.kind === "primary")
  return hasPrimary ? `${plain}_unlabeled` : plain
}

const inlineRows = (call: Call, type: ObjectType, record: StoredRecord, to: ObjectType) => {
  const known = Associations.between(call, type.name, to.name)
  return call.hub.store.edges
    .sorted({ type: type.name, id: record.id }, to.name)
    .flatMap(([id, types]) =>
      known.filter((one) => types.includes(one.id)).map((one) => ({ id, type: rowType(call, one) })),
    )
}

/** The associations that were asked for, by the plural of each type; types without any are left out. */
export const inline = (call: Call, type: ObjectType, record: StoredRecord, asked: ReadonlyArray<string>) => {
  if (asked.length === 0 || record.archivedAt !== undefined) return undefined
  const shown: Record<string, { readonly results: ReadonlyArray<unknown> }> = {}
  for (const to of asked.map(typeOf)) {
    const results = inlineRows(call, type, record, to)
    if (results.length > 0) shown[ObjectTypes.inlineKey(to)] = { results }
  }
  return Object.keys(shown).length === 0 ? undefined : shown
}

export const specOf = (type: AssociationType) => ({
  associationCategory: type.category,
  associationTypeId: type.id,
})

export const labelled = (type: AssociationType) => ({
  category: type.category,
  typeId: type.id,
  label: type.label,
})

export interface Row {
  readonly toObjectId: string
  readonly associationTypes: ReadonlyArray<ReturnType<typeof labelled>>
}

/** One page of rows from `after` on. The order of the types in a row is not stable. */
export const page = (
  call: Call,
  from: { readonly type: ObjectName; readonly id: string },
  to: ObjectName,
  limit: number,
  after: string | undefined,
): { readonly rows: ReadonlyArray<Row>; readonly next: string | undefined } => {
  const known = Associations.between(call, from.type, to)
  const all = call.hub.store.edges.sorted(from, to)
  const start = after === undefined ? 0 : all.findIndex(([id]) => compareIds(id, after) >= 0)
  const chosen = start < 0 ? [] : all.slice(start, start + limit)
  const rows = chosen.map(([toObjectId, types]) => ({
    toObjectId,
    associationTypes: Batch.shuffled(known.filter((one) => types.includes(one.id)).map(labelled), call.random),
  }))
  return { rows, next: start < 0 ? undefined : all[start + limit]?.[0] }
}
