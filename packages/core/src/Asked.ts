/** What a reading may ask for: fields that the port reads, in the selection and in conditions. */
import { ConnectorError, Invalid, type Issue } from "./ConnectorError.ts"
import type * as Entity from "./Entity.ts"

export interface Asked {
  readonly fields?: ReadonlyArray<string>
  readonly where?: ReadonlyArray<{ readonly field: string }>
}

/**
 * Why a reading cannot be begun; undefined when it can. A condition on a field that is not read would hold for nobody,
 * and the reading would pass by every record. The operation begins with the system unless that is named apart:
 * `acme.Account.changes`.
 */
export const refusal = (
  entity: Entity.Any,
  readable: ReadonlyArray<string>,
  asked: Asked,
  operation: string,
  system: string = operation.slice(0, operation.indexOf(".")),
): ConnectorError | undefined => {
  const known = new Set(readable)
  const message = (field: string) => `${entity.name} has no readable field ${field.slice(0, 60)}`
  const issues: ReadonlyArray<Issue> = [
    ...(asked.fields ?? []).flatMap((field) =>
      known.has(field) ? [] : [{ path: ["fields", field], message: message(field) }],
    ),
    ...(asked.where ?? []).flatMap(({ field }) =>
      known.has(field) ? [] : [{ path: ["where", field], message: message(field) }],
    ),
  ]
  if (issues.length === 0) return undefined
  const reason = new Invalid({ message: issues.map((issue) => issue.message).join("; "), issues })
  return new ConnectorError({ system, operation, reason })
}
