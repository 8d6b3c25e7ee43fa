/** How a connector is opened: where, as whom, for which company, and what this environment does differently. */

import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Sets } from "./Sets.ts"

/**
 * An app registration of Microsoft Entra ID. Its client id is entered in Finance & Operations (System administration >
 * Setup > Microsoft Entra applications) and mapped to a user, whose roles it then has.
 */
export interface Credentials {
  /** The Entra tenant of the environment: a GUID or a domain. */
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  /** `v2` asks for a scope, `v1` for a resource. Defaults to `v2`. */
  readonly endpoint?: "v1" | "v2"
  /** The environment's own address, where `url` is that of a proxy before it. A token for any other is refused. */
  readonly resource?: string
  /** Where tokens are asked for. Defaults to `https://login.microsoftonline.com`. */
  readonly authority?: string
}

/** The type of a tenant's own field. `Enum` is a member of an enumeration by its name, `Yes` and `No` among them. */
export type CustomType = "String" | "Decimal" | "Int" | "Enum" | "Date" | "DateTime"

/** A tenant's own fields by the name that the data entity gives them. */
export type CustomFields = { readonly [field: string]: CustomType }

/** The entities of the connector. */
export type EntityName = "Account" | "Contact" | "Product" | "Order" | "Invoice" | "Payment"

/** Words of this tenant beside the built-in ones: the vendor's word to ours. */
export type Words = { readonly [vendor: string]: string }

/** Values by the name of their dimension: `{ BusinessUnit: "001" }`. */
export type DimensionValues = { readonly [dimension: string]: string }

/** A field that carries our key, and how much of it the column holds. */
export interface KeyField {
  readonly name: string
  /** Greatest length in characters. */
  readonly length: number
}

export interface DynamicsConfig {
  /** The environment, `https://contoso.operations.dynamics.com`. Https, or http on loopback. */
  readonly url: string
  /** The legal entity (`dataAreaId`). Part of every key and cursor. */
  readonly company: string
  readonly credentials: Credentials
  /** The application version that was tested. Defaults to 10.0.47. */
  readonly applicationVersion?: string
  /** No request that changes anything is sent. */
  readonly readOnly?: boolean
  /** Requests at once. Defaults to 4; what is allowed goes by the load of the environment. */
  readonly concurrency?: number
  /** Keep the limits per user that were withdrawn with 10.0.36 and that an older environment still has. */
  readonly userLimits?: boolean
  /** IANA zone in which the company's days begin. Defaults to UTC. */
  readonly timeZone?: string
  /** Rows of one list, at most 10,000. Defaults to 1,000. */
  readonly pageSize?: number
  /** How the database orders texts, where a reading is larger than a page. Defaults to `folded`. */
  readonly order?: "folded" | "words" | "ordinal"
  /** How long an unanswered write may still be applied. Defaults to 10 minutes. */
  readonly lateCommit?: Duration.Input
  /** For one request. Defaults to 2 minutes; the first call after a restart of the server is slow. */
  readonly timeout?: Duration.Input
  /** Other origins by which the environment names itself in links, behind a proxy. Requests go to `url` all the same. */
  readonly aliases?: ReadonlyArray<string>
  /** Entity sets of another version than the defaults. */
  readonly sets?: Partial<Sets>
  /** Entities whose changes are read by the stamp of their `BiEntities`, where these can be read. See the guide. */
  readonly stamped?: ReadonlyArray<"Account" | "Product" | "Order">
  /** Country codes of this environment by ISO code: `{ US: "USA" }`. Without one the ISO code is sent. */
  readonly countries?: { readonly [iso: string]: string }
  readonly accounts?: {
    /** The number sequence takes numbers by hand: only then `number` is written. */
    readonly manualNumbering?: boolean
    /** Customer group of new accounts; without it none is created. */
    readonly group?: string
    /** Currency of new accounts that name none. Defaults to the company's. */
    readonly currency?: string
    /** Defaults to IdentificationNumber, 50 characters. */
    readonly keyField?: KeyField
  }
  readonly contacts?: {
    /** Defaults to BillingInformation, 60 characters. */
    readonly keyField?: KeyField
  }
  readonly products?: {
    /** Lifecycle states of items that are not sold any more. */
    readonly inactiveStates?: ReadonlyArray<string>
  }
  readonly orders?: {
    /** The number sequence takes numbers by hand: header and lines are then made in one changeset. */
    readonly manualNumbering?: boolean
    /** Site and warehouse of new orders; without them the customer's, or what the item prescribes. */
    readonly site?: string
    readonly warehouse?: string
    /** Defaults to CustomersOrderReference, 60 characters. */
    readonly keyField?: KeyField
    /** Carries the key of a line. Defaults to ExternalItemNumber, 20 characters. */
    readonly lineKeyField?: KeyField
    /** Orders created before this day are not read. */
    readonly from?: string
  }
  readonly invoices?: {
    /** Ledger account of new lines, as the environment writes it. */
    readonly mainAccount?: string
    readonly salesTaxItemGroup?: string
    /** Defaults to CustomerReference, 60 characters. */
    readonly keyField?: KeyField
    /** Invoices dated before this day are not read. */
    readonly from?: string
  }
  readonly payments?: {
    /** Payments dated before this day are not read. */
    readonly from?: string
    /** What a payment pays is read from the settlements (`CustSettlementBiEntities`), where the user may see them. */
    readonly settlements?: boolean
  }
  /** Financial dimensions of new records. They are written by the active format of the environment. */
  readonly dimensions?: {
    /** Between the segments; a setting of the environment. Defaults to a dash. */
    readonly delimiter?: string
    readonly Account?: DimensionValues
    readonly Order?: DimensionValues
    readonly Invoice?: DimensionValues
  }
  /** Words of this tenant. */
  readonly words?: {
    readonly paymentMethod?: Words
  }
  /** The tenant's own fields to read and write, by entity: `{ Account: { ContosoRegion: "String" } }`. */
  readonly custom?: { readonly [E in EntityName]?: CustomFields }
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
}

/**
 * From the environment: `DYNAMICS_URL`, `DYNAMICS_COMPANY`, `DYNAMICS_TENANT_ID`, `DYNAMICS_CLIENT_ID` and
 * `DYNAMICS_CLIENT_SECRET`.
 */
export const fromEnvironment: Config.Config<DynamicsConfig> = Config.all({
  url: Config.String("DYNAMICS_URL"),
  company: Config.String("DYNAMICS_COMPANY"),
  tenantId: Config.String("DYNAMICS_TENANT_ID"),
  clientId: Config.String("DYNAMICS_CLIENT_ID"),
  clientSecret: Config.Redacted("DYNAMICS_CLIENT_SECRET"),
}).pipe(Config.map(({ company, url, ...credentials }) => ({ url, company, credentials })))
