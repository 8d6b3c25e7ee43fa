/** References between records: as the source has them, they are found by path; as the target takes them, they are put back. */

import type * as Relay from "../../Relay.ts"
import { refKey } from "../../StateStore.ts"
import type * as Values from "../../Values.ts"
import { aliasEntity, type Link, type Loose, type RecordRef, type Wiring } from "./Wiring.ts"

type Reference = Values.Reference

/** A reference of a mapped record to a record of the source. */
export interface Pointer {
  readonly path: string
  readonly rule: Relay.ReferenceRule
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

const refsOf = (wiring: Wiring, rule: Relay.ReferenceRule, reference: Reference): ReadonlyArray<RecordRef> => {
  const names = [reference.id, reference.number].filter((name) => name !== undefined)
  const byId = reference.id === undefined ? [] : [wiring.ref(reference.id, rule.entity)]
  return [...byId, ...names.map((name) => wiring.ref(name, aliasEntity(rule.entity)))]
}

const rewrite = (wiring: Wiring, fields: Loose, visit: (pointer: Pointer) => Reference | undefined): Loose => {
  let out = fields
  for (const { path, rule } of wiring.references) {
    out = walk(out, path.split("."), "", (reference, at) =>
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

/** A pointer as it was written, to know it again when the target does not find the record. */
export interface Translated {
  readonly path: string
  readonly as: Reference
  readonly waitsFor: RecordRef
  readonly linked: boolean
}

export interface Translation {
  readonly fields: Loose
  readonly translated: ReadonlyArray<Translated>
  /** The first record that has to come before this one can be written. */
  readonly waitsFor?: RecordRef
}

const linked = ({ key, target }: Link): Reference => (key === "" ? { id: target.id } : { id: target.id, key })

/** Source references to target references, by the links that are known. */
export const translate = (wiring: Wiring, fields: Loose, links: ReadonlyMap<string, Link>): Translation => {
  const translated: Array<Translated> = []
  let waitsFor: RecordRef | undefined
  const out = rewrite(wiring, fields, ({ path, reference, refs, rule }) => {
    const [first] = refs
    if (first === undefined) return undefined
    const link = refs.map((ref) => links.get(refKey(ref))).find((each) => each !== undefined)
    if (link === undefined && rule.missing === "drop") return undefined
    // A number names no key of ours: only the link of the record that it belongs to tells which.
    if (link === undefined && (rule.missing !== "key" || reference.id === undefined)) waitsFor ??= first
    const as = link === undefined ? { key: wiring.key(first) } : linked(link)
    translated.push({ path, as, waitsFor: first, linked: link !== undefined })
    return as
  })
  return { fields: out, translated, ...(waitsFor === undefined ? {} : { waitsFor }) }
}
