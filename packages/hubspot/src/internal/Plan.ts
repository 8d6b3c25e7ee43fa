/** What is to be sent for one record, once it is known what HubSpot holds of it. */
import * as Associations from "../Associations.ts"
import * as Decoding from "./Decode.ts"
import type { Draft } from "./Draft.ts"
import * as Fields from "./Fields.ts"
import * as Lines from "./Lines.ts"
import type * as Mapping from "./Mapping.ts"
import type { Raw } from "./Records.ts"

/** Associations of one field that are to be made and taken away. */
export interface LinkPlan {
  readonly field: string
  readonly link: Mapping.Link
  readonly add: ReadonlyArray<string>
  /** Sets exactly these types on a pair: a primary company, a label. */
  readonly set: ReadonlyArray<{ readonly to: string; readonly types: Associations.Edge["types"] }>
  readonly unlabel: ReadonlyArray<{ readonly to: string; readonly types: Associations.Edge["types"] }>
  readonly remove: ReadonlyArray<string>
}

/** Requests of different lanes never mix. `after`: the record is right, only what hangs on it is not. */
export type Lane = "upsert" | "standIn" | "update" | "create" | "after"

export interface Plan {
  readonly lane: Lane
  /** Writes of one record by several keys go in different requests, since HubSpot refuses an id that stands twice. */
  readonly round: number
  readonly draft: Draft
  /** The record that is there, with the id by which it answers now. */
  readonly target: Raw | undefined
  /** The property and the value that address the record in an upsert. */
  readonly address: { readonly property: string; readonly value: string } | undefined
  readonly writes: Fields.Writes
  readonly late: Fields.Writes
  readonly links: ReadonlyArray<LinkPlan>
  readonly lines: Lines.Plan | undefined
}

const nothingOf = ({ add, remove, set, unlabel }: LinkPlan): boolean =>
  add.length + set.length + unlabel.length + remove.length === 0

/** True when nothing hangs on the record that has to be changed. */
export const isAlone = ({ late, lines, links }: Pick<Plan, "late" | "lines" | "links">): boolean =>
  links.every(nothingOf) && (lines === undefined || Lines.isNothing(lines)) && Object.keys(late).length === 0

/** The writes that differ from what is there. */
export const different = (
  kinds: (property: string) => Fields.Kind,
  props: Fields.Props,
  writes: Fields.Writes,
): Fields.Writes =>
  Object.fromEntries(
    Object.entries(writes).filter(
      ([name, text]) => Fields.normal(kinds(name), props[name]) !== Fields.normal(kinds(name), text),
    ),
  )

interface LinkQuestion {
  readonly field: string
  readonly link: Mapping.Link
  /** Undefined: the reference is left alone, only labels are asked for. */
  readonly wanted: ReadonlyArray<string> | undefined
  readonly there: ReadonlyArray<Associations.Edge>
  readonly labels: Draft["labels"]
}

const NONE = { add: [], set: [], unlabel: [], remove: [] } as const

/** The one record that the field means: made primary where there is such a type, its forerunner taken away. */
const one = ({ field, labels, link, there, wanted }: LinkQuestion): LinkPlan => {
  const current = Decoding.chosen(link, there)
  const target = wanted === undefined ? current?.id : wanted[0]
  const replaced = link.primaryTypeId === undefined ? there : current === undefined ? [] : [current]
  const remove = wanted === undefined ? [] : replaced.filter(({ id }) => id !== target).map(({ id }) => id)
  if (target === undefined) return { ...NONE, field, link, remove }
  const edge = there.find(({ id }) => id === target)
  const on = labels.filter((label) => label.on && label.label.on === field).map(({ label }) => label.typeId)
  const off = labels.filter((label) => !label.on && label.label.on === field).map(({ label }) => label.typeId)
  const missing = on.filter((typeId) => edge === undefined || !Associations.hasType(edge, typeId))
  // Where there is no association yet the first one becomes primary by itself.
  const promote = link.primaryTypeId !== undefined && wanted !== undefined && there.length > 0 && current?.id !== target
  const unlabel = edge === undefined ? [] : off.filter((typeId) => Associations.hasType(edge, typeId))
  const kept = (edge?.types ?? []).filter(({ associationTypeId }) => !off.includes(associationTypeId))
  const further = [...(edge === undefined ? [link.typeId] : []), ...missing, ...(promote ? [link.primaryTypeId] : [])]
  const set = missing.length > 0 || promote
  return {
    field,
    link,
    remove,
    add: edge === undefined && !set ? [target] : [],
    set: set
      ? [
          {
            to: target,
            types: distinct([
              ...kept,
              ...further.flatMap((id) => (id === undefined ? [] : [Associations.defined(id)])),
            ]),
          },
        ]
      : [],
    unlabel: unlabel.length === 0 ? [] : [{ to: target, types: unlabel.map(Associations.defined) }],
  }
}

const distinct = (types: Associations.Edge["types"]): Associations.Edge["types"] => {
  const byId = new Map(types.map((type) => [`${type.associationCategory}|${type.associationTypeId}`, type]))
  return [...byId.values()]
}

const many = ({ field, link, there, wanted = [] }: LinkQuestion): LinkPlan => {
  const known = new Set(there.map(({ id }) => id))
  const add = [...new Set(wanted)].filter((id) => !known.has(id))
  const remove = link.how === "set" ? [...known].filter((id) => !wanted.includes(id)) : []
  return { ...NONE, field, link, add, remove }
}

export const links = (question: LinkQuestion): LinkPlan =>
  question.link.how === "one" ? one(question) : many(question)
