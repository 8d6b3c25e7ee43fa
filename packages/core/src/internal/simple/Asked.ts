/** What a reading may ask for: fields that the port reads, in the selection and in conditions. */
import type * as Change from "../../Change.ts"
import { ConnectorError, Invalid, type Issue } from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Port from "../../Port.ts"

/**
 * Why a reading cannot be begun; undefined when it can. A condition on a field that is not read would hold for nobody,
 * and the reading would pass by every record.
 */
export const refusal = (
  system: string,
  entity: Entity.Any,
  readable: ReadonlyArray<string>,
  asked: { readonly fields?: ReadonlyArray<string>; readonly where?: ReadonlyArray<{ readonly field: string }> },
): ConnectorError | undefined => {
  const unknown = (member: string, fields: ReadonlyArray<string>): ReadonlyArray<Issue> =>
    fields
      .filter((field) => !readable.includes(field))
      .map((field) => ({
        path: [member, field],
        message: `${entity.name} has no readable field ${field.slice(0, 60)}`,
      }))
  const issues = [
    ...unknown("fields", asked.fields ?? []),
    ...unknown(
      "where",
      (asked.where ?? []).map(({ field }) => field),
    ),
  ]
  if (issues.length === 0) return undefined
  const reason = new Invalid({ message: issues.map(({ message }) => message).join("; "), issues })
  return new ConnectorError({ system, operation: `${system}.${entity.name}.changes`, reason })
}

const valuesOf = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value !== "object" || value === null) return [value]
  return ["code", "raw", "id", "number", "name"].map((name) => (value as { readonly [n: string]: unknown })[name])
}

const holds = <E extends Entity.Any>(record: Entity.Record<E>, condition: Port.Condition<E>): boolean => {
  const wanted = typeof condition.is === "object" ? condition.is : [condition.is]
  const values = valuesOf((record as { readonly [name: string]: unknown })[condition.field])
  return values.some((value) => wanted.some((each) => each === value))
}

/** Only the records for which all conditions hold; what was deleted, merged or cannot be read stays. */
export const narrowed =
  <E extends Entity.Any>(where: ReadonlyArray<Port.Condition<E>>) =>
  (page: Change.Page<Entity.Record<E>>): Change.Page<Entity.Record<E>> => ({
    ...page,
    changes: page.changes.filter(
      (change) => change._tag !== "Upserted" || where.every((condition) => holds(change.record, condition)),
    ),
  })
