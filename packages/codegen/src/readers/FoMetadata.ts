/**
 * The REST metadata of Finance & Operations, `/metadata/PublicEntities` and `/metadata/PublicEnumerations`: the same facts
 * as in `$metadata`, of one entity or of all, as JSON. It is said in the words of CSDL JSON and read on from there.
 */
import type { Draft } from "../internal/Draft.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import * as Csdl from "./Csdl.ts"
import * as FoPages from "./FoPages.ts"

const NAMESPACE = "Microsoft.Dynamics.DataEntities"
const TERM = "@Microsoft.Dynamics.OData.Core.V1."
const AX = "Microsoft.Dynamics.OData.Core.V1.AXType/"

const EDM: { readonly [axType: string]: string } = {
  Binary: "Edm.Binary",
  Boolean: "Edm.Boolean",
  Class: "Edm.String",
  Container: "Edm.Binary",
  Date: "Edm.DateTimeOffset",
  DateTime: "Edm.DateTimeOffset",
  Decimal: "Edm.Decimal",
  Double: "Edm.Double",
  Guid: "Edm.Guid",
  Int32: "Edm.Int32",
  Int64: "Edm.Int64",
  Real: "Edm.Decimal",
  String: "Edm.String",
  Time: "Edm.Int32",
  UtcDateTime: "Edm.DateTimeOffset",
}

/** An answer of one row, or of many under `value`. */
const rowsOf = (parsed: Json): ReadonlyArray<JsonObject> => {
  if (Array.isArray(parsed)) return objectsOf(parsed)
  if (!isObject(parsed)) return []
  return Array.isArray(parsed["value"]) ? objectsOf(parsed["value"]) : [parsed]
}

const isEntity = (row: JsonObject): boolean =>
  Array.isArray(row["Properties"]) && typeof row["EntitySetName"] === "string"
const isEnumeration = (row: JsonObject): boolean => Array.isArray(row["Members"]) && typeof row["Name"] === "string"

/** A last page may have no rows at all. */
const isEmptyPageOf = (parsed: Json, list: string): boolean =>
  isObject(parsed) && rowsOf(parsed).length === 0 && String(parsed["@odata.context"]).endsWith(`#${list}`)

const holdsEntities = (parsed: Json): boolean =>
  rowsOf(parsed).some(isEntity) || isEmptyPageOf(parsed, "PublicEntities")
const holdsEnumerations = (parsed: Json): boolean =>
  rowsOf(parsed).some(isEnumeration) || isEmptyPageOf(parsed, "PublicEnumerations")

/** Whether this is such an answer, of entities or of enumerations. */
export const isOne = (parsed: Json): boolean => holdsEntities(parsed) || holdsEnumerations(parsed)

/** The list of data entities names them and says nothing of their fields. */
export const isListOnly = (parsed: Json): boolean =>
  rowsOf(parsed).some((row) => typeof row["PublicCollectionName"] === "string")

const last = (name: string): string => name.slice(name.lastIndexOf(".") + 1)

const typeOf = (
  property: JsonObject,
  enums: ReadonlySet<string>,
): { readonly type: string; readonly ax: string | undefined } => {
  const typeName = textOf(property["TypeName"]) ?? ""
  const dataType = textOf(property["DataType"]) ?? ""
  const ax = [typeName, dataType]
    .map((name) => (name.startsWith(AX) ? name.slice(AX.length) : name))
    .find((name) => EDM[name] !== undefined)
  const enumeration = [typeName, dataType].map(last).find((name) => enums.has(name))
  if (enumeration !== undefined) return { type: `${NAMESPACE}.${enumeration}`, ax: "Enum" }
  if (typeName.startsWith("Edm.")) return { type: typeName, ax }
  return { type: ax === undefined ? "Edm.String" : (EDM[ax] ?? "Edm.String"), ax }
}

const propertyOf = (property: JsonObject, enums: ReadonlySet<string>): JsonObject => {
  const { ax, type } = typeOf(property, enums)
  const isEmptyable = (type === "Edm.String" || type.startsWith(NAMESPACE)) && property["IsKey"] !== true
  return {
    $Type: type,
    ...(isEmptyable ? { $Nullable: true } : {}),
    ...(ax === undefined ? {} : { [`${TERM}AXType`]: ax }),
    ...(property["IsMandatory"] === true ? { [`${TERM}IsRequired`]: true } : {}),
    ...(property["AllowEdit"] === false ? { [`${TERM}AllowEdit`]: false } : {}),
    ...(property["AllowEditOnCreate"] === false ? { [`${TERM}AllowEditOnCreate`]: false } : {}),
  }
}

const linksOf = (entity: JsonObject): JsonObject =>
  Object.fromEntries(
    objectsOf(entity["NavigationProperties"]).map((link) => [
      String(link["Name"]),
      {
        $Kind: "NavigationProperty",
        $Type: `${NAMESPACE}.${last(textOf(link["RelatedEntity"]) ?? "")}`,
        ...(link["Cardinality"] === "Multiple" ? { $Collection: true } : { $Nullable: true }),
      },
    ]),
  )

const entityOf = (entity: JsonObject, enums: ReadonlySet<string>): JsonObject => {
  const properties = objectsOf(entity["Properties"])
  return {
    $Kind: "EntityType",
    $Key: properties.filter((property) => property["IsKey"] === true).map((property) => String(property["Name"])),
    ...Object.fromEntries(properties.map((property) => [String(property["Name"]), propertyOf(property, enums)])),
    ...linksOf(entity),
    ...(entity["IsReadOnly"] === true ? { [`${TERM}IsReadOnly`]: true } : {}),
  }
}

const enumOf = (enumeration: JsonObject): JsonObject => ({
  $Kind: "EnumType",
  ...Object.fromEntries(
    objectsOf(enumeration["Members"]).map((member, index) => [String(member["Name"]), member["Value"] ?? index]),
  ),
})

const checkDoubles = (rows: ReadonlyArray<JsonObject>, name: string): void => {
  const seen = new Map<string, string>()
  for (const row of rows) {
    const named = String(row["Name"])
    const before = seen.get(named)
    if (before !== undefined && before !== JSON.stringify(row)) {
      fail(
        "DuplicateSchema",
        `${name} describes ${quoted(named)} twice and not alike; only one of the two can be meant`,
        name,
      )
    }
    seen.set(named, JSON.stringify(row))
  }
}

/** Reads the answers together; an enumeration that none of them holds is a text. */
export const read = (answers: ReadonlyArray<FoPages.Answer>, name: string): Draft => {
  FoPages.checkWhole(answers.filter(({ json }) => holdsEntities(json)))
  FoPages.checkWhole(answers.filter(({ json }) => holdsEnumerations(json)))
  const rows = answers.flatMap(({ json }) => rowsOf(json))
  const entities = rows.filter(isEntity)
  const enumerations = rows.filter((row) => isEnumeration(row) && !isEntity(row))
  if (entities.length === 0) {
    fail(
      "NotADescription",
      `${name} holds no public entity with its properties; ask for /metadata/PublicEntities`,
      name,
    )
  }
  checkDoubles(entities, name)
  checkDoubles(enumerations, name)
  const enums = new Set(enumerations.map((each) => String(each["Name"])))
  // Of two types with one name the enumeration is called otherwise, as in the reading of `$metadata`.
  const entityNames = new Set(entities.map((each) => String(each["Name"])))
  const enumName = (each: string): string => (entityNames.has(each) ? `${each}_Enum` : each)
  const schema: JsonObject = {
    ...Object.fromEntries(enumerations.map((each) => [enumName(String(each["Name"])), enumOf(each)])),
    ...Object.fromEntries(entities.map((each) => [String(each["Name"]), entityOf(each, enums)])),
    Resources: {
      $Kind: "EntityContainer",
      ...Object.fromEntries(
        entities.map((each) => [
          String(each["EntitySetName"]),
          { $Collection: true, $Type: `${NAMESPACE}.${String(each["Name"])}` },
        ]),
      ),
    },
  }
  return Csdl.ofJson({ $Version: "4.0", [NAMESPACE]: schema }, name, "fo-metadata")
}
