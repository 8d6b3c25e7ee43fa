/** The association types between two object types, and the portal's own labels among them. */

import * as Associations from "./Associations.ts"
import type { AssociationType } from "./AssociationTypes.ts"
import * as AssociationView from "./AssociationView.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import { type Handler, type Parsed, typeOf } from "./Request.ts"

const sides = (request: Parsed): readonly [from: ObjectName, to: ObjectName] => [
  typeOf(request.params["fromObjectType"]).name,
  typeOf(request.params["toObjectType"]).name,
]

export const list: Handler = (call, request) => {
  const [from, to] = sides(request)
  return { status: 200, body: { results: Associations.between(call, from, to).map(AssociationView.labelled) } }
}

interface LabelBody {
  readonly name: string
  readonly label: string
  readonly inverseLabel?: string
}

const labels = (from: ObjectName, to: ObjectName, id: number, body: LabelBody): ReadonlyArray<AssociationType> => {
  const shared = { kind: "label", category: "USER_DEFINED", name: body.name } as const
  return [
    { ...shared, from, to, id, inverse: id + 1, label: body.label },
    { ...shared, from: to, to: from, id: id + 1, inverse: id, label: body.inverseLabel ?? body.label },
  ]
}

const change = (call: Call, types: ReadonlyArray<AssociationType>): void => {
  call.hub.associationTypes = types
  call.hub.metadataRevision += 1
}

/** A label is two types, one for each direction. */
export const create: Handler = (call, request) => {
  const [from, to] = sides(request)
  const body = request.body as LabelBody
  if (Associations.between(call, from, to).some((type) => type.name === body.name)) {
    throw Errors.validation(`There is a label named ${body.name} between ${from} and ${to} already.`)
  }
  const id = Math.max(1_000, ...call.hub.associationTypes.map((type) => type.id)) + 1
  const made = labels(from, to, id, body)
  change(call, [...call.hub.associationTypes, ...made])
  return { status: 200, body: { results: made.map(AssociationView.labelled) } }
}

const own = (call: Call, request: Parsed, id: number): AssociationType => {
  const [from, to] = sides(request)
  const found = Associations.between(call, from, to).find((type) => type.id === id)
  if (found === undefined) throw Errors.notFound(`There is no association type ${id} from ${from} to ${to}.`)
  if (found.category !== "USER_DEFINED") throw Errors.validation(`Association type ${id} cannot be changed.`)
  return found
}

export const update: Handler = (call, request) => {
  const body = request.body as {
    readonly associationTypeId: number
    readonly label: string
    readonly inverseLabel?: string
  }
  const found = own(call, request, body.associationTypeId)
  const relabelled = call.hub.associationTypes.map((type) =>
    type.id === found.id
      ? { ...type, label: body.label }
      : type.id === found.inverse && body.inverseLabel !== undefined
        ? { ...type, label: body.inverseLabel }
        : type,
  )
  change(call, relabelled)
  return { status: 204 }
}

export const remove: Handler = (call, request) => {
  const found = own(call, request, Number(request.params["associationTypeId"]))
  change(
    call,
    call.hub.associationTypes.filter((type) => type.id !== found.id && type.id !== found.inverse),
  )
  return { status: 204 }
}
