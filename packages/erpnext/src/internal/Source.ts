/**
 * Where records of one entity are found: what the watermark asks, fresh reads by id, and look-ups by what a document
 * holds. All of it takes one list for a page, one question for each child table of it, and those for what stands beside.
 */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate } from "@mortise/core/Values"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Condition } from "../Conditions.ts"
import * as Identity from "../Identity.ts"
import * as Keys from "../Keys.ts"
import { KEYS_PER_QUESTION } from "../Limits.ts"
import * as SiteTime from "../SiteTime.ts"
import type { Fields } from "./Catalog.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import { type Doc, textOf } from "./Doc.ts"
import * as Loader from "./Loader.ts"
import type { Facts, Mapping } from "./Mapping.ts"
import * as rows from "./rows.ts"
import * as Selection from "./selection.ts"

/** A record as far as it could be read, with the document that it stands in. */
export interface Held<E extends Entity.Any> {
  readonly id: string
  readonly record: Entity.Record<E>
  readonly issues: ReadonlyArray<Issue>
  /** What stands in the field that carries our key. */
  readonly carried?: string
  /** The stamp as the server compares it. */
  readonly modified: string
  /** The site's day when it was read. */
  readonly today: LocalDate
  readonly doc: Doc
}

export interface Source<E extends Entity.Any> {
  /** Rows from this stamp on, in its order. */
  readonly read: Watermark.KeysetOptions<Entity.Record<E>>["read"]
  /** Rows of this very stamp, in the order of their names. */
  readonly readAt: Watermark.KeysetOptions<Entity.Record<E>>["readAt"]
  /** Fresh reads; an id that is not there is left out. */
  readonly byIds: (
    ids: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyArray<Watermark.Row<Entity.Record<E>>>, ConnectorError>
  /** The same as records: one that cannot be read whole is there with what can be. */
  readonly found: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  /** By what stands in the carrier, any number of texts. */
  readonly carrying: (texts: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly matching: (
    where: ReadonlyArray<Condition>,
    limit: number,
  ) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  /** Those of the ids that are there. */
  readonly present: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlySet<string>, ConnectorError>
  /** The one document as it is now, every member of it. */
  readonly whole: (id: string) => Effect.Effect<Option.Option<Held<E>>, ConnectorError>
  /** A document that the site answered with. */
  readonly held: (doc: Doc) => Effect.Effect<Held<E>, ConnectorError>
  /** The site's own fields of the entity. */
  readonly own: Effect.Effect<Fields, ConnectorError>
  /** True when the site has the field that carries our key. */
  readonly carries: Effect.Effect<boolean, ConnectorError>
}

const chunks = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))

const BY_NAME = [["name", "asc"]] as const

/** A join with a child table shows a document once for each row that matches. */
const once = (docs: ReadonlyArray<Doc>): ReadonlyArray<Doc> => [
  ...new Map(docs.map((doc) => [textOf(doc, "name"), doc])).values(),
]

export const make = <E extends Entity.Any>(
  context: Context,
  mapping: Mapping<E>,
  fields: ReadonlyArray<string>,
): Source<E> => {
  const { catalog, documents, settings, time } = context
  const { doctype } = mapping
  const carrier = Identity.carrier(settings, doctype)
  const bare = mapping as unknown as Mapping<never>

  const catalogued = Effect.suspend(() => catalog.fields(doctype))
  const own: Source<E>["own"] = Effect.map(catalogued, (all) => Custom.fieldsOf(settings, mapping.entity.name, all))
  const carries = Effect.map(catalogued, (all) => all.get(carrier)?.unique === true || carrier === "item_code")

  /** What is asked for, of what this site has. */
  const selection = Effect.gen(function* () {
    const all = yield* catalogued
    const custom = yield* own
    const beside = [...custom.keys(), ...(all.has(carrier) ? [carrier] : [])]
    const whole = Selection.of(mapping.members, fields, beside)
    const tables = new Map<string, ReadonlyArray<string>>()
    for (const [table, columns] of whole.tables) {
      const child = yield* catalog.fields(doctype, mapping.tables[table] ?? "")
      tables.set(
        table,
        columns.filter((column) => child.has(column)),
      )
    }
    return { ...whole, tables }
  })

  const facts: Effect.Effect<Facts, ConnectorError> = Effect.gen(function* () {
    const needed = mapping.inCompanyCurrency.some((field) => fields.includes(field))
    return {
      settings,
      countries: context.countries,
      today: yield* context.today,
      currency: needed ? yield* context.currency : undefined,
    }
  })

  const options = Effect.gen(function* () {
    return { facts: yield* facts, time, fields, custom: yield* own }
  })

  const complete = (listed: ReadonlyArray<Doc>) =>
    Effect.flatMap(selection, (chosen) => Loader.load(context, bare, chosen, listed))

  const toRows = (docs: ReadonlyArray<Doc>) =>
    Effect.map(options, (known) => docs.map((doc) => rows.row(mapping, doc, known)))

  const toHeld = (docs: ReadonlyArray<Doc>): Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError> =>
    Effect.map(options, (known) =>
      docs.map((doc) => {
        const { issues, record } = rows.readable(mapping, doc, known)
        const carried = textOf(doc, carrier)
        return {
          id: textOf(doc, "name") ?? "",
          record,
          issues,
          modified: textOf(doc, "modified") ?? "",
          today: known.facts.today,
          doc,
          ...(carried === undefined ? {} : { carried }),
        }
      }),
    )

  /** A list that names a field which an administrator took away is refused: what the site has is asked for anew, once. */
  const described = <A>(ask: Effect.Effect<A, ConnectorError>): Effect.Effect<A, ConnectorError> =>
    Effect.catch(ask, (error) => {
      if (error.reason._tag !== "Invalid") return Effect.fail(error)
      catalog.forget(doctype)
      return ask
    })

  const page = (
    where: ReadonlyArray<Condition>,
    orderBy: ReadonlyArray<readonly [string, "asc"]>,
    limit: number,
  ): Effect.Effect<Watermark.Batch<Entity.Record<E>>, ConnectorError> =>
    Effect.gen(function* () {
      const asking = Effect.flatMap(selection, ({ columns }) =>
        documents.page(doctype, { fields: columns, where: [...mapping.where, ...where], orderBy, limit }),
      )
      const { rows: listed, serverTime } = yield* described(asking)
      return {
        rows: yield* toRows(yield* complete(listed)),
        more: listed.length >= limit,
        ...(serverTime === undefined ? {} : { serverTime: time.least(serverTime) }),
      }
    })

  const read: Source<E>["read"] = ({ from, limit }) =>
    page(
      from === undefined ? [] : [["modified", ">=", SiteTime.textOf(from)]],
      [
        ["modified", "asc"],
        ["name", "asc"],
      ],
      limit,
    )

  const readAt: Source<E>["readAt"] = ({ afterId, limit, stamp }) => {
    const text = SiteTime.textOf(stamp)
    const at: ReadonlyArray<Condition> = [
      ["modified", ">=", text],
      ["modified", "<=", text],
    ]
    return page(afterId === undefined ? at : [...at, ["name", ">", afterId]], BY_NAME, limit)
  }

  const listed = (where: ReadonlyArray<Condition>, limit: number) =>
    Effect.gen(function* () {
      const asking = Effect.flatMap(selection, ({ columns }) =>
        documents.many(doctype, { fields: columns, where: [...mapping.where, ...where], orderBy: BY_NAME, limit }),
      )
      return yield* complete(once(yield* described(asking)))
    })

  /** Texts that differ in case alone are one to the server: there may be more rows than texts. */
  const inList = (field: string, texts: ReadonlyArray<string>) => listed([[field, "in", texts]], texts.length * 4)

  const docsOf = (ids: ReadonlyArray<string>) =>
    Effect.map(
      Effect.forEach(chunks([...new Set(ids)].filter(Keys.isName), settings.pageSize), (some) => inList("name", some)),
      (found) => found.flat().filter((doc) => ids.includes(textOf(doc, "name") ?? "")),
    )

  const carrying: Source<E>["carrying"] = (texts) =>
    Effect.gen(function* () {
      if (texts.length === 0 || !(yield* carries)) return []
      const found = yield* Effect.forEach(chunks([...new Set(texts)], KEYS_PER_QUESTION), (some) =>
        inList(carrier, some),
      )
      return (yield* toHeld(found.flat())).filter(({ carried }) => carried !== undefined && texts.includes(carried))
    })

  const present: Source<E>["present"] = (ids) =>
    Effect.map(
      Effect.forEach(chunks([...new Set(ids)].filter(Keys.isName), settings.pageSize), (some) =>
        documents.many(doctype, {
          fields: ["name"],
          where: [...mapping.where, ["name", "in", some]],
          orderBy: BY_NAME,
          limit: some.length * 4,
        }),
      ),
      (found) => new Set(found.flat().flatMap((doc) => textOf(doc, "name") ?? [])),
    )

  const held: Source<E>["held"] = (doc) =>
    Effect.gen(function* () {
      const [whole] = yield* Loader.beside(context, bare, yield* selection, [doc])
      const [found] = yield* toHeld([whole ?? doc])
      return found as Held<E>
    })

  /** A list passes by the documents of another company; so does a single read. */
  const belongs = (doc: Doc): boolean =>
    mapping.where.every(
      (condition) => condition.length !== 3 || condition[1] !== "=" || doc[condition[0]] === condition[2],
    )

  return {
    read,
    readAt,
    byIds: (ids) => Effect.flatMap(docsOf(ids), toRows),
    found: (ids) => Effect.flatMap(docsOf(ids), toHeld),
    carrying,
    matching: (where, limit) => Effect.flatMap(listed(where, limit), toHeld),
    present,
    whole: (id) =>
      Keys.fitsPath(id)
        ? Effect.flatMap(documents.get(doctype, id), (found) =>
            Option.isNone(found) || !belongs(found.value)
              ? Effect.succeed(Option.none())
              : Effect.map(held(found.value), Option.some),
          )
        : Effect.succeed(Option.none()),
    held,
    own,
    carries,
  }
}
