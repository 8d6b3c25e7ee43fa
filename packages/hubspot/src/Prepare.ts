/**
 * Makes or verifies the properties that we own: on every object type the unique property that carries our key, and
 * those for what HubSpot has no property for. Run again it changes nothing. A property of the same name that is another
 * one (type, uniqueness, which HubSpot never changes) is told as a mismatch and left alone.
 *
 * HubSpot: guide "Properties" (a unique property is one for ever; the name of an archived property brings that back).
 */
import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Schemas } from "./Client.ts"
import type { Definition, Definitions } from "./internal/Catalog.ts"
import type * as Fields from "./internal/Fields.ts"
import * as Lines from "./internal/Lines.ts"
import * as Mapping from "./internal/Mapping.ts"
import * as Session from "./internal/Session.ts"
import * as Operations from "./Operations.ts"
import * as Line from "./ports/Line.ts"

/** The name by which declarations speak of line items, which have no port of their own. */
export const LINE = "Line"

const GROUP = { name: "mortise", label: "ERP (Mortise)" } as const

type Served = ReadonlyArray<Mapping.Any>

const keyOf = (entity: string, name: string): Connector.Declaration => ({
  entity,
  name,
  type: "text",
  label: "ERP key",
  description: "Names the record in the ERP. Do not edit: the integration finds the record by it.",
  unique: true,
})

const declared = (entity: string, properties: Iterable<Fields.Property>): ReadonlyArray<Connector.Declaration> =>
  [...properties].flatMap(({ name, own }) => (own === undefined ? [] : [{ ...own, entity, name }]))

/** All that the connector itself needs. */
export const own = (served: Served, keyProperty: string): ReadonlyArray<Connector.Declaration> => [
  ...served.flatMap((mapping) => [
    keyOf(mapping.entity.name, keyProperty),
    ...declared(mapping.entity.name, Mapping.properties(mapping).values()),
  ]),
  ...(served.some(({ lines }) => lines !== undefined)
    ? [keyOf(LINE, keyProperty), ...declared(LINE, new Map(Line.properties.map((each) => [each.name, each])).values())]
    : []),
]

const TYPES = {
  text: ["string", "text"],
  number: ["number", "number"],
  date: ["date", "date"],
  dateTime: ["datetime", "date"],
  boolean: ["bool", "booleancheckbox"],
  choice: ["enumeration", "select"],
} as const

const optionsOf = ({ choices = [], type }: Connector.Declaration) => {
  const named =
    type === "boolean"
      ? [["Yes", "true"] as const, ["No", "false"] as const]
      : choices.map((each) => [each, each] as const)
  return named.map(([label, value], displayOrder) => ({ label, value, displayOrder, hidden: false }))
}

const inputOf = (declaration: Connector.Declaration): Schemas["PropertyInput"] => {
  const [type, fieldType] = TYPES[declaration.type]
  const options = optionsOf(declaration)
  return {
    name: declaration.name,
    label: declaration.label,
    groupName: GROUP.name,
    type,
    fieldType,
    ...(declaration.description === undefined ? {} : { description: declaration.description }),
    ...(declaration.unique === true ? { hasUniqueValue: true } : {}),
    ...(options.length === 0 ? {} : { options }),
  }
}

/** How a property that is there differs from what was declared; undefined when it does not. */
const difference = (declaration: Connector.Declaration, definition: Definition): string | undefined => {
  const [type] = TYPES[declaration.type]
  if (definition.type !== type) return `it is of type ${definition.type}, ${type} is needed`
  if (definition.modificationMetadata?.readOnlyValue === true) return "its value is read-only"
  if (declaration.unique === true && definition.hasUniqueValue !== true) {
    return "it is not unique, and HubSpot cannot make it so; delete it or configure another keyProperty"
  }
  const values = new Set((definition.options ?? []).map(({ value }) => value))
  const missing = (declaration.choices ?? []).filter((choice) => !values.has(choice))
  return missing.length === 0 ? undefined : `it lacks the options ${missing.join(", ")}`
}

const verified = (declaration: Connector.Declaration, definition: Definition, created: boolean): Connector.Prepared => {
  const message = difference(declaration, definition)
  return message === undefined
    ? { declaration, result: created ? "created" : "present" }
    : { declaration, result: "mismatch", message }
}

const ensureGroup = (session: Session.Session, type: Mapping.ObjectType) => {
  const params = { path: { objectType: type } }
  const look = session.client
    .call(Operations.properties.listGroups, (api, door) =>
      api.GET("/crm/properties/2026-09/{objectType}/groups", { ...door, params }),
    )
    .pipe(Effect.map(({ data }) => Option.fromUndefinedOr(data.results.find(({ name }) => name === GROUP.name))))
  return Effect.flatMap(look, (found) =>
    Option.isSome(found)
      ? Effect.void
      : session.client
          .keyed(
            Operations.properties.createGroup,
            (api, door) => api.POST("/crm/properties/2026-09/{objectType}/groups", { ...door, params, body: GROUP }),
            look,
          )
          .pipe(
            Effect.asVoid,
            Effect.catchIf(isTaken, () => Effect.void),
          ),
  )
}

const isTaken = ({ reason }: ConnectorError): boolean => reason._tag === "Duplicate"

const read = (session: Session.Session, type: Mapping.ObjectType, name: string) =>
  session.client
    .call(Operations.properties.get, (api, door) =>
      api.GET("/crm/properties/2026-09/{objectType}/{propertyName}", {
        ...door,
        params: { path: { objectType: type, propertyName: name } },
      }),
    )
    .pipe(
      Effect.map(({ data }) => Option.some<Definition>(data)),
      Effect.catch((error) =>
        error.reason._tag === "NotFound" ? Effect.succeed(Option.none<Definition>()) : Effect.fail(error),
      ),
    )

/** The definition as it stands after the attempt; fails with HubSpot's reason when it was refused. */
const create = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  declaration: Connector.Declaration,
): Effect.fn.Return<Definition, ConnectorError> {
  const reply = yield* session.client
    .keyed(
      Operations.properties.create,
      (api, door) =>
        api.POST("/crm/properties/2026-09/{objectType}", {
          ...door,
          params: { path: { objectType: type } },
          body: inputOf(declaration),
        }),
      read(session, type, declaration.name),
    )
    .pipe(
      // Somebody made it at the same time: what counts is what is there now.
      Effect.catchIf(isTaken, (error) =>
        Effect.flatMap(
          read(session, type, declaration.name),
          Option.match({ onNone: () => Effect.fail(error), onSome: (found) => Effect.succeed({ found }) }),
        ),
      ),
    )
  return "found" in reply ? reply.found : reply.data
})

/** Refused for what it is, and not because something stood in the way. */
const isRefusal = ({ reason }: ConnectorError): boolean => ["Invalid", "Unsupported", "NotFound"].includes(reason._tag)

const one = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  declaration: Connector.Declaration,
  definitions: Definitions,
): Effect.fn.Return<Connector.Prepared, ConnectorError> {
  const there = definitions.get(declaration.name)
  if (there !== undefined) return verified(declaration, there, false)
  if (session.readOnly) {
    return { declaration, result: "unsupported", message: "it is missing, and the connector was opened read-only" }
  }
  return yield* create(session, type, declaration).pipe(
    Effect.map((definition) => verified(declaration, definition, true)),
    Effect.catchIf(isRefusal, ({ reason }) =>
      Effect.succeed<Connector.Prepared>({ declaration, result: "unsupported", message: reason.message }),
    ),
  )
})

/** Whether the type has to do without our key from now on. */
const note = (session: Session.Session, type: Mapping.ObjectType, { declaration, result }: Connector.Prepared) =>
  declaration.name === session.keyProperty && declaration.unique === true && !session.readOnly
    ? Session.noteRefused(session, type, result === "unsupported" || result === "mismatch")
    : Effect.void

const ofType = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  declarations: ReadonlyArray<Connector.Declaration>,
): Effect.fn.Return<ReadonlyArray<Connector.Prepared>, ConnectorError> {
  const why = session.unreadable.get(type)
  if (why !== undefined)
    return declarations.map((declaration) => ({ declaration, result: "unsupported", message: why }))
  const definitions = yield* session.catalog.refresh(type)
  const missing = declarations.some(({ name }) => !definitions.has(name))
  if (missing && !session.readOnly) yield* ensureGroup(session, type)
  const prepared: Array<Connector.Prepared> = []
  for (const declaration of declarations) {
    const result = yield* one(session, type, declaration, definitions)
    yield* note(session, type, result)
    prepared.push(result)
  }
  if (missing) yield* session.catalog.refresh(type)
  return prepared
})

const typeOf = (served: Served, entity: string): Mapping.ObjectType | undefined =>
  entity === LINE ? Lines.TYPE : served.find((mapping) => mapping.entity.name === entity)?.type

/** The `prepare` of the connector. */
export const make =
  (session: Session.Session, served: Served) =>
  (
    declarations: ReadonlyArray<Connector.Declaration> = own(served, session.keyProperty),
  ): Effect.Effect<ReadonlyArray<Connector.Prepared>, ConnectorError> =>
    Effect.gen(function* () {
      const byType = new Map<Mapping.ObjectType, Array<Connector.Declaration>>()
      const results = new Map<Connector.Declaration, Connector.Prepared>()
      for (const declaration of declarations) {
        const type = typeOf(served, declaration.entity)
        if (type === undefined) {
          const message = `the connector serves no entity ${declaration.entity}`
          results.set(declaration, { declaration, result: "unsupported", message })
        } else byType.set(type, [...(byType.get(type) ?? []), declaration])
      }
      for (const [type, list] of byType) {
        for (const prepared of yield* ofType(session, type, list)) results.set(prepared.declaration, prepared)
      }
      return declarations.flatMap((declaration) => results.get(declaration) ?? [])
    })
