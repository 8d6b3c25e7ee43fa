/** A connector around ports that were made by `SimplePort` or by hand: the read-only test, and the rest of the contract. */
import * as Effect from "effect/Effect"
import type * as Connector from "./Connector.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import type * as Scope from "./Scope.ts"

export interface Options<P extends Connector.Ports, Client> {
  readonly apiVersion: string
  readonly scope: Scope.Scope
  readonly readOnly?: boolean
  readonly ports: P
  readonly client: Client
  /** The smallest reads that show that host, credentials and rights are good, by what they are about. */
  readonly probes: Readonly<Record<string, Effect.Effect<unknown, ConnectorError>>>
}

const checkOf = (error: ConnectorError): Connector.Finding["check"] => {
  switch (error.reason._tag) {
    case "Unauthorized":
      return "credentials"
    case "VersionMismatch":
      return "version"
    case "Throttled":
    case "QuotaExhausted":
      return "limits"
    case "Forbidden":
    case "NotFound":
      return "rights"
    default:
      return "host"
  }
}

const probed = (name: string, probe: Effect.Effect<unknown, ConnectorError>): Effect.Effect<Connector.Finding> =>
  Effect.match(probe, {
    onSuccess: (): Connector.Finding => ({ check: "rights", level: "ok", message: `${name} can be read` }),
    onFailure: (error) => ({ check: checkOf(error), level: "error", message: error.message }),
  })

/** `prepare` owns nothing in the vendor's system: whatever is declared is `unsupported`. */
export const make = <P extends Connector.Ports, Client>(
  options: Options<P, Client>,
): Connector.Connector<P, Client> => ({
  system: options.scope.system,
  apiVersion: options.apiVersion,
  scope: options.scope,
  readOnly: options.readOnly ?? false,
  ports: options.ports,
  client: options.client,
  check: Effect.forEach(Object.entries(options.probes), ([name, probe]) => probed(name, probe)),
  prepare: (declarations = []) =>
    Effect.succeed(
      declarations.map((declaration) => ({
        declaration,
        result: "unsupported" as const,
        message: "this connector keeps no fields of its own there",
      })),
    ),
})
