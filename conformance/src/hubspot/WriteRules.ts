/**
 * Required-field rules that portal admins set. HubSpot: changelog "CRM API write validation enforcement": enforced by
 * 2026-09 alone, so the same body can be 201 on v3 and 400 there.
 */
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { Values } from "./ObjectRules.ts"
import type { ObjectName } from "./ObjectTypes.ts"

const refuse = (details: ReadonlyArray<Errors.Detail>): Errors.Refusal =>
  Errors.validation(details[0]?.message ?? "Required properties are missing.", { errors: details })

export const enforce = (call: Call, type: ObjectName, created: boolean, values: Values): void => {
  const rules = call.hub.portal.writeRules[type]
  if (call.family !== "2026-09" || rules === undefined) return
  const missing: Array<Errors.Detail> = []
  for (const name of created ? (rules.onCreate ?? []) : []) {
    if (values[name] !== undefined) continue
    const message = `Property ${name} is required to create this record.`
    missing.push({ message, code: "MISSING_REQUIRED_PROPERTY", context: { propertyName: [name] } })
  }
  for (const { equals, property, requires } of rules.conditional ?? []) {
    if (values[property] !== equals) continue
    for (const name of requires.filter((one) => values[one] === undefined)) {
      const message = `Property ${name} is required by the value of [${property}].`
      missing.push({ message, code: "MISSING_CONDITIONAL_REQUIRED_PROPERTY", context: { propertyName: [name] } })
    }
  }
  if (missing.length > 0) throw refuse(missing)
}
