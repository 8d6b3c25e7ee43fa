/**
 * JSON whose numbers keep every digit. `JSON.parse` turns `12345678901234567890.10` into a float and loses money; here
 * a number token stays the text that the vendor sent, in a {@link JsonNumber}, and is written back as that same text.
 */
import * as Data from "effect/Data"

/** A JSON number by its text. `12.50` and `12.5` are different texts of one value; compare through `Decimal`. */
export class JsonNumber extends Data.TaggedClass("JsonNumber")<{ readonly text: string }> {
  /** `JSON.stringify` of a record that holds one writes the digits, not an object. */
  toJSON(): unknown {
    return rawJson(this.text)
  }

  override toString(): string {
    return this.text
  }
}

/** A JSON value in which every number is a {@link JsonNumber}. */
export type Json = null | boolean | string | JsonNumber | ReadonlyArray<Json> | { readonly [key: string]: Json }

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A number from its text; `undefined` when the text is not a JSON number (`NaN`, `1,5`, `0x10`). */
export const number = (text: string): JsonNumber | undefined =>
  NUMBER.test(text) ? new JsonNumber({ text }) : undefined

/** Parses JSON and keeps each number's text. Throws the engine's `SyntaxError` for what is not JSON. */
export const parse = (text: string): Json =>
  parseWithSource(text, (_key, value, context) =>
    typeof value === "number" && context.source !== undefined ? new JsonNumber({ text: context.source }) : value,
  ) as Json

/** Writes JSON; each {@link JsonNumber} as its text. */
export const stringify = (value: unknown): string => JSON.stringify(value)

// The two members below are in every engine that we support (V8 of Node 21 and later) and not yet in TypeScript's lib.
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown
const rawJson = (JSON as unknown as { readonly rawJSON: (text: string) => unknown }).rawJSON
