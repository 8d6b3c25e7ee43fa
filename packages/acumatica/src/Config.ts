/** How a connector is opened: where, as whom, for which tenant, and what this tenant does differently. */

import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Licence } from "./Limits.ts"
import type { Base, Version } from "./Versions.ts"

/**
 * A connected application (form SM303010) with the scopes `api offline_access`: one session, one seat. The refresh token
 * changes at every use; the first one is handed in here, later ones live in the store.
 */
export interface OAuthGrant {
  readonly type: "oauth"
  /** `<GUID>@<tenant>`: the part behind the `@` chooses the tenant and has to be the configured one. */
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly refreshToken: Redacted.Redacted<string>
}

/** Name and password with a session cookie. For tests and old instances: the vendor will end it. */
export interface CookieSignIn {
  readonly type: "cookie"
  readonly name: string
  readonly password: Redacted.Redacted<string>
  readonly locale?: string
}

export type Credentials = OAuthGrant | CookieSignIn

/** The type of a field outside the contract, as `Custom<Type>Field` on the wire. */
export type CustomType = "String" | "Decimal" | "Int" | "Boolean" | "DateTime" | "Guid"

/** Fields outside the contract by `View.Field`; a user-defined one is `View.AttributeID`. */
export type CustomFields = { readonly [viewAndField: string]: CustomType }

/** The entities of the connector. */
export type EntityName = "Account" | "Contact" | "Product" | "Order" | "Invoice" | "Payment"

/** Words of this tenant (other labels, another language) beside the built-in ones: vendor's word to ours. */
export type Words = { readonly [vendor: string]: string }

export interface AcumaticaConfig<V extends Version = Base> {
  /** The instance with its path prefix, `https://erp.example.com/acme`. Https, or http on loopback. */
  readonly url: string
  /** The tenant's login name. Part of every key and cursor. */
  readonly tenant: string
  /** The branch that documents belong to; sent as `PX-CbApiBranch`. */
  readonly branch?: string
  /** The pinned version of the endpoint. Defaults to 24.200.001. */
  readonly version?: V
  readonly credentials: Credentials
  readonly licence?: Licence
  /** One request at a time, as a session of the scope `api` wants it. Defaults to true. */
  readonly serialCalls?: boolean
  /** No request that changes anything is sent. */
  readonly readOnly?: boolean
  /** Currency of amounts that the form keeps in the base currency; without it `creditLimit` is not read. */
  readonly baseCurrency?: string
  /** IANA zone in which the tenant's days begin. Defaults to UTC. */
  readonly timeZone?: string
  /** How long a commit may stay unseen after its stamp. Defaults to 2 minutes. */
  readonly lag?: Duration.Input
  /** Defaults to 1 minute. */
  readonly overlap?: Duration.Input
  /** How long an unanswered write may still be applied. Defaults to the 10 minutes of the vendor's queue. */
  readonly lateCommit?: Duration.Input
  /** For one request. Defaults to 2 minutes; the server may work on after that, see `lateCommit`. */
  readonly timeout?: Duration.Input
  /** Rows of one list. */
  readonly pageSize?: number
  readonly accounts?: {
    /** The segmented key takes numbers by hand: only then `number` is written. */
    readonly manualNumbering?: boolean
    /** Customer class of new accounts, which fills their defaults. */
    readonly class?: string
    /** Days to pay by code of the terms. */
    readonly termsDays?: { readonly [code: string]: number }
  }
  readonly contacts?: {
    /** User-defined field that carries our key where the version has no `ExtRefNbr`, `Contact.AttributeMORTISE`. */
    readonly keyField?: string
  }
  readonly products?: {
    /** The forms that this tenant has. Defaults to both. */
    readonly forms?: ReadonlyArray<"StockItem" | "NonStockItem">
    /** Item class of new items; without it the form's default stands. */
    readonly stockClass?: string
    readonly nonStockClass?: string
  }
  readonly orders?: {
    /** Order type of new orders. Defaults to SO. */
    readonly type?: string
  }
  readonly invoices?: {
    /** The forms that this tenant has; without order management only `Invoice`. Defaults to both. */
    readonly forms?: ReadonlyArray<"SalesInvoice" | "Invoice">
    /** Read the currency of ledger invoices by `$custom=Document.CuryID`, which the contract does not have. */
    readonly customCurrency?: boolean
    /** Form that draft invoices are made on. Defaults to `SalesInvoice` from 24.200.001, before that `Invoice`. */
    readonly draftsAs?: "SalesInvoice" | "Invoice"
  }
  readonly payments?: {
    /** Cash account and payment method of draft payments, where the customer has no default. */
    readonly cashAccount?: string
    readonly method?: string
  }
  /** Words of this tenant for states and kinds of documents. */
  readonly words?: {
    readonly accountStatus?: Words
    readonly orderStatus?: Words
    readonly invoiceStatus?: Words
    readonly paymentStatus?: Words
    readonly documentType?: Words
    readonly paymentMethod?: Words
  }
  /** Fields outside the contract to read and write, by entity: `{ Account: { "CurrentCustomer.UsrRegion": "String" } }`. */
  readonly custom?: { readonly [E in EntityName]?: CustomFields }
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
}

/**
 * From the environment: `ACUMATICA_URL`, `ACUMATICA_TENANT`, `ACUMATICA_CLIENT_ID`, `ACUMATICA_CLIENT_SECRET` and
 * `ACUMATICA_REFRESH_TOKEN`, and `ACUMATICA_BRANCH` where it is set.
 */
export const fromEnvironment: Config.Config<AcumaticaConfig> = Config.all({
  url: Config.String("ACUMATICA_URL"),
  tenant: Config.String("ACUMATICA_TENANT"),
  clientId: Config.String("ACUMATICA_CLIENT_ID"),
  clientSecret: Config.Redacted("ACUMATICA_CLIENT_SECRET"),
  refreshToken: Config.Redacted("ACUMATICA_REFRESH_TOKEN"),
  branch: Config.option(Config.String("ACUMATICA_BRANCH")),
}).pipe(
  Config.map(({ branch, tenant, url, ...grant }) => ({
    url,
    tenant,
    credentials: { type: "oauth" as const, ...grant },
    ...(branch._tag === "Some" ? { branch: branch.value } : {}),
  })),
)
