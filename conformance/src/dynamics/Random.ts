/** Numbers that follow from a seed and a count, so that two runs of one history give the same. */

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** A version as an update gives it: large, and in no order. */
export const version = (seed: number, count: number): number =>
  2 + (mix(seed + Math.imul(0x9e3779b9, count)) & 0x7fffffff)

const hex = (value: number): string => value.toString(16).padStart(8, "0").toUpperCase()

/** Upper case, as events show it. */
export const guid = (seed: number, count: number): string => {
  const [a, b, c] = [
    hex(mix(seed ^ Math.imul(count, 0x85ebca6b))),
    hex(mix(count + 0x9e3779b9)),
    hex(mix(seed + count)),
  ]
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-A${c.slice(1, 4)}-${c.slice(4)}${hex(count)}`
}

/** A place in a seeded shuffle. */
export const rank = (seed: number, id: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0
  return mix(hash)
}
