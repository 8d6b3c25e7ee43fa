/** The scopes that an operation asks for: any one of each set. HubSpot: scopes page; 403 observed. */
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { Grant } from "./Tokens.ts"

/** One of these is enough. */
export type AnyOf = ReadonlyArray<string>

/** `e-commerce` stands in for the scopes of products and line items. */
const orCommerce = (type: ObjectType, scopes: AnyOf): AnyOf =>
  type.name === "products" || type.name === "line_items" ? [...scopes, "e-commerce"] : scopes

export const objects = (type: ObjectType, access: "read" | "write"): AnyOf =>
  orCommerce(type, [`crm.objects.${type.scope}.${access}`])

/** Reading definitions needs any scope of the type; making them the schema scope. */
export const schemas = (type: ObjectType, access: "read" | "write"): AnyOf =>
  access === "write"
    ? [`crm.schemas.${type.scope}.write`]
    : orCommerce(type, [
        `crm.schemas.${type.scope}.read`,
        `crm.objects.${type.scope}.read`,
        `crm.schemas.${type.scope}.write`,
        `crm.objects.${type.scope}.write`,
      ])

export const owners: AnyOf = ["crm.objects.owners.read"]

export const account: AnyOf = ["oauth"]

export const require = (grant: Grant, knobs: Knobs, needed: ReadonlyArray<AnyOf>): void => {
  const held = new Set(grant.scopes.filter((scope) => !knobs.scopesRevoked.includes(scope)))
  const lacking = needed.find((set) => !set.some((scope) => held.has(scope)))
  if (lacking !== undefined) throw Errors.missingScopes(lacking)
}
