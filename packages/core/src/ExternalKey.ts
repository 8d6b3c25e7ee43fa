/**
 * Our name for a record in somebody else's system: where it comes from and its immutable id there. It is written into a
 * field of the target, so that a record that we made is found again though the store be lost.
 */
import type * as Features from "./Features.ts"
import type { RecordRef } from "./StateStore.ts"

/** `scope|entity|id`: readable, unique, and what `Write.key` holds. */
export const make = (source: RecordRef): string => `${source.scope}|${source.entity}|${encodeURIComponent(source.id)}`

export const parse = (key: string): RecordRef | undefined => {
  const [scope, entity, id, more] = key.split("|")
  if (!scope || !entity || id === undefined || more !== undefined) return undefined
  try {
    return { scope, entity, id: decodeURIComponent(id) }
  } catch {
    return undefined
  }
}

const utf8 = new TextEncoder()

/**
 * Writes a key in the characters that its carrier keeps: what the alphabet has stays, the rest becomes `_` and two hex
 * digits for each byte of UTF-8 (`_` itself too). Where the carrier folds case, capitals are written that way as well.
 * `undefined` when the key is empty or its encoding is longer than the carrier holds.
 */
export const encode = (
  key: string,
  identity: Pick<Features.Identity, "alphabet" | "caseFolding" | "maxLength">,
): string | undefined => {
  let out = ""
  for (const char of key) {
    const folded =
      identity.caseFolding === "lower"
        ? char.toLowerCase()
        : identity.caseFolding === "upper"
          ? char.toUpperCase()
          : char
    const plain = char !== "_" && folded === char && identity.alphabet.test(char)
    out += plain ? char : Array.from(utf8.encode(char), (byte) => `_${hex(byte, identity.caseFolding)}`).join("")
    if (out.length > identity.maxLength) return undefined
  }
  return out === "" ? undefined : out
}

const hex = (byte: number, folding: Features.Identity["caseFolding"]): string => {
  const text = byte.toString(16).padStart(2, "0")
  return folding === "upper" ? text.toUpperCase() : text
}

/** The way back; `undefined` for what {@link encode} did not write. */
export const decode = (text: string): string | undefined => {
  const bytes: Array<number> = []
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (char !== "_") {
      bytes.push(...utf8.encode(char))
      continue
    }
    const code = Number.parseInt(text.slice(i + 1, i + 3), 16)
    if (!/^[0-9a-fA-F]{2}$/.test(text.slice(i + 1, i + 3))) return undefined
    bytes.push(code)
    i += 2
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(bytes))
  } catch {
    return undefined
  }
}
