/**
 * What every format of description becomes: one OpenAPI 3.1 document, and beside it what is known of each entity that
 * the format itself has no words for (keys, who may write what, what a create needs).
 */

export type System = "hubspot" | "dynamics" | "acumatica" | "netsuite" | "erpnext"

export const systems: ReadonlyArray<System> = ["hubspot", "dynamics", "acumatica", "netsuite", "erpnext"]

/** In which form a description came. */
export type Format =
  | "openapi"
  | "swagger2"
  | "csdl"
  | "fo-metadata"
  | "netsuite-schema"
  | "doctype"
  | "hubspot-properties"
  | "pin"

export const formats: ReadonlyArray<Format> = [
  "openapi",
  "swagger2",
  "csdl",
  "fo-metadata",
  "netsuite-schema",
  "doctype",
  "hubspot-properties",
  "pin",
]

/** A schema of JSON Schema 2020-12 as OpenAPI 3.1 has them, with the members that this package reads or writes. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | ReadonlyArray<string>
  readonly format?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: ReadonlyArray<string>
  readonly items?: Schema
  readonly allOf?: ReadonlyArray<Schema>
  readonly anyOf?: ReadonlyArray<Schema>
  readonly oneOf?: ReadonlyArray<Schema>
  readonly additionalProperties?: boolean | Schema
  readonly readOnly?: boolean
  readonly description?: string
  readonly [member: string]: unknown
}

export interface OpenApi31 {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string; readonly [member: string]: unknown }
  readonly paths: { readonly [template: string]: unknown }
  readonly components: {
    readonly schemas: { readonly [name: string]: Schema }
    readonly [kind: string]: { readonly [name: string]: unknown }
  }
  readonly [member: string]: unknown
}

/** A link to another entity that is not part of the record. */
export interface Navigation {
  readonly name: string
  /** The entity that it leads to, by its `name`. */
  readonly target: string
  readonly many: boolean
}

/** A field that the tenant has and the product has not, as the connector hands it out under `custom`. */
export interface CustomField {
  /** The name under which `custom` has it: `branch_code`, `Document.UsrRegion`, `custentity_region`. */
  readonly name: string
  /** In the form that the connector gives and takes, not that of the wire. */
  readonly schema: Schema
  readonly readOnly: boolean
  /** Acumatica: the type by which the connector has to be told of it, `Decimal`. */
  readonly wireType?: string
}

export interface EntityDescription {
  /** The word by which it is asked for: `CustomersV3`, `SalesOrder`, `customer`, `Sales Order`, `companies`. */
  readonly name: string
  /** Its collections in `paths`, `/Customer`; none where no path is about it alone. */
  readonly paths: ReadonlyArray<string>
  /** Its schema in `components.schemas`, as it is read. */
  readonly schema: string
  /** What a create and an update take, where these are schemas of their own; else they follow from the record. */
  readonly createSchema?: string
  readonly updateSchema?: string
  /** In the order of the vendor. */
  readonly keys: ReadonlyArray<string>
  /** Keys that the vendor fills when a create leaves them out. */
  readonly numberSequenceKeys: ReadonlyArray<string>
  readonly requiredOnCreate: ReadonlyArray<string>
  /** Never written. */
  readonly readOnly: ReadonlyArray<string>
  /** Written when a record is created and never after. */
  readonly createOnly: ReadonlyArray<string>
  /** Left to the vendor when a record is created, and written after. */
  readonly updateOnly: ReadonlyArray<string>
  /** False where the whole entity is read-only. */
  readonly writable: boolean
  /** Where it is changed and never created, or created and never changed; else it is both or, if not writable, neither. */
  readonly creatable?: false
  readonly updatable?: false
  readonly navigation: ReadonlyArray<Navigation>
  readonly custom: ReadonlyArray<CustomField>
  /** Nothing that was read tells the tenant's own fields, of this entity or of others: there may be any. */
  readonly isCustomUnknown?: true
}

export const mayCreate = ({ creatable, writable }: EntityDescription): boolean => creatable ?? writable
export const mayUpdate = ({ updatable, writable }: EntityDescription): boolean => updatable ?? writable

/** Where a description came from, as far as it tells. */
export interface Origin {
  readonly format: Format
  /** The name of the file, folder or address, without anything that stands before it. */
  readonly name: string
  /** The version of the API that the description names: `2026-09`, `24.200.001`, `10.0.47`. */
  readonly version: string
  /** SHA-256 of all bytes that were read, in hex. */
  readonly digest: string
  /** Acumatica: the endpoint, `Default/24.200.001`. */
  readonly endpointVersion?: string
  /** Acumatica: the contract, `4`. */
  readonly contractVersion?: string
  /** The build of the vendor's software, where it is told. */
  readonly build?: string
}

export interface ApiDocument {
  readonly system: System
  readonly openapi31: OpenApi31
  /** Ordered by name. */
  readonly entities: ReadonlyArray<EntityDescription>
  readonly source: Origin
}
