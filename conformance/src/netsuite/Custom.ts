/** The account's own fields. What a body may hold of them, and a query may ask for, depends on this list alone. */
import * as Types from "./Types.ts"

export type CustomKind = "text" | "boolean" | "integer" | "number" | "date" | "dateTime"

export interface CustomField {
  /** `custentity_`, `custbody_`, `custcol_` or `custitem_` and a name, in lower case. */
  readonly name: string
  readonly kind: CustomKind
  readonly label?: string
  /** Record types that show it; unless told, all that its prefix is for. */
  readonly on?: ReadonlyArray<string>
}

const GROUPS: Readonly<Record<string, Types.Group>> = {
  custentity: "entities",
  custbody: "transactions",
  custcol: "transactions",
  custitem: "items",
}

const prefixOf = (name: string): string => /^(custentity|custbody|custcol|custitem)/.exec(name)?.[1] ?? ""

/** Throws for a name that NetSuite would not give. */
export const check = (field: CustomField): CustomField => {
  if (!/^cust(entity|body|col|item)_?[a-z0-9_]+$/.test(field.name)) {
    throw new RangeError(`${field.name} is no name of a custom field`)
  }
  return field
}

/** The fields of a record type, or with `lines` of its lines. */
export const fieldsOf = (all: ReadonlyArray<CustomField>, type: string, lines: boolean): ReadonlyArray<CustomField> => {
  const group = Types.find(type)?.group
  return all.filter((field) => {
    const prefix = prefixOf(field.name)
    return (
      GROUPS[prefix] === group &&
      (prefix === "custcol") === lines &&
      (field.on === undefined || field.on.includes(type))
    )
  })
}
