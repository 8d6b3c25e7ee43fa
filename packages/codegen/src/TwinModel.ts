/// <reference path="./odata-csdl.d.ts" />
/**
 * From the `$metadata` of Finance & Operations to what its twin knows of each entity set. A twin of OData reads keys, kinds
 * of values and links, which a description of paths and bodies holds only in a roundabout way.
 */
import csdl from "odata-csdl"

type Node = { readonly [member: string]: unknown }

const AX = "@Microsoft.Dynamics.OData.Core.V1."
const NAMESPACE = "Microsoft.Dynamics.DataEntities"

const KINDS: { readonly [type: string]: string } = {
  "Edm.Decimal": "d",
  "Edm.Int64": "l",
  "Edm.Int32": "i",
  "Edm.Guid": "g",
  "Edm.Binary": "x",
  "Edm.Boolean": "b",
}

const DATES: { readonly [axType: string]: string } = { Date: "A", UtcDateTime: "U" }

const nodes = (node: Node): ReadonlyArray<readonly [string, Node]> =>
  Object.entries(node).flatMap(([name, member]) =>
    /^[$@]/.test(name) || typeof member !== "object" || member === null ? [] : [[name, member as Node] as const],
  )

const kindOf = (member: Node): string => {
  const type = member["$Type"] as string | undefined
  if (type === undefined) return "s"
  if (type === "Edm.DateTimeOffset") return DATES[String(member[`${AX}AXType`])] ?? "D"
  return type.startsWith(NAMESPACE) ? `e${type.slice(NAMESPACE.length)}` : (KINDS[type] ?? "s")
}

/** `Name:kind`, then `?` nullable, `*` required, `~` not to be changed, `^` not to be given at creation. */
const fieldOf = ([name, member]: readonly [string, Node]): string => {
  const flags = [
    member["$Nullable"] === true ? "?" : "",
    member[`${AX}IsRequired`] === true ? "*" : "",
    member[`${AX}AllowEdit`] === false ? "~" : "",
    member[`${AX}AllowEditOnCreate`] === false ? "^" : "",
  ]
  return `${name}:${kindOf(member)}${flags.join("")}`
}

/** The members; the first is what an unset one shows, or `-` where no member has the number 0 and it shows null. */
const enumOf = (body: Node): string => {
  const members = Object.entries(body).filter(([name]) => !/^[$@]|@/.test(name))
  const zero = members.find(([, value]) => value === 0)?.[0]
  return [zero ?? "-", ...members.map(([name]) => name).filter((name) => name !== zero)].join(" ")
}

const isNavigation = (member: Node): boolean => member["$Kind"] === "NavigationProperty"

/** `Name:Set`, then `+` when it leads to many. */
const linksOf = (type: Node, bindings: Node): string =>
  nodes(type)
    .filter(([name, member]) => isNavigation(member) && bindings[name] !== undefined)
    .map(([name, member]) => `${name}:${String(bindings[name])}${member["$Collection"] === true ? "+" : ""}`)
    .join(" ")

const setOf = (schema: Node, entry: Node): Node => {
  const name = String(entry["$Type"]).slice(NAMESPACE.length + 1)
  const type = schema[name] as Node
  return {
    type: name,
    keys: (type["$Key"] as ReadonlyArray<string>).join(" "),
    fields: nodes(type)
      .filter(([, member]) => !isNavigation(member))
      .map(fieldOf)
      .join(" "),
    links: linksOf(type, (entry["$NavigationPropertyBinding"] ?? {}) as Node),
  }
}

export const generate = (xml: string): string => {
  const schema = (csdl.xml2json(xml, { annotations: false }) as Node)[NAMESPACE] as Node
  const enums = nodes(schema).filter(([, body]) => body["$Kind"] === "EnumType")
  const sets = nodes(schema["Resources"] as Node)
  return `import type { ModelText } from "../dynamics/Model.ts"

export const model: ModelText = {
  enums: {
${enums.map(([name, body]) => `    ${name}: ${JSON.stringify(enumOf(body))},`).join("\n")}
  },
  sets: {
${sets.map(([name, entry]) => `    ${name}: ${JSON.stringify(setOf(schema, entry))},`).join("\n")}
  },
}
`
}
