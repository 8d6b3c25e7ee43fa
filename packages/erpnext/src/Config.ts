/** How a connector is opened: where, as whom, for which company, and what this site does differently. */

import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Allowance } from "./Limits.ts"
import type { Base, Endpoints, Version } from "./Versions.ts"

/**
 * Key and secret of a user. `generate_keys` replaces the secret at each call, and cuts off whoever holds the old one: use
 * a user of its own.
 */
export interface KeyPair {
  readonly type: "keyPair"
  readonly key: Redacted.Redacted<string>
  readonly secret: Redacted.Redacted<string>
}

/**
 * An OAuth client to which a person consented. Scopes limit nothing and the secret is not asked for at a refresh: whoever
 * has the refresh token is the user. The first one is handed in here, later ones live sealed in the store.
 */
export interface OAuthGrant {
  readonly type: "oauth"
  readonly clientId: string
  readonly clientSecret?: Redacted.Redacted<string>
  readonly refreshToken: Redacted.Redacted<string>
}

export type Credentials = KeyPair | OAuthGrant

/** The entities of the connector. */
export type EntityName = "Account" | "Contact" | "Product" | "Order" | "Invoice" | "Payment"

/** Words of this site beside the built-in ones: vendor's word to ours. */
export type Words = { readonly [vendor: string]: string }

export interface ErpNextConfig<V extends Version = Base> {
  /** The site, `https://erp.example.com`. Https, or http on loopback. */
  readonly url: string
  /** The company by its name. Documents of others are not seen; part of every key and cursor. */
  readonly company: string
  /** The pinned version. Defaults to v15. */
  readonly version?: V
  /** `resource` is in every version; `document` is the newer way. Defaults to `resource`. */
  readonly endpoints?: Endpoints
  readonly credentials: Credentials
  readonly limits?: Allowance
  /** No request that changes anything is sent. */
  readonly readOnly?: boolean
  /** How long a write may take from its stamp to its commit. Defaults to 3 minutes. */
  readonly lag?: Duration.Input
  /** Defaults to 1 minute. */
  readonly overlap?: Duration.Input
  /** For one request. Defaults to 2 minutes. */
  readonly timeout?: Duration.Input
  /** Rows of one list. */
  readonly pageSize?: number
  /** The unique Custom Field that carries our key. Defaults to `mortise_key`. */
  readonly keyField?: string
  /** The Custom Field of order and invoice lines that carries the key of the line. Defaults to `mortise_line_key`. */
  readonly lineKeyField?: string
  readonly accounts?: {
    /** Customer group and territory of new customers, leaves of their trees; without them the site's defaults stand. */
    readonly group?: string
    readonly territory?: string
    /** Days to pay by name of the payment terms template. */
    readonly termsDays?: { readonly [template: string]: number }
  }
  readonly products?: {
    /** Item group of new items, a leaf of its tree; a site without a default demands one. */
    readonly group?: string
    /** Unit of new items that name none. */
    readonly unit?: string
    /** Price list of prices that name none. Defaults to Standard Selling. */
    readonly priceList?: string
  }
  /** Words of this site for states of documents and methods of payment. */
  readonly words?: {
    readonly orderStatus?: Words
    readonly invoiceStatus?: Words
    readonly paymentMethod?: Words
  }
  /** Code of a country by its name on this site, where it is none of the usual. */
  readonly countries?: { readonly [name: string]: string }
  /** Which of the site's own fields are read and written; without it, all that an entity has. */
  readonly custom?: { readonly [E in EntityName]?: ReadonlyArray<string> }
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
}

/** From the environment: `ERPNEXT_URL`, `ERPNEXT_COMPANY`, `ERPNEXT_API_KEY` and `ERPNEXT_API_SECRET`. */
export const fromEnvironment: Config.Config<ErpNextConfig> = Config.all({
  url: Config.String("ERPNEXT_URL"),
  company: Config.String("ERPNEXT_COMPANY"),
  key: Config.Redacted("ERPNEXT_API_KEY"),
  secret: Config.Redacted("ERPNEXT_API_SECRET"),
}).pipe(
  Config.map(({ company, url, ...pair }) => ({
    url,
    company,
    credentials: { type: "keyPair" as const, ...pair },
  })),
)
