import * as KeyBytes from "@mortise/core/KeyBytes"
import { describe, expect, it } from "vitest"

/** A small generator with a seed (mulberry32), so that every run compares the same keys. */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

const EDGES = [0, 1, 0x2f, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffe, 0xffff]

const someKeys = (count: number) => {
  const random = seeded(7)
  const unit = () =>
    random() < 0.6 ? (EDGES[Math.floor(random() * EDGES.length)] as number) : Math.floor(random() * 0x1_0000)
  return Array.from({ length: count }, () =>
    String.fromCharCode(...Array.from({ length: Math.floor(random() * 6) }, unit)),
  )
}

const KEYS = someKeys(20_000)

describe("keys as bytes", () => {
  it("come back unharmed, halves of surrogate pairs and NUL too", () => {
    let halves = 0
    for (const key of KEYS) {
      if (!key.isWellFormed()) halves++
      expect(KeyBytes.decode(KeyBytes.encode(key))).toBe(key)
    }
    expect(halves).toBeGreaterThan(5_000)
  })

  it("are ordered as the keys are by code unit", () => {
    for (let index = 1; index < KEYS.length; index++) {
      const [a, b] = [KEYS[index - 1] as string, KEYS[index] as string]
      const order = Math.sign(Buffer.compare(KeyBytes.encode(a), KeyBytes.encode(b)))
      expect(order).toBe(a < b ? -1 : a > b ? 1 : 0)
    }
  })

  it("are plain UTF-8 for all text that holds no astral signs", () => {
    expect(Buffer.from(KeyBytes.encode("Äpfel שלום 中文"))).toEqual(Buffer.from("Äpfel שלום 中文"))
  })

  it("bound a scan exactly to its prefix and to what comes after a key", () => {
    const sample = KEYS.slice(0, 300)
    for (const prefix of ["", ...sample.slice(0, 40).map((key) => key.slice(0, 2))]) {
      for (const after of [undefined, ...sample.slice(0, 20)]) {
        const { from, below } = KeyBytes.range({ prefix, ...(after === undefined ? {} : { after }) })
        const walked = sample.filter((key) => {
          const bytes = KeyBytes.encode(key)
          return Buffer.compare(bytes, from) >= 0 && Buffer.compare(bytes, below) < 0
        })
        expect(walked).toEqual(sample.filter((key) => key.startsWith(prefix) && (after === undefined || key > after)))
      }
    }
  })
})
