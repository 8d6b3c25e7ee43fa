/** Request bodies. Property values keep their digits; every other number is an ordinary one. */
import * as Json from "@mortise/core/Json"

const plain = (value: unknown, key: string): unknown => {
  if (value instanceof Json.JsonNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map((one) => plain(one, ""))
  if (typeof value !== "object" || value === null) return value
  // In a list of names `properties` is an array and was dealt with above; here it is the map of values.
  if (key === "properties") return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, name)]))
}

/** The parsed body; undefined when there is none. */
export const parse = (text: string): unknown => (text === "" ? undefined : plain(Json.parse(text), ""))
