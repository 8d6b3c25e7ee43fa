/** A connector: one vendor, one tenant, one company of it, as a value. */
import type * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import type * as Port from "./Port.ts"
import type * as Scope from "./Scope.ts"

/** One thing that `check` looked at. */
export interface Finding {
  readonly check: "host" | "credentials" | "version" | "rights" | "properties" | "clock" | "limits" | "features"
  readonly level: "ok" | "warning" | "error"
  readonly message: string
  /** What to do about it. */
  readonly mend?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** A property or custom field that we own in the vendor's system. */
export interface Declaration {
  readonly entity: string
  readonly name: string
  readonly type: "text" | "number" | "date" | "dateTime" | "boolean" | "choice"
  readonly label: string
  readonly description?: string
  readonly unique?: boolean
  readonly choices?: ReadonlyArray<string>
}

export interface Prepared {
  readonly declaration: Declaration
  readonly result: "created" | "present" | "mismatch" | "unsupported"
  readonly message?: string
}

export type Ports = { readonly [entity: string]: Port.Any }

export interface Connector<P extends Ports, Client = unknown> {
  readonly system: string
  /** The pinned version of the vendor's API. */
  readonly apiVersion: string
  readonly scope: Scope.Scope
  readonly readOnly: boolean
  readonly ports: P
  /** The raw typed client, through the same pipeline, for what the ports do not cover. */
  readonly client: Client
  /** Read-only test of host, credentials, version, rights, unique properties and clock. Fails only if interrupted. */
  readonly check: Effect.Effect<ReadonlyArray<Finding>>
  /** Creates or verifies the properties that we own. Run again, it changes nothing. Defaults to the connector's own. */
  readonly prepare: (
    declarations?: ReadonlyArray<Declaration>,
  ) => Effect.Effect<ReadonlyArray<Prepared>, ConnectorError>
}
