/** Property definitions and groups. HubSpot: guide "Properties". */
import * as Batch from "./Batch.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName, ObjectType } from "./ObjectTypes.ts"
import { iso } from "./RecordView.ts"
import { flag, type Handler, typeOf } from "./Request.ts"
import * as StandardProperties from "./StandardProperties.ts"
import type { PropertyDefinition, PropertyGroup, PropertyType } from "./State.ts"

const UNIQUE_PER_TYPE = 10

/** Which controls fit which types of value. */
const FIELD_TYPES: Readonly<Record<PropertyType, ReadonlyArray<string>>> = {
  bool: ["booleancheckbox", "calculation_equation"],
  date: ["date"],
  datetime: ["date"],
  enumeration: ["booleancheckbox", "checkbox", "radio", "select", "calculation_equation"],
  number: ["number", "calculation_equation"],
  phone_number: ["phonenumber"],
  string: ["file", "html", "phonenumber", "text", "textarea", "calculation_equation"],
}

export const view = (call: Call, type: ObjectType, definition: PropertyDefinition) => {
  const { archivedAt, createdAt, readOnlyValue, updatedAt, ...rest } = definition
  return {
    ...rest,
    hasUniqueValue:
      definition.hasUniqueValue && (archivedAt !== undefined || call.hub.isUnique(type.name, definition.name)),
    archived: archivedAt !== undefined,
    ...(archivedAt === undefined ? {} : { archivedAt: iso(archivedAt) }),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    modificationMetadata: {
      archivable: !definition.hubspotDefined,
      readOnlyDefinition: definition.hubspotDefined,
      readOnlyValue,
    },
  }
}

const missing = (name: string): Errors.Refusal => Errors.notFound(`Property "${name}" does not exist.`)

const existing = (call: Call, type: ObjectName, name: string | undefined, archived = false): PropertyDefinition => {
  const found = call.hub.book.of(type).get(name ?? "")
  if (found === undefined || (found.archivedAt !== undefined) !== archived) throw missing(name ?? "")
  return found
}

export const list: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const archived = flag(request, "archived")
  const results = [...call.hub.book.of(type.name).values()]
    .filter((one) => (one.archivedAt !== undefined) === archived)
    .map((one) => view(call, type, one))
  return { status: 200, body: { results } }
}

export const get: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const found = existing(call, type.name, request.params["propertyName"], flag(request, "archived"))
  return { status: 200, body: view(call, type, found) }
}

type Sent = Partial<PropertyDefinition> & Pick<PropertyDefinition, "name">

const checkShape = (call: Call, type: ObjectName, definition: PropertyDefinition): void => {
  if (!/^[a-z][a-z0-9_]*$/.test(definition.name)) {
    throw Errors.validation(`"${definition.name}" is no name for a property: small letters, digits and underscores.`)
  }
  if (!(FIELD_TYPES[definition.type] ?? []).includes(definition.fieldType)) {
    throw Errors.validation(`Field type ${definition.fieldType} does not fit type ${definition.type}.`)
  }
  if (definition.type === "enumeration" && definition.options.length === 0) {
    throw Errors.validation(`Property ${definition.name} of type enumeration needs options.`)
  }
  const group = call.hub.book.groups(type).get(definition.groupName)
  if (group === undefined || group.archived)
    throw Errors.validation(`There is no property group ${definition.groupName}.`)
}

const checkUnique = (call: Call, type: ObjectType, definition: PropertyDefinition): void => {
  if (!definition.hasUniqueValue) return
  const { book, knobs } = call.hub
  if (type.name === "products" && !knobs.uniquePropertiesOnProducts) {
    throw Errors.validation(`Properties of object type ${type.id} cannot have unique values.`)
  }
  if (definition.type !== "string" || definition.fieldType !== "text") {
    throw Errors.validation("Only properties of type string and field type text can have unique values.")
  }
  const own = book.unique(type.name).filter((name) => book.active(type.name, name)?.hubspotDefined === false)
  if (own.length >= UNIQUE_PER_TYPE) {
    throw Errors.validation(`At most ${UNIQUE_PER_TYPE} properties of a type can have unique values.`)
  }
}

const define = (call: Call, type: ObjectName, definition: PropertyDefinition): void => {
  call.hub.book.define(type, definition)
  call.hub.metadataRevision += 1
}

/** An active name is a conflict; an archived one comes back as it was, with the new label. */
const createOne = (call: Call, type: ObjectType, sent: Sent): PropertyDefinition => {
  const known = call.hub.book.of(type.name).get(sent.name)
  if (known !== undefined && known.archivedAt === undefined) {
    throw new Errors.Refusal({
      status: 409,
      category: "OBJECT_ALREADY_EXISTS",
      subCategory: "Properties.PROPERTY_WITH_NAME_EXISTS",
      message: `Property with name ${sent.name} already exists.`,
    })
  }
  if (known !== undefined) {
    const { archivedAt: _, ...rest } = known
    const restored = { ...rest, label: sent.label ?? rest.label, updatedAt: call.now }
    define(call, type.name, restored)
    return restored
  }
  const definition = StandardProperties.complete(sent, sent.groupName ?? "", call.now)
  checkShape(call, type.name, definition)
  checkUnique(call, type, definition)
  define(call, type.name, definition)
  return definition
}

export const create: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  return { status: 201, body: view(call, type, createOne(call, type, request.body as Sent)) }
}

/** Options are replaced as a whole. The description has no room for name, uniqueness and sensitivity. */
export const update: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const before = existing(call, type.name, request.params["propertyName"])
  if (before.hubspotDefined) throw Errors.validation(`Property ${before.name} is HubSpot's own and cannot be changed.`)
  const definition: PropertyDefinition = {
    ...before,
    ...(request.body as Partial<PropertyDefinition>),
    updatedAt: call.now,
  }
  checkShape(call, type.name, definition)
  define(call, type.name, definition)
  return { status: 200, body: view(call, type, definition) }
}

const archiveOne = (call: Call, type: ObjectName, definition: PropertyDefinition): void => {
  if (definition.hubspotDefined) {
    throw Errors.validation(`Property ${definition.name} is HubSpot's own and cannot be archived.`)
  }
  const user = [...call.hub.book.of(type).values()].find((one) =>
    new RegExp(`\\b${definition.name}\\b`).test(one.calculationFormula ?? ""),
  )
  if (user !== undefined) {
    throw Errors.validation(`Property ${definition.name} is used by ${user.name}.`, {
      subCategory: "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
    })
  }
  define(call, type, { ...definition, archivedAt: call.now, updatedAt: call.now })
}

export const archive: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  archiveOne(call, type.name, existing(call, type.name, request.params["propertyName"]))
  return { status: 204 }
}

interface Inputs<I> {
  readonly inputs: ReadonlyArray<I>
}

export const batchCreate: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const { inputs } = request.body as Inputs<Sent>
  Batch.checkSize(inputs)
  Batch.refuseDoubles(inputs.map((input) => input.name))
  const results: Array<unknown> = []
  const errors: Array<Batch.ItemError> = []
  for (const input of inputs) {
    try {
      results.push(view(call, type, createOne(call, type, input)))
    } catch (error) {
      if (!(error instanceof Errors.Refusal)) throw error
      errors.push(Errors.item({ ...error.answer, context: { name: [input.name] } }, []))
    }
  }
  const status = call.family === "2026-09" && call.hub.knobs.mergedBatchShape ? 200 : 201
  return Batch.answer(call, status, { results, errors })
}

export const batchRead: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const { archived, inputs } = request.body as Inputs<{ readonly name: string }> & { readonly archived: boolean }
  Batch.checkSize(inputs)
  const names = inputs.map((input) => input.name)
  Batch.refuseDoubles(names)
  const known = call.hub.book.of(type.name)
  const found = names
    .flatMap((name) => known.get(name) ?? [])
    .filter((one) => (one.archivedAt !== undefined) === archived)
  const lost = names.filter((name) => !found.some((one) => one.name === name))
  const message = "Could not get some properties, they may not exist."
  const errors =
    lost.length === 0
      ? []
      : [Errors.item({ status: 404, category: "OBJECT_NOT_FOUND", message, context: { name: lost } }, [])]
  return Batch.answer(call, 200, { results: found.map((one) => view(call, type, one)), errors })
}

/** Tolerant: unknown and archived names are passed over. */
export const batchArchive: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const { inputs } = request.body as Inputs<{ readonly name: string }>
  Batch.checkSize(inputs)
  const found = inputs.flatMap(({ name }) => call.hub.book.active(type.name, name) ?? [])
  for (const definition of found) archiveOne(call, type.name, definition)
  return { status: 204 }
}

export const listGroups: Handler = (call, request) => ({
  status: 200,
  body: { results: [...call.hub.book.groups(typeOf(request.params["objectType"]).name).values()] },
})

export const createGroup: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const sent = request.body as Pick<PropertyGroup, "name" | "label"> & Partial<PropertyGroup>
  if (call.hub.book.groups(type.name).has(sent.name)) {
    throw new Errors.Refusal({
      status: 409,
      category: "OBJECT_ALREADY_EXISTS",
      message: `Property group ${sent.name} already exists.`,
    })
  }
  const group: PropertyGroup = { displayOrder: -1, archived: false, ...sent }
  call.hub.book.defineGroup(type.name, group)
  call.hub.metadataRevision += 1
  return { status: 201, body: group }
}
