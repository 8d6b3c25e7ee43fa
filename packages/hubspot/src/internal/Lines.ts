/** Line items of documents: how they are read, and what has to be written so that they become what is asked for. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Associations from "../Associations.ts"
import * as Identity from "../Identity.ts"
import * as Line from "../ports/Line.ts"
import * as Fields from "./Fields.ts"
import type * as Mapping from "./Mapping.ts"
import * as Records from "./Records.ts"
import type * as Session from "./Session.ts"

export const TYPE = "line_items" satisfies Mapping.ObjectType

const names = (keyProperty: string): ReadonlyArray<string> => [
  keyProperty,
  ...new Set(Line.properties.map(({ name }) => name)),
]

/** The line items of these documents, by document, in the order of their ids. */
export const read = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  documents: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyMap<string, ReadonlyArray<Records.Raw>>, ConnectorError> {
  const edges = yield* Associations.read(session.client, { from: type, to: TYPE }, documents)
  const ids = [...edges.values()].flatMap((list) => list.map(({ id }) => id))
  const items = new Map<string, Records.Raw>()
  if (ids.length > 0) {
    const properties = names(session.keyProperty)
    for (const item of yield* Records.batchRead(session.client, TYPE, { ids, properties })) items.set(item.id, item)
  }
  const ordered = (list: ReadonlyArray<Associations.Edge>) =>
    list
      .map(({ id }) => items.get(id))
      .filter((item) => item !== undefined)
      .sort((a, b) => byNumber(a.id, b.id))
  return new Map([...edges].map(([document, list]) => [document, ordered(list)]))
})

/** HubSpot's ids are numbers of growing length; text alone would put 10 before 9. */
export const byNumber = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

/** Ours if we wrote it; else the record's id, which stays with the line as well. */
export const keyOf = (item: Records.Raw): string => Fields.value(item.properties, Line.LINE_KEY.name) ?? item.id

/** The encoded line. */
export const decode = (item: Records.Raw, context: Fields.Context): unknown => {
  const product = Fields.value(item.properties, Line.PRODUCT.name)
  const members = Object.entries(Line.fields)
    .map(([member, field]) => [member, field.decode(item.properties, context)] as const)
    .filter(([, value]) => value !== undefined)
  return {
    key: keyOf(item),
    id: item.id,
    ...(product === undefined ? {} : { product: product === null ? null : { id: product } }),
    ...Object.fromEntries(members),
  }
}

/** One line to write: what HubSpot is to hold of it. */
export interface Wanted {
  /** The line's place in the document's `lines`, for errors. */
  readonly key: string
  readonly writes: Fields.Writes
}

/** What turns the lines that are there into those that are wanted. */
export interface Plan {
  readonly upserts: ReadonlyArray<{ readonly carried: string; readonly writes: Fields.Writes }>
  readonly updates: ReadonlyArray<{ readonly id: string; readonly writes: Fields.Writes }>
  readonly archives: ReadonlyArray<string>
}

export const isNothing = ({ archives, updates, upserts }: Plan): boolean =>
  upserts.length + updates.length + archives.length === 0

const KINDS = new Map(Line.properties.map(({ kind, name }) => [name, kind]))

export const same = (props: Fields.Props, writes: Fields.Writes): boolean =>
  Object.entries(writes).every(([name, text]) => {
    const kind = KINDS.get(name) ?? "text"
    return Fields.normal(kind, props[name]) === Fields.normal(kind, text)
  })

/** The line item that a line means: the one that carries our key, else the first that has the line's. */
const meant = (there: ReadonlyArray<Records.Raw>, key: string, carried: string, keyProperty: string) => {
  const named = there.filter((item) => keyOf(item) === key)
  return named.find((item) => item.properties[keyProperty] === carried) ?? named[0]
}

/**
 * `document` names the document in the keys of its lines. A line that hangs on the document is written by its record,
 * whatever key it carries: the document may have been written under another name, or be a copy of another document.
 * What nobody asks for, and a second item of one line, is archived.
 */
export const plan = (
  document: string,
  wanted: ReadonlyArray<Wanted>,
  there: ReadonlyArray<Records.Raw>,
  keyProperty: string,
): Plan => {
  const kept = new Set<string>()
  const upserts: Array<Plan["upserts"][number]> = []
  const updates: Array<Plan["updates"][number]> = []
  for (const { key, writes } of wanted) {
    const carried = Identity.encode(Identity.lineKey(document, key)) ?? ""
    const item = meant(there, key, carried, keyProperty)
    if (item === undefined)
      upserts.push({ carried, writes: { ...writes, [Line.LINE_KEY.name]: key, [keyProperty]: carried } })
    else {
      kept.add(item.id)
      if (!same(item.properties, writes)) updates.push({ id: item.id, writes })
    }
  }
  return { upserts, updates, archives: there.filter(({ id }) => !kept.has(id)).map(({ id }) => id) }
}
