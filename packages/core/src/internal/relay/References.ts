/** References between records: as the source has them, they are found by path; as the target takes them, they are put back. */
import * as Effect from "effect/Effect"
import { refKey, StateStore } from "../../StateStore.ts"
import type * as Values from "../../Values.ts"
import { aliasEntity, type Link, type Loose, type RecordRef, type Rule, type Waits, type Wiring } from "./Wiring.ts"

type Reference = Values.Reference

/** A reference of a mapped record to a record of the source. */
export interface Pointer {
  readonly path: string
  readonly rule: Rule
  readonly reference: Reference
  /** By what its link may stand in the store: the id first, then number and other names. */
  readonly refs: ReadonlyArray<RecordRef>
}

type Visit = (reference: Reference, path: string) => Reference | undefined

const isObject = (value: unknown): value is Loose =>
  value !== null && typeof value === "object" && !Array.isArray(value)

/** Rewrites every reference at a path; what the visit answers with `undefined` is left out. */
const walk = (value: unknown, path: ReadonlyArray<string>, at: string, visit: Visit): unknown => {
  const [step, ...rest] = path
  if (step === undefined) return isObject(value) ? visit(value as Reference, at) : value
  const many = step.endsWith("[]")
  const name = many ? step.slice(0, -2) : step
  if (!isObject(value) || value[name] === undefined || value[name] === null) return value
  const here = at === "" ? name : `${at}.${name}`
  const { [name]: inner, ...others } = value
  const next = many ? elements(inner, rest, here, visit) : walk(inner, rest, here, visit)
  return next === undefined ? others : { ...others, [name]: next }
}

const elements = (all: unknown, path: ReadonlyArray<string>, at: string, visit: Visit): unknown => {
  if (!Array.isArray(all)) return all
  return all.flatMap((element, index) => {
    const next = walk(element, path, `${at}.${index}`, visit)
    return next === undefined ? [] : [next]
  })
}

const refsOf = (wiring: Wiring, rule: Rule, reference: Reference): ReadonlyArray<RecordRef> => {
  const names = [reference.id, reference.number].filter((name) => name !== undefined)
  const byId = reference.id === undefined ? [] : [wiring.ref(reference.id, rule.entity)]
  return [...byId, ...names.map((name) => wiring.ref(name, aliasEntity(rule.entity)))]
}

const rewrite = (wiring: Wiring, fields: Loose, visit: (pointer: Pointer) => Reference | undefined): Loose => {
  let out = fields
  for (const rule of wiring.references) {
    out = walk(out, rule.path.split("."), "", (reference, at) =>
      visit({ path: at, rule, reference, refs: refsOf(wiring, rule, reference) }),
    ) as Loose
  }
  return out
}

export const pointers = (wiring: Wiring, fields: Loose): ReadonlyArray<Pointer> => {
  const found: Array<Pointer> = []
  rewrite(wiring, fields, (pointer) => {
    found.push(pointer)
    return pointer.reference
  })
  return found
}

/** The links of what is pointed to: by the entity of the target, then by the record of the source. */
export type Links = ReadonlyMap<string, ReadonlyMap<string, Link>>

export const look = Effect.fnUntraced(function* (wiring: Wiring, all: ReadonlyArray<Pointer>) {
  const store = yield* StateStore
  const links = new Map<string, ReadonlyMap<string, Link>>()
  for (const to of new Set(all.map(({ rule }) => rule.to))) {
    const refs = new Map<string, RecordRef>()
    for (const pointer of all) if (pointer.rule.to === to) for (const ref of pointer.refs) refs.set(refKey(ref), ref)
    links.set(to, yield* store.linksFrom([...refs.values()], wiring.kind(to)))
  }
  return links satisfies Links
})

/** A pointer as it was written, to know it again when the target does not find the record. */
export interface Translated {
  readonly path: string
  readonly written: Reference
  readonly waits: Waits
  readonly linked: boolean
}

export interface Translation {
  readonly fields: Loose
  readonly translated: ReadonlyArray<Translated>
  /** The first record that has to come before this one can be written. */
  readonly waits?: Waits
}

const linked = ({ key, target }: Link): Reference => (key === "" ? { id: target.id } : { id: target.id, key })

/** Source references to target references, by the links that are known. */
export const translate = (wiring: Wiring, fields: Loose, links: Links): Translation => {
  const translated: Array<Translated> = []
  let waits: Waits | undefined
  const out = rewrite(wiring, fields, ({ path, reference, refs, rule }) => {
    const [first] = refs
    if (first === undefined) return undefined
    const link = refs.map((ref) => links.get(rule.to)?.get(refKey(ref))).find((each) => each !== undefined)
    if (link === undefined && rule.missing === "drop") return undefined
    // A number names no key of ours: only the link of the record that it belongs to tells which.
    const needs: Waits = { waitsFor: first, as: wiring.kind(rule.to) }
    if (link === undefined && (rule.missing !== "key" || reference.id === undefined)) waits ??= needs
    const written = link === undefined ? { key: wiring.key(first) } : linked(link)
    translated.push({ path, written, waits: needs, linked: link !== undefined })
    return written
  })
  return { fields: out, translated, ...(waits === undefined ? {} : { waits }) }
}
