/**
 * Exact decimal numbers. They are parsed from text and written as text and never pass through a JavaScript number:
 * `0.1 + 0.2` is `0.3`, and an amount of thirty digits comes back digit for digit.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Json from "./Json.ts"

export type Decimal = BigDecimal.BigDecimal

const TEXT = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/

/**
 * Reads a decimal from text or from a number token of {@link Json.parse}. A JavaScript number is refused: by then
 * digits may be lost. So are `NaN`, the empty string, thousands separators and exponents beyond four digits.
 */
export const parse = (input: string | Json.JsonNumber): Option.Option<Decimal> => {
  const text = typeof input === "string" ? input.trim() : input.text
  return TEXT.test(text) ? BigDecimal.fromString(text) : Option.none()
}

/** Reads a literal that the program itself wrote; throws on anything else. */
export const make = (text: string): Decimal =>
  Option.getOrThrowWith(parse(text), () => new RangeError("not a decimal number"))

/** Plain text without exponent and without trailing zeros after the point: `12.50` gives `12.5`. */
export const format = (value: Decimal): string => {
  const { scale, value: digits } = BigDecimal.normalize(value)
  if (scale <= 0) return (digits * 10n ** BigInt(-scale)).toString()
  const negative = digits < 0n
  const text = (negative ? -digits : digits).toString().padStart(scale + 1, "0")
  return `${negative ? "-" : ""}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/**
 * A decimal whose encoded form is its text, without exponent. What {@link parse} refuses does not decode: an empty text is
 * no zero, and no exponent makes a number that fills the memory.
 */
export const Decimal = Schema.String.pipe(
  Schema.decodeTo(
    Schema.BigDecimal,
    SchemaTransformation.transformEffect<Decimal, string>({
      decode: (text, options) =>
        Option.match(parse(text), {
          onNone: () =>
            Effect.fail(new SchemaIssue.InvalidValue({ expected: "a decimal number as text" }, text, options)),
          onSome: Effect.succeed,
        }),
      encode: (value) => Effect.succeed(format(value)),
    }),
  ),
)

/** A number token for the wire, to be written by {@link Json.stringify}. */
export const toJson = (value: Decimal): Json.JsonNumber => new Json.JsonNumber({ text: format(value) })
