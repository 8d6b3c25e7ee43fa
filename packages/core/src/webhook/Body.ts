/** The body of a push, decoded with distrust: valid UTF-8, only the members that the schema names. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** Why a body was not taken; the text never holds anything of the body. */
export type Refusal = "tooLarge" | "notText" | "notJson" | "notTheSchema" | "controlCharacters"

// Tabs and line ends included: what we take from a push are ids, names and times, and those have none.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** True when a text in it, or the name of a member, holds a control character. */
export const hasControl = (value: unknown): boolean => {
  if (typeof value === "string") return CONTROL.test(value)
  if (Array.isArray(value)) return value.some(hasControl)
  if (value === null || typeof value !== "object") return false
  return Object.entries(value).some(([key, member]) => CONTROL.test(key) || hasControl(member))
}

const attempt = <A>(read: () => A, why: Refusal): Effect.Effect<A, Refusal> =>
  Effect.try({ try: read, catch: () => why })

/** Members that the schema does not name are left out before anything looks at them. Its size was looked at before. */
export const decode = <A>(schema: Schema.Codec<A, unknown>, body: Uint8Array): Effect.Effect<A, Refusal> =>
  Effect.gen(function* () {
    const text = yield* attempt(() => new TextDecoder("utf-8", { fatal: true }).decode(body), "notText")
    const json: unknown = yield* attempt(() => JSON.parse(text), "notJson")
    const decoded = yield* Schema.decodeUnknownEffect(schema)(json).pipe(Effect.mapError((): Refusal => "notTheSchema"))
    if (hasControl(decoded)) return yield* Effect.fail<Refusal>("controlCharacters")
    return decoded
  })
