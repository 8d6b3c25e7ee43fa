/**
 * The order in which the database answers, as text that sorts the same way by code unit. Nobody publishes the collation
 * of an environment; it is known to fold case. A word sort passes over dashes and apostrophes as well. Numbers and days
 * have only one order.
 */
import * as Keys from "../Keys.ts"
import { keys, type Resource } from "../Sets.ts"
import type { Settings } from "../Settings.ts"

// Lower than anything that a key is made of. No NUL, which some stores do not keep.
const WITHIN = "\u0001"
const BETWEEN = "\u0002"
const END = "\u0003"

const DIGITS = 20

const text = (order: Settings["order"], value: string): string => {
  if (order === "ordinal") return value
  const folded = value.toLowerCase()
  return order === "words" ? `${folded.replace(/[-']/g, "")}${WITHIN}${folded}` : folded
}

const number = (value: string): string =>
  value.startsWith("-") ? `-${value.slice(1).padStart(DIGITS, "0")}` : `0${value.padStart(DIGITS, "0")}`

const sortText = (order: Settings["order"], resource: Resource, values: ReadonlyArray<string>): string =>
  keys[resource]
    .map(({ type }, index) => {
      const value = values[index] ?? ""
      return type === "integer" ? number(value) : text(type === "text" ? order : "ordinal", value)
    })
    .join(BETWEEN)

export interface Order {
  readonly key: (id: string) => string
  readonly id: (key: string) => string
}

/** For `Watermark.snapshot`. The id stands behind its order, so that the way back is no riddle. */
export const of = (order: Settings["order"], resource: Resource): Order => ({
  key: (id) => `${sortText(order, resource, Keys.split(resource, id) ?? [id])}${END}${id}`,
  id: (key) => key.slice(key.lastIndexOf(END) + 1),
})

/** Two sets one behind the other, told apart by what stands before their ids. */
export const behind = (parts: ReadonlyArray<{ readonly prefix: string; readonly order: Order }>): Order => {
  const partOf = (id: string) => parts.find(({ prefix }) => id.startsWith(prefix)) ?? parts[0]
  return {
    key: (id) => {
      const part = partOf(id)
      return part === undefined ? id : `${part.prefix}${BETWEEN}${part.order.key(id.slice(part.prefix.length))}`
    },
    id: (key) => {
      const [prefix = "", ...rest] = key.split(BETWEEN)
      const part = parts.find((each) => each.prefix === prefix)
      return part === undefined ? key : `${prefix}${part.order.id(rest.join(BETWEEN))}`
    },
  }
}
