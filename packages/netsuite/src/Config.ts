/** How a connector is opened: which account, as whom, for which subsidiary, and what this account does differently. */

import type * as Jwt from "@mortise/core/Jwt"
import type * as RateLimit from "@mortise/core/RateLimit"
import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"

/** What NetSuite takes as a signature; RS256 is refused. Oracle: help, section 162790605110. */
export type Algorithm = Extract<Jwt.Algorithm, `PS${string}` | `ES${string}`>

/** Machine to machine: the only grant that runs unattended for longer than a refresh token lives. */
export interface Certificate {
  readonly type: "certificate"
  /** Of the integration record. */
  readonly clientId: string
  /** The certificate's id on the page of the machine to machine mapping: `kid` of the assertion. */
  readonly certificateId: string
  /** PKCS#8 in PEM: RSA of 3072 or 4096 bits, or a curve that fits the algorithm. */
  readonly privateKey: Redacted.Redacted<string>
  /** Defaults to PS256. */
  readonly algorithm?: Algorithm
  /** How the assertion names its scopes: a list, as in Oracle's sample, or one text with commas, as its help says. */
  readonly scopes?: "list" | "text"
}

/**
 * A person's consent, begun and completed by `Consent`. A confidential client's refresh token ends after 7 days and is not
 * renewed; a public client's changes at every use. Either way somebody has to consent again.
 */
export interface AuthorizationCode {
  readonly type: "authorizationCode"
  readonly clientId: string
  /** Of a confidential client; a public one has none. */
  readonly clientSecret?: Redacted.Redacted<string>
  /** One that was got elsewhere. It counts while the store holds none. */
  readonly refreshToken?: Redacted.Redacted<string>
}

export type Credentials = Certificate | AuthorizationCode

/** The type of a field of the account's own. A `reference` is `{ id }` of the record or list value. */
export type CustomType = "text" | "decimal" | "integer" | "boolean" | "date" | "reference"

/** Fields of the account's own by their id: `custentity_region`. */
export type CustomFields = { readonly [field: string]: CustomType }

/** The entities of the connector. */
export type EntityName = "Account" | "Contact" | "Product" | "Order" | "Invoice" | "Payment"

/** Words of this account (other labels, another language) beside the built-in ones: vendor's word to ours. */
export type Words = { readonly [vendor: string]: string }

/** Members of every new record of an entity that the account's forms demand: `{ taxSchedule: { id: "1" } }`. */
export type Defaults = { readonly [member: string]: unknown }

export interface NetSuiteConfig {
  /** As NetSuite shows it: `1234567`, a sandbox `1234567_SB1`. Part of every key and cursor. */
  readonly account: string
  /** Where the account answers. Defaults to `https://<account>.suitetalk.api.netsuite.com`; https, or http on loopback. */
  readonly url?: string
  /** Internal id of the subsidiary whose records are read and written. Absent where the account is not OneWorld. */
  readonly subsidiary?: string
  readonly credentials: Credentials
  /**
   * Requests in flight. Absent, the account is asked, which only administrators may; then it is 4, the base tier less one.
   */
  readonly concurrency?: number
  /** One limiter for all connectors of an account, whose requests count together. */
  readonly limiter?: RateLimit.Limiter
  /** No request that changes anything is sent. */
  readonly readOnly?: boolean
  /** The company's own currency, where the account has one currency only, or OneWorld has several. */
  readonly baseCurrency?: string
  /** IANA zone of the stamps that SuiteQL shows. Absent, it is found by comparing one record's stamps. */
  readonly timeZone?: string
  /** IANA zone in which the account's days begin. Defaults to `timeZone`, or UTC. */
  readonly dayZone?: string
  /** How long a commit may stay unseen after its stamp, the open minute included. Defaults to 2 minutes. */
  readonly lag?: Duration.Input
  /**
   * Defaults to 2 minutes in UTC, to 62 in a zone with summer time or one that was measured, and to a day where the zone is
   * not known.
   */
  readonly overlap?: Duration.Input
  /** How long an unanswered write may still be applied: as long as NetSuite lets a request run. Defaults to 15 minutes. */
  readonly lateCommit?: Duration.Input
  /** For one request. Defaults to 4 minutes. */
  readonly timeout?: Duration.Input
  /** Rows of one page. Defaults to 1000, which is also the most. */
  readonly pageSize?: number
  /** From how many records of one type on they are written by a job. Defaults to 100; false: never. */
  readonly batchFrom?: number | false
  /** Whether the role may read what was deleted. Defaults to true; a role that may not reads without. */
  readonly deletions?: boolean
  /**
   * Fields that carry our key where another application owns the external id: `{ Account: "custentity_mortise_key" }`.
   */
  readonly keyFields?: { readonly [E in EntityName]?: string }
  /** Members of new records, by entity; what a record says itself wins. */
  readonly defaults?: { readonly [E in EntityName]?: Defaults }
  readonly accounts?: {
    /** Days to pay by name of the terms, where they are not in the account's list. */
    readonly termsDays?: { readonly [name: string]: number }
    /** Numbers are given by hand: only then `number` is written. */
    readonly manualNumbering?: boolean
  }
  readonly products?: {
    /** Price level of the prices that are read and written by an amount alone. Defaults to 1, the base price. */
    readonly priceLevel?: string
  }
  readonly orders?: {
    /** Column field that carries the keys of lines: `custcol_mortise_key`. Without it lines are matched by place. */
    readonly lineKeyField?: string
  }
  readonly invoices?: {
    /** Invoices wait for approval in this account: only then is one written, and only as such a draft. */
    readonly approvalRouting?: boolean
    readonly lineKeyField?: string
  }
  /** Words of this account for states. */
  readonly words?: {
    readonly orderStatus?: Words
    readonly invoiceStatus?: Words
    readonly paymentStatus?: Words
    readonly paymentMethod?: Words
  }
  /** Fields of the account's own to read and write, by entity: `{ Account: { custentity_region: "text" } }`. */
  readonly custom?: { readonly [E in EntityName]?: CustomFields }
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
}

/** A variable of the environment often has its line breaks written as `\n`. */
const withBreaks = (pem: Redacted.Redacted<string>) => Redacted.make(Redacted.value(pem).replaceAll("\\n", "\n"))

/**
 * From the environment: `NETSUITE_ACCOUNT`, `NETSUITE_CLIENT_ID`, `NETSUITE_CERTIFICATE_ID` and `NETSUITE_PRIVATE_KEY`, and
 * `NETSUITE_SUBSIDIARY` where it is set.
 */
export const fromEnvironment: Config.Config<NetSuiteConfig> = Config.all({
  account: Config.String("NETSUITE_ACCOUNT"),
  clientId: Config.String("NETSUITE_CLIENT_ID"),
  certificateId: Config.String("NETSUITE_CERTIFICATE_ID"),
  privateKey: Config.Redacted("NETSUITE_PRIVATE_KEY"),
  subsidiary: Config.option(Config.String("NETSUITE_SUBSIDIARY")),
}).pipe(
  Config.map(({ account, privateKey, subsidiary, ...certificate }) => ({
    account,
    credentials: { type: "certificate" as const, ...certificate, privateKey: withBreaks(privateKey) },
    ...(subsidiary._tag === "Some" ? { subsidiary: subsidiary.value } : {}),
  })),
)
