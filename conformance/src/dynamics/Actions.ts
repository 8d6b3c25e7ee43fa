/** Actions of the service itself; those that post documents are not among them. */
import * as Json from "@mortise/core/Json"
import type { TwinReply } from "../twin/Twin.ts"
import type { Address } from "./Address.ts"
import * as Dimensions from "./Dimensions.ts"
import * as Errors from "./Errors.ts"
import { NAMESPACE } from "./Model.ts"
import type { DynamicsWorld } from "./World.ts"

export interface Versions {
  readonly application: string
  readonly platform: string
}

export interface ActionCall {
  readonly world: DynamicsWorld
  readonly address: Address
  readonly body: string
  readonly root: string
  readonly versions: Versions
}

type Body = { readonly [name: string]: Json.Json }

/** The name of a bound action; undefined when the address names none. */
export const nameOf = ({ rest }: Address): string | undefined => {
  const last = rest.at(-1)
  return last?.startsWith(`${NAMESPACE}.`) === true ? last.slice(NAMESPACE.length + 1) : undefined
}

const strings = (value: Json.Json | undefined): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : []

const parse = (source: string): Body => {
  try {
    const body = source === "" ? {} : Json.parse(source)
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Body
  } catch {
    // The refusal below is for both.
  }
  throw Errors.badBody("The parameters of an action are expected as a JSON object.")
}

/** Puts values in the order of the active format. */
const displayValue = (world: DynamicsWorld, body: Body): string => {
  const [names, values] = [strings(body["_attributeNames"]), strings(body["_attributeValues"])]
  if (names.length !== values.length) throw Errors.badBody("Attribute names and values differ in number.")
  const pairs = names.map((name, place) => [name, values[place] ?? ""] as const)
  const cell = JSON.stringify(Object.fromEntries(pairs.filter(([, value]) => value !== "")))
  const wrong = world.badDimension(cell)
  if (wrong !== undefined) throw Errors.refuse(400, wrong)
  return Dimensions.render(cell, world.dimensionFormat())
}

const answer = ({ address, body, versions, world }: ActionCall, name: string): string | undefined => {
  if (address.set === "DataManagementEntities") {
    if (name === "GetApplicationVersion") return versions.application
    return name === "GetPlatformBuildVersion" ? versions.platform : undefined
  }
  const composes = address.set === "DimensionSets" && name === "getSetDisplayValue"
  return composes ? displayValue(world, parse(body)) : undefined
}

export const invoke = (call: ActionCall, name: string): TwinReply => {
  const value = answer(call, name)
  if (value === undefined) throw Errors.notFound(`The action ${name}`)
  return Errors.json(200, { "@odata.context": `${call.root}/$metadata#Edm.String`, value })
}
