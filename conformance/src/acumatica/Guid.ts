/** GUIDs that follow from a seed, so that two runs of one history give the same ids. */

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0")

/** The id number `count` of the seed. */
export const make = (seed: number, count: number): string => {
  const a = hex(mix(seed + 0x9e3779b9 * count))
  const b = hex(mix(count + 0x85ebca6b * (seed + 1)))
  const c = hex(mix(count ^ 0xc2b2ae35))
  const d = hex(count)
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`
}

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const is = (text: string): boolean => SHAPE.test(text)

/** A place in a seeded shuffle: FNV-1a over the seed and the id. */
export const rank = (seed: number, id: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0
  return mix(hash)
}
