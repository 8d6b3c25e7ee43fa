/**
 * What an environment says of itself: its version, the company, and the fields of an entity. The whole `$metadata` has 50
 * MB; one entity as JSON has a few kilobytes.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Pipeline } from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Filter from "./Filter.ts"
import { orNone, type Records, read } from "./internal/records.ts"
import * as Operations from "./Operations.ts"
import * as Routes from "./Routes.ts"
import type { Resource } from "./Sets.ts"
import type { Settings } from "./Settings.ts"

/** Sets whose fields can be told. */
export type Described = Resource | "SalesOrderLines"

/** The types of the sets' rows, by which the metadata names them. They follow from nothing. */
const TYPES: { readonly [R in Described | "SalesOrderHeadersV3"]: string } = {
  CustomersV3: "CustomerV3",
  ContactPersons: "ContactPerson",
  ReleasedProductsV2: "ReleasedProductV2",
  SalesOrderHeadersV2: "SalesOrderHeaderV2",
  SalesOrderHeadersV3: "SalesOrderHeaderV3",
  SalesOrderLines: "SalesOrderLine",
  SalesInvoiceHeadersV2: "SalesInvoiceHeaderV2",
  FreeTextInvoiceHeaders: "FreeTextInvoiceHeader",
  CustTransactions: "CustTransaction",
}

/** A field as the metadata describes it: `Edm.String`, or the name of an enumeration. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly editable: boolean
}

type Members = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const fieldOf = (property: unknown): ReadonlyArray<Field> => {
  if (!isObject(property) || typeof property["Name"] !== "string") return []
  const { AllowEdit, DataType, Name, TypeName } = property
  const type = [TypeName, DataType].find((each) => typeof each === "string") as string | undefined
  return [{ name: Name as string, type: type ?? "", editable: AllowEdit !== false }]
}

/** The fields of a set's rows by name; none where the environment does not describe it. */
export const fields = (
  pipeline: Pipeline,
  settings: Settings,
  resource: Described,
): Effect.Effect<Option.Option<ReadonlyMap<string, Field>>, ConnectorError> => {
  const type = TYPES[settings.sets?.[resource as "SalesOrderHeadersV2"] ?? resource]
  const url = new URL(`${Routes.metadata(settings.url)}/PublicEntities('${type}')`)
  return Effect.map(orNone(pipeline.call(Operations.metadata, read(url))), (reply) =>
    Option.flatMap(reply, ({ data }) => {
      const properties = isObject(data) ? data["Properties"] : undefined
      if (!Array.isArray(properties)) return Option.none()
      return Option.some(new Map(properties.flatMap(fieldOf).map((field) => [field.name, field])))
    }),
  )
}

/** The build of the application, `10.0.2428.63`; none where the action is not there. */
export const version = (
  pipeline: Pipeline,
  settings: Settings,
): Effect.Effect<Option.Option<string>, ConnectorError> => {
  const action = "DataManagementEntities/Microsoft.Dynamics.DataEntities.GetApplicationVersion"
  const call = pipeline.call(Operations.version, async ({ fetch, signal }) => {
    const request = new Request(`${Routes.data(settings.url)}/${action}`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: "{}",
      signal,
    })
    const response = await fetch(request)
    return { data: await response.json(), response }
  })
  return Effect.map(orNone(call), (reply) =>
    Option.flatMap(reply, ({ data }) => {
      const value = isObject(data) ? data["value"] : undefined
      return typeof value === "string" ? Option.some(value) : Option.none()
    }),
  )
}

/** The name of the company; none when there is no such legal entity. */
export const company = (records: Records, settings: Settings): Effect.Effect<Option.Option<string>, ConnectorError> =>
  Effect.map(
    records.list("LegalEntities", {
      select: ["LegalEntityId", "Name"],
      filter: Filter.equals("LegalEntityId", settings.company),
      top: 2,
    }),
    ({ rows }) =>
      Option.map(
        Option.fromUndefinedOr(rows.find(({ LegalEntityId }) => LegalEntityId?.toLowerCase() === settings.company)),
        ({ LegalEntityId, Name }) => Name ?? LegalEntityId ?? "",
      ),
  )
