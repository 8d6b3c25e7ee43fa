/** What changed in the fields of a schema or an entity. */
import { type Change, change, type Grade } from "./Change.ts"
import type { Leaf, Leaves } from "./leaves.ts"

type At = { readonly subject: string; readonly field?: string }

const at = (subject: string, field: string): At => (field === "" ? { subject } : { subject, field })

const listed = (members: ReadonlyArray<string>): string => [...members].sort().join(", ")

/** A pin may be from before the vendor's own words were told; then nothing is known to have changed. */
const areAlikeTold = (before: Leaf, after: Leaf): boolean => (before.kind === undefined) === (after.kind === undefined)

const enumChanges = (where: At, before: Leaf, after: Leaf): ReadonlyArray<Change> => {
  if (before.members === undefined || after.members === undefined) {
    if (before.members === after.members) return []
    // A pin may be from before the choices of which several are taken were told.
    if ((before.isSeveral || after.isSeveral) && !areAlikeTold(before, after)) return []
    // From any text to a choice: what was written freely may be refused. The other way round nothing is.
    const isChoice = after.members !== undefined
    const [was, is] = [before.members, after.members].map((members) =>
      members === undefined ? "any" : listed(members),
    )
    return [change(isChoice ? "breaking" : "warning", "enum", where, was, is)]
  }
  const gone = before.members.filter((member) => after.members?.includes(member) !== true)
  const fresh = after.members.filter((member) => before.members?.includes(member) !== true)
  return [
    ...(gone.length === 0 ? [] : [change("breaking", "enum", where, listed(gone))]),
    ...(fresh.length === 0 ? [] : [change("warning", "enum", where, undefined, listed(fresh))]),
  ]
}

const lengthChange = (where: At, before: Leaf, after: Leaf): ReadonlyArray<Change> => {
  const [was, is] = [before.maxLength ?? Number.POSITIVE_INFINITY, after.maxLength ?? Number.POSITIVE_INFINITY]
  if (was === is) return []
  const words = (length: number): string => (Number.isFinite(length) ? `at most ${length}` : "any length")
  return [change(is < was ? "warning" : "info", "length", where, words(was), words(is))]
}

const requiredChange = (where: At, before: Leaf, after: Leaf, isSent: boolean): ReadonlyArray<Change> => {
  if (before.required === after.required) return []
  const words = (required: boolean): string => (required ? "required" : "optional")
  // What is sent may lack it from now on, or need it; what is answered may lack it.
  const grade = after.required ? (isSent ? "breaking" : "info") : "warning"
  return [change(grade, "required", where, words(before.required), words(after.required))]
}

const several = ({ isSeveral }: Leaf): string => (isSeveral ? "several of its choices" : "one of its choices")

const inFull = ({ kind = "reference", target }: Leaf): string => (target === undefined ? kind : `${kind} to ${target}`)

/** Of one form on the wire and yet something else: another record is meant, several choices and not one, a share and no amount. */
const meaningChange = (where: At, before: Leaf, after: Leaf): ReadonlyArray<Change> => {
  const areTold = before.kind !== undefined && after.kind !== undefined
  const retyped = (grade: Grade): ReadonlyArray<Change> => [
    change(grade, "retyped", where, inFull(before), inFull(after)),
  ]
  if (before.members !== undefined && after.members !== undefined && before.isSeveral !== after.isSeveral)
    return [change("breaking", "retyped", where, several(before), several(after))]
  const areBothReferences = before.target !== undefined && after.target !== undefined
  if (before.target !== after.target && (areTold || areBothReferences)) return retyped("breaking")
  if (!areTold || before.kind === after.kind) return []
  if (before.isSeveral || after.isSeveral) return retyped("breaking")
  // A choice that came or went is told as such.
  if (before.members !== undefined || after.members !== undefined) return []
  return retyped(before.type === "string" ? "warning" : "breaking")
}

const leafChanges = (where: At, before: Leaf, after: Leaf, isSent: boolean): ReadonlyArray<Change> => {
  if (before.type !== after.type) return [change("breaking", "retyped", where, before.type, after.type)]
  const meaning = meaningChange(where, before, after)
  if (meaning.some(({ grade }) => grade === "breaking")) return meaning
  const found: Array<Change> = [
    ...meaning,
    ...enumChanges(where, before, after),
    ...lengthChange(where, before, after),
    ...requiredChange(where, before, after, isSent),
  ]
  if (before.nullable !== after.nullable) {
    const words = (nullable: boolean): string => (nullable ? "may be null" : "never null")
    found.push(
      change(after.nullable ? "warning" : "info", "nullability", where, words(before.nullable), words(after.nullable)),
    )
  }
  return found
}

export const readOnlyChange = (where: At, before: string, after: string): Change => {
  const isLess = after === "read-only" || (before === "writable" && after !== "writable")
  return change(isLess ? "breaking" : "info", "readOnly", where, before, after)
}

const lockChanges = (where: At, before: Leaf, after: Leaf): ReadonlyArray<Change> => {
  if (before.readOnly === after.readOnly) return []
  return [readOnlyChange(where, before.readOnly ? "read-only" : "writable", after.readOnly ? "read-only" : "writable")]
}

/** A part of something that came or went with it is not told by itself. */
const isPartOf = (field: string, others: ReadonlyArray<string>): boolean =>
  others.some(
    (other) =>
      other !== field && other !== "" && field.startsWith(other) && /^(?:\.|\[\]|\{\})/.test(field.slice(other.length)),
  )

export interface Watch {
  /** It is part of something that is written: what it newly requires breaks. */
  readonly isSent: boolean
  /** Fields of which only the schema tells who may write them; of the others the entity tells more. */
  readonly locks: (field: string) => boolean
}

/** By fields, whatever their order. */
export const fieldChanges = (subject: string, before: Leaves, after: Leaves, watch: Watch): ReadonlyArray<Change> => {
  const gone = [...before.keys()].filter((field) => !after.has(field))
  const fresh = [...after.keys()].filter((field) => !before.has(field))
  // What became something else takes its parts along.
  const retyped = [...before].flatMap(([field, { type }]) => (type === (after.get(field)?.type ?? type) ? [] : [field]))
  const found: Array<Change> = []
  for (const field of gone) {
    if (!isPartOf(field, [...gone, ...retyped]))
      found.push(change("breaking", "removed", at(subject, field), before.get(field)?.type))
  }
  for (const field of fresh) {
    if (isPartOf(field, [...fresh, ...retyped])) continue
    const leaf = after.get(field) as Leaf
    found.push(change("info", "added", at(subject, field), undefined, leaf.type))
    const isNeeded = watch.isSent && leaf.required && !leaf.readOnly
    if (isNeeded) found.push(change("breaking", "required", at(subject, field), "absent", "required"))
  }
  for (const [field, was] of before) {
    const is = after.get(field)
    if (is === undefined || isPartOf(field, retyped)) continue
    found.push(...leafChanges(at(subject, field), was, is, watch.isSent))
    if (watch.locks(field)) found.push(...lockChanges(at(subject, field), was, is))
  }
  return found
}
