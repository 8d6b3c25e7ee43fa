/**
 * Setting and taking away associations, both directions at once. HubSpot: guide "Associate records" v4: the first
 * company of a contact or deal becomes its primary one; a pair has the unlabelled type whenever it has any.
 */
import type { AssociationType } from "./AssociationTypes.ts"
import type { End } from "./Edges.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"

export interface Spec {
  readonly associationCategory: string
  readonly associationTypeId: number
}

export interface Input {
  readonly to: { readonly id: string }
  readonly types: ReadonlyArray<Spec>
}

export const between = (call: Call, from: ObjectName, to: ObjectName): ReadonlyArray<AssociationType> =>
  call.hub.associationTypes.filter((type) => type.from === from && type.to === to)

const ofKind = (call: Call, from: ObjectName, to: ObjectName, kind: AssociationType["kind"]) =>
  between(call, from, to).find((type) => type.kind === kind)

/** The type that a request names, in the direction that it asks for. */
const typed = (call: Call, from: ObjectName, to: ObjectName | undefined, spec: Spec): AssociationType => {
  const found = call.hub.associationTypes.find(
    (type) =>
      type.id === spec.associationTypeId &&
      type.category === spec.associationCategory &&
      type.from === from &&
      (to === undefined || type.to === to),
  )
  if (found !== undefined) return found
  const { id: fromId } = ObjectTypes.of(from)
  const target = to === undefined ? "any object" : ObjectTypes.of(to).id
  throw Errors.validation(
    `Association type ${spec.associationTypeId} of ${spec.associationCategory} does not lead from ${fromId} to ${target}.`,
    { context: { associationTypeId: [String(spec.associationTypeId)] } },
  )
}

const live = (call: Call, { id, type }: End): End => {
  const record = call.hub.store.table(type).get(id)
  if (record === undefined || record.archivedAt !== undefined) {
    const { singular } = ObjectTypes.of(type)
    throw Errors.notFound(`The ${singular} ${id} does not exist.`, { context: { id: [id], objectType: [singular] } })
  }
  return { type, id: record.id }
}

const PARENTS: ReadonlyArray<ObjectName> = ["deals", "invoices", "orders"]

/** A line item has one parent; deals, quotes, invoices and orders have sets of their own. */
const oneParent = (call: Call, from: End, to: End): void => {
  const [item, parent] = from.type === "line_items" ? [from, to] : [to, from]
  if (item.type !== "line_items" || !PARENTS.includes(parent.type)) return
  for (const type of PARENTS) {
    for (const id of call.hub.store.edges.targets(item, type).keys()) {
      if (type === parent.type && id === parent.id) continue
      throw Errors.validation(`Line item ${item.id} already belongs to ${ObjectTypes.of(type).singular} ${id}.`)
    }
  }
}

const union = (...lists: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> => [...new Set(lists.flat())]

const inverses = (call: Call, from: ObjectName, to: ObjectName, ids: ReadonlyArray<number>): ReadonlyArray<number> =>
  between(call, from, to).flatMap((type) => (ids.includes(type.id) ? [type.inverse] : []))

const write = (call: Call, from: End, to: End, types: ReadonlyArray<number>): void => {
  call.hub.store.setEdge(from, to, types)
  call.hub.store.setEdge(to, from, inverses(call, from.type, to.type, types))
}

/** Contact or deal on the one side, company on the other: the sides of the primary rule. */
const primarySides = (from: End, to: End): readonly [owner: End, company: End] | undefined => {
  const owns = (end: End) => end.type === "contacts" || end.type === "deals"
  if (owns(from) && to.type === "companies") return [from, to]
  if (owns(to) && from.type === "companies") return [to, from]
  return undefined
}

/** Takes the primary type from the company that had it, unless it is `keep`. */
const dethrone = (call: Call, owner: End, primary: number, keep: string): void => {
  for (const [id, types] of [...call.hub.store.edges.targets(owner, "companies")]) {
    if (id === keep || !types.includes(primary)) continue
    write(
      call,
      owner,
      { type: "companies", id },
      types.filter((one) => one !== primary),
    )
  }
}

/** One primary company for each contact or deal; the first company that comes is it. */
const settlePrimary = (call: Call, from: End, to: End): void => {
  const sides = primarySides(from, to)
  if (sides === undefined) return
  const [owner, company] = sides
  const primary = ofKind(call, owner.type, "companies", "primary")?.id
  if (primary === undefined) return
  const types = call.hub.store.edges.types(owner, company)
  if (types.includes(primary)) {
    dethrone(call, owner, primary, company.id)
    return
  }
  const others = [...call.hub.store.edges.targets(owner, "companies").values()]
  if (types.length > 0 && !others.some((one) => one.includes(primary)))
    write(call, owner, company, union(types, [primary]))
}

const connect = (call: Call, from: End, to: End, types: ReadonlyArray<number>): void => {
  oneParent(call, from, to)
  const unlabelled = ofKind(call, from.type, to.type, "default")
  write(call, from, to, union(unlabelled === undefined ? [] : [unlabelled.id], types))
  settlePrimary(call, from, to)
}

/** Adds typed associations and keeps what is there. */
export const addTyped = (
  call: Call,
  from: End,
  { to, types }: Input,
  toType?: ObjectName,
): ReadonlyArray<AssociationType> => {
  const found = types.map((spec) => typed(call, from.type, toType, spec))
  const first = found[0]
  if (first === undefined) throw Errors.validation("An association needs at least one type.")
  const [source, target] = [live(call, from), live(call, { type: first.to, id: to.id })]
  connect(
    call,
    source,
    target,
    union(
      call.hub.store.edges.types(source, target),
      found.map((type) => type.id),
    ),
  )
  return found
}

/** Replaces the labels of a pair; the primary mark is none of them. */
export const setLabels = (
  call: Call,
  from: End,
  to: End,
  specs: ReadonlyArray<Spec>,
): ReadonlyArray<AssociationType> => {
  const found = specs.map((spec) => typed(call, from.type, to.type, spec))
  const [source, target] = [live(call, from), live(call, to)]
  const primary = ofKind(call, from.type, to.type, "primary")?.id
  const kept = call.hub.store.edges.types(source, target).filter((id) => id === primary)
  connect(
    call,
    source,
    target,
    union(
      kept,
      found.map((type) => type.id),
    ),
  )
  return found
}

/** Without type: the unlabelled one of the pair. Again changes nothing. */
export const setDefault = (call: Call, from: End, to: End): AssociationType => {
  const type = ofKind(call, from.type, to.type, "default")
  if (type === undefined) {
    throw Errors.validation(`There is no default association from ${from.type} to ${to.type}.`)
  }
  const [source, target] = [live(call, from), live(call, to)]
  connect(call, source, target, union(call.hub.store.edges.types(source, target), [type.id]))
  return type
}

export const removeAll = (call: Call, from: End, to: End): void => write(call, from, to, [])

/** Taking the unlabelled type away takes every label of the pair. */
export const removeTypes = (call: Call, from: End, to: End, specs: ReadonlyArray<Spec>): void => {
  const gone = specs.map((spec) => typed(call, from.type, to.type, spec))
  const ids = gone.map((type) => type.id)
  const left = call.hub.store.edges.types(from, to).filter((id) => !ids.includes(id))
  write(call, from, to, gone.some((type) => type.kind === "default") ? [] : left)
}

export const dropAll = (call: Call, from: End): void => {
  for (const [to] of call.hub.store.edges.leaving(from)) removeAll(call, from, to)
}
