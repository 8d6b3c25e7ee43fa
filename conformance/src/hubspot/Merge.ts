/**
 * Two records become one. HubSpot: guide "Using object APIs" and the changelog on merges: by default the survivor has
 * a new id and both old ids lead to it; a beta keeps the primary's.
 */

import type { End } from "./Edges.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import * as Records from "./Records.ts"
import type { StoredRecord } from "./State.ts"

const IDENTITIES = 250

const list = (text: string | undefined): ReadonlyArray<string> => text?.split(";").filter((one) => one !== "") ?? []

const joined = (values: Iterable<string>): string => [...new Set(values)].join(";")

/** The primary's values, the other's where it has none, and both emails of contacts. */
const mergedValues = (type: ObjectType, primary: StoredRecord, other: StoredRecord): Record<string, string> => {
  const values: Record<string, string> = { ...other.properties, ...primary.properties }
  if (type.name !== "contacts") return values
  const extra = [other, primary].flatMap((one) => [
    ...(one.properties["email"] === undefined ? [] : [one.properties["email"]]),
    ...list(one.properties["hs_additional_emails"]),
  ])
  const secondary = joined(extra.filter((email) => email !== values["email"]))
  if (secondary === "") delete values["hs_additional_emails"]
  else values["hs_additional_emails"] = secondary
  return values
}

const moveEdges = (call: Call, from: End, to: End): void => {
  const { edges } = call.hub.store
  for (const [target, types] of [...edges.leaving(from)]) {
    const back = edges.types(target, from)
    call.hub.store.setEdge(from, target, [])
    call.hub.store.setEdge(target, from, [])
    if (target.type === to.type && target.id === to.id) continue
    call.hub.store.setEdge(to, target, [...new Set([...edges.types(to, target), ...types])])
    call.hub.store.setEdge(target, to, [...new Set([...edges.types(target, to), ...back])])
  }
}

/** A contact or deal that had a primary company on both sides keeps the first. */
const onePrimary = (call: Call, survivor: End): void => {
  const primary = survivor.type === "contacts" ? 1 : survivor.type === "deals" ? 5 : undefined
  if (primary === undefined) return
  let seen = false
  for (const [id, types] of [...call.hub.store.edges.targets(survivor, "companies")]) {
    if (!types.includes(primary)) continue
    if (seen) {
      const company: End = { type: "companies", id }
      call.hub.store.setEdge(
        survivor,
        company,
        types.filter((one) => one !== primary),
      )
      const back = call.hub.store.edges.types(company, survivor)
      call.hub.store.setEdge(
        company,
        survivor,
        back.filter((one) => one !== primary + 1),
      )
    }
    seen = true
  }
}

export const merge = (call: Call, type: ObjectType, primaryId: string, otherId: string): StoredRecord => {
  const primary = Records.byId(call, type, primaryId)
  const other = Records.byId(call, type, otherId)
  if (primary.id === other.id) throw Errors.validation(`Cannot merge ${type.singular} ${primary.id} with itself.`)
  const keep = call.hub.knobs.primaryIdPreservation
  const absorbed = new Set([
    ...[primary, other].flatMap((one) => list(one.properties["hs_merged_object_ids"])),
    ...(keep ? [other.id] : [primary.id, other.id]),
  ])
  if (absorbed.size > IDENTITIES) {
    throw new Errors.Refusal({
      status: 414,
      category: "VALIDATION_ERROR",
      message: "The merged record has too many identities.",
    })
  }
  const survivor: StoredRecord = {
    ...primary,
    id: keep ? primary.id : call.hub.store.freshId(),
    properties: { ...mergedValues(type, primary, other), hs_merged_object_ids: joined(absorbed) },
    updatedAt: call.now,
  }
  const gone = keep ? [other] : [primary, other]
  for (const one of gone) call.hub.store.remove(type.name, one.id)
  call.hub.store.put(type.name, survivor)
  const end: End = { type: type.name, id: survivor.id }
  for (const one of gone) {
    moveEdges(call, { type: type.name, id: one.id }, end)
    call.hub.store.alias(type.name, one.id, survivor.id)
  }
  onePrimary(call, end)
  call.hub.store.noteMerge({
    kind: "merge",
    type: type.name,
    primary: primary.id,
    merged: [primary.id, other.id],
    survivor: survivor.id,
  })
  return survivor
}
