/**
 * Keys as bytes whose order is the order of the keys by code unit. For all text without surrogates this is UTF-8, so
 * that keys can be read in a database; surrogates are written one by one (as CESU-8 does), since UTF-8 would order
 * astral characters differently and cannot hold half of a pair. No byte is ever 255.
 */

const SURROGATE = /[\ud800-\udfff]/

/** The first byte of an encoded surrogate, and the least second byte that tells it from its neighbours below U+D800. */
const SURROGATE_LEAD = 0xed
const SURROGATE_SECOND = 0xa0

const utf8 = new TextEncoder()

const lengthOf = (unit: number): number => (unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3)

const encodeUnits = (key: string): Uint8Array => {
  let length = 0
  for (let i = 0; i < key.length; i++) length += lengthOf(key.charCodeAt(i))
  const bytes = new Uint8Array(length)
  let at = 0
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i)
    if (unit < 0x80) {
      bytes[at++] = unit
      continue
    }
    if (unit < 0x800) bytes[at++] = 0xc0 | (unit >> 6)
    else {
      bytes[at++] = 0xe0 | (unit >> 12)
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
    }
    bytes[at++] = 0x80 | (unit & 0x3f)
  }
  return bytes
}

export const encode = (key: string): Uint8Array => (SURROGATE.test(key) ? encodeUnits(key) : utf8.encode(key))

const holdsSurrogates = (bytes: Uint8Array): boolean => {
  let at = bytes.indexOf(SURROGATE_LEAD)
  while (at >= 0) {
    if ((bytes[at + 1] ?? 0) >= SURROGATE_SECOND) return true
    at = bytes.indexOf(SURROGATE_LEAD, at + 1)
  }
  return false
}

const decodeUnits = (bytes: Uint8Array): string => {
  const units: Array<string> = []
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const low = (offset: number) => (bytes[at + offset] ?? 0) & 0x3f
    if (first < 0x80) units.push(String.fromCharCode(first))
    else if (first < 0xe0) units.push(String.fromCharCode(((first & 0x1f) << 6) | low(1)))
    else units.push(String.fromCharCode(((first & 0x0f) << 12) | (low(1) << 6) | low(2)))
    at += first < 0x80 ? 1 : first < 0xe0 ? 2 : 3
  }
  return units.join("")
}

/** Of what {@link encode} gave. */
export const decode = (bytes: Uint8Array): string =>
  holdsSurrogates(bytes) ? decodeUnits(bytes) : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

export interface Range {
  readonly from: Uint8Array
  readonly below: Uint8Array
}

/** What a scan has to walk: from the first key that may be meant to below the first that may not. */
export const range = (options: { readonly prefix?: string; readonly after?: string }): Range => {
  const prefix = options.prefix ?? ""
  const after = options.after
  const from = after === undefined || after < prefix ? encode(prefix) : Uint8Array.of(...encode(after), 0)
  const below = prefix === "" ? Uint8Array.of(255) : encode(prefix)
  // No byte is 255, so that counting the last one up never overflows.
  if (prefix !== "") below[below.length - 1] = (below[below.length - 1] as number) + 1
  return { from, below }
}
