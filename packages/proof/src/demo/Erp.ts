/**
 * An ERP of the demo: its twin, how the invented business is entered into it, how the sync opens its connector, and how
 * its world is read for the comparison. What differs between ERPs in the demo stands in one file each, under `erps/`.
 */
import type { Twin, Options as TwinOptions, World } from "@mortise/conformance/twin/Twin"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Account, Contact, Invoice, Payment, Product } from "@mortise/core/Entities"
import type * as Port from "@mortise/core/Port"
import type { Limit } from "@mortise/core/RateLimit"
import type { StateStore } from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Business } from "./Business.ts"

export type FlowName = "products" | "companies" | "contacts" | "invoices" | "payments"

export const FLOWS: ReadonlyArray<FlowName> = ["products", "companies", "contacts", "invoices", "payments"]

/** What moves between this ERP and HubSpot. */
export interface Profile {
  readonly flows: ReadonlyArray<FlowName>
  /** The account's standing (outstanding, financial status) goes to the company. */
  readonly standing: boolean
  /** The ERP's price list whose prices the CRM shows, where the ERP has several. */
  readonly priceList?: string
}

/** The ports that the flows read. */
export interface Source {
  readonly ports: {
    readonly Account: Port.Port<typeof Account>
    readonly Contact: Port.Port<typeof Contact>
    readonly Product: Port.Port<typeof Product>
    readonly Invoice: Port.Port<typeof Invoice>
    readonly Payment: Port.Port<typeof Payment>
  }
}

/** Where the instance is served and what opens it; plain text, handed to the sync process in its environment. */
export type Access = Readonly<Record<string, string>>

export interface Opening {
  readonly access: Access
  readonly fetch?: typeof globalThis.fetch
  /** Rows of one list, where the connector's own choice does not suit. */
  readonly pageSize?: number
}

/** A record of the ERP as the comparison wants it: values in the words of the CRM's properties. */
export interface Standing {
  /** The name by which it stands in the CRM, and in the business. */
  readonly name: string
  /** Number of the customer that it belongs to. */
  readonly owner?: string
  readonly values: Readonly<Record<string, string>>
}

export interface Erp {
  readonly name: string
  /** As people write it. */
  readonly title: string
  readonly profile: Profile
  readonly twin: (options: TwinOptions) => Twin<World>
  /** Enters the business into the twin, as if people had done so over the year. */
  readonly enter: (world: World, business: Business) => void
  /** What the owner of the instance does once: a user, a consent. `url` is where the twin is served. */
  readonly grant: (world: World, url: string) => Access
  /** Opened read-only: the ERP is read, and never written. */
  readonly connect: (opening: Opening) => Effect.Effect<Source, ConnectorError, StateStore | Scope.Scope>
  /** What the connector spends ahead, and of which traffic a request is, to tell the least time. */
  readonly limits: ReadonlyArray<Limit>
  readonly traffic: string
  /** The records of each flow, from what the twin wrote to disk. */
  readonly records: (dump: unknown) => Readonly<Record<FlowName, ReadonlyArray<Standing>>>
}
