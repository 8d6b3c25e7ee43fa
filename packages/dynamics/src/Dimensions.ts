/**
 * Financial dimensions travel as one text: the values of the active format's dimensions in its order, parted by the
 * environment's delimiter, unset ones empty, and the delimiter inside a value written with a backslash before it.
 *
 * ```ts
 * const format = { dimensions: ["BusinessUnit", "Department"], delimiter: "-" }
 * Dimensions.display(format, { BusinessUnit: "001", Department: "A-7" }) // "001-A\-7"
 * ```
 */
import { ConnectorError, Invalid } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Client } from "./Client.ts"
import * as Filter from "./Filter.ts"
import * as Operations from "./Operations.ts"

export interface Format {
  /** The dimensions, in the order of the active format. */
  readonly dimensions: ReadonlyArray<string>
  readonly delimiter: string
}

const escaped = (value: string, delimiter: string): string => value.replaceAll(delimiter, `\\${delimiter}`)

/** The dimensions that the format does not have: the service would drop them without a word. */
export const unknown = ({ dimensions }: Format, values: { readonly [dimension: string]: string }) =>
  Object.keys(values).filter((name) => !dimensions.includes(name))

const invalid = (name: string, message: string) => {
  const issues = [{ path: ["dimensions", name], message }]
  return new ConnectorError({ system: "dynamics", reason: new Invalid({ message: `${name} ${message}`, issues }) })
}

/**
 * The display value. `Invalid` for a dimension that the format does not have, and for a value with a backslash at its end,
 * which would take the delimiter behind it into the value.
 */
export const display = (
  format: Format,
  values: { readonly [dimension: string]: string },
): Effect.Effect<string, ConnectorError> => {
  const [lost] = unknown(format, values)
  if (lost !== undefined) return Effect.fail(invalid(lost, "is not in the active format of the environment"))
  const broken = Object.entries(values).find(([, value]) => value.endsWith("\\"))
  if (broken !== undefined) return Effect.fail(invalid(broken[0], "has a value that ends with a backslash"))
  const parts = format.dimensions.map((name) => escaped(values[name] ?? "", format.delimiter))
  return Effect.succeed(parts.join(format.delimiter))
}

/** The values of a display value; those that are empty are left out. */
export const parse = ({ delimiter, dimensions }: Format, text: string): { readonly [dimension: string]: string } => {
  const parts: Array<string> = [""]
  const last = (more: string) => parts.push(`${parts.pop() ?? ""}${more}`)
  for (let at = 0; at < text.length; at++) {
    const isEscape = text[at] === "\\" && text.startsWith(delimiter, at + 1)
    if (isEscape) {
      last(delimiter)
      at += delimiter.length
    } else if (text.startsWith(delimiter, at)) {
      parts.push("")
      at += delimiter.length - 1
    } else last(text[at] ?? "")
  }
  return Object.fromEntries(
    dimensions.flatMap((name, index) => {
      const value = parts[index] ?? ""
      return value === "" ? [] : [[name, value] as const]
    }),
  )
}

/** Places of a format's segments; a format has as many as there are dimensions. */
const PLACES = Array.from({ length: 40 }, (_, index) => `#${index}`)

const DEFAULTS = Filter.member("DimensionHierarchyType", "DataEntityDefaultDimensionFormat") as Filter.Literal

/** The active format of default dimensions, as the environment has it. The delimiter is set elsewhere and handed in. */
export const format = (client: Client, delimiter: string): Effect.Effect<Format, ConnectorError> =>
  Effect.map(
    client.call(Operations.set("DimensionIntegrationFormats").list, (api, door) =>
      api.GET("/DimensionIntegrationFormats", {
        ...door,
        params: { query: { $filter: Filter.compare("DimensionFormatType", "eq", DEFAULTS), $top: 100 } },
      }),
    ),
    ({ data }) => {
      const active = data?.value.find(({ IsActive }) => IsActive === "Yes")
      const names = parse({ dimensions: PLACES, delimiter }, active?.FinancialDimensionFormat ?? "")
      return { dimensions: Object.values(names), delimiter }
    },
  )
