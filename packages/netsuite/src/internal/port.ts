/** Puts the halves of a port together: reading from its table, writing through the record API. */

import * as Asked from "@mortise/core/Asked"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Port from "@mortise/core/Port"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Changes from "../Changes.ts"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import * as Query from "../Query.ts"
import * as Write from "../Write.ts"
import * as Asking from "./asking.ts"
import type { Context } from "./Context.ts"
import { type Form, type Held, KEYS_PER_QUESTION } from "./Form.ts"
import type * as References from "./References.ts"
import type { Found, Source } from "./source.ts"
import * as Subsidiary from "./subsidiary.ts"

export interface PortOptions<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  readonly features: Features.Features<E>
  readonly form: Form<E>
  readonly references: References.Finders
  readonly sweeps?: (
    source: Source<Entity.Record<E>>,
    fields: ReadonlyArray<string>,
  ) => ReadonlyArray<Watermark.Sweep<Entity.Record<E>>>
}

const foundOf = <E extends Entity.Any>(
  { context: { settings }, entity }: PortOptions<E>,
  { carried = "", id, issues, record }: Found<Entity.Record<E>>,
): Port.Found<E> => {
  const isOurs = Identity.isOurs(settings, entity.name, carried)
  const key = isOurs ? Identity.decode(settings, entity.name, carried) : undefined
  return { id, record, ...(key === undefined ? {} : { key }), ...(issues.length === 0 ? {} : { issues }) }
}

/** A record that cannot be read whole is there all the same, with the faults named: the others are not its hostages. */
const getOf =
  <E extends Entity.Any>(port: PortOptions<E>): Port.Port<E>["get"] =>
  (ids, options = {}) =>
    Effect.gen(function* () {
      const { entity, features, form } = port
      const refused = Asked.refusal(entity, features.readable, options, `netsuite.${entity.name}.get`)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const found = yield* form.source(options.fields ?? features.readable).found([...new Set(ids)])
      return new Map(found.map((each) => [each.id, foundOf(port, each)]))
    })

/** Records by our keys, found in the field that carries them. */
const findOf = <E extends Entity.Any>({ context: { settings }, form }: Pick<PortOptions<E>, "context" | "form">) => {
  const adopting: Adopt.Adopting<E> = { settings, form }
  return (keys: ReadonlyArray<string>) =>
    Effect.map(Adopt.carrying(adopting, keys), (byText) => {
      const found = new Map<string, Held<E>>()
      for (const key of keys) {
        const [held] = byText.get(Adopt.textOf(adopting, key)?.toLowerCase() ?? "") ?? []
        if (held !== undefined) found.set(key, held)
      }
      return found as ReadonlyMap<string, Held<E>>
    })
}

/** How references of other ports are found: ids alone, of the records that have a key or a number. */
export const finderOf = (
  context: Context,
  options: {
    readonly entity: string
    readonly table: string
    readonly number: string
    readonly where?: Filter.Filter
  },
): References.Finder => {
  const { entity, number, table } = options
  // A customer may buy from several subsidiaries; a document is of one.
  const own = table === "transaction" ? Subsidiary.condition(context.settings, table) : undefined
  const where = Filter.all(options.where, own)
  const ask = Asking.every(context)
  const by = (column: string, texts: ReadonlyArray<string>) =>
    Effect.map(
      Effect.forEach(Asking.chunks(texts, KEYS_PER_QUESTION), (some) =>
        ask({
          columns: [Query.plain("id"), Query.plain(column, "name")],
          from: table,
          where: Filter.all(where, Filter.sameAsOne(column, some)) as Filter.Filter,
          orderBy: ["id"],
        }),
      ),
      (found) => {
        const ids = new Map<string, string | undefined>()
        for (const reader of found.flat()) {
          const [id, name] = [reader.text("id"), reader.text("name")?.toLowerCase()]
          // Of two records with one number neither is guessed at.
          if (id && name) ids.set(name, ids.has(name) && ids.get(name) !== id ? undefined : id)
        }
        return ids
      },
    )
  return {
    byKeys: (keys) => {
      const texts = new Map(keys.map((key) => [key, Identity.encode(context.settings, entity, key)]))
      const asked = [...texts.values()].filter((text) => text !== undefined)
      return Effect.map(by(Identity.column(context.settings, entity), asked), (ids) =>
        mapped(keys, (key) => ids.get(texts.get(key)?.toLowerCase() ?? "")),
      )
    },
    byNumbers: (numbers) =>
      Effect.map(by(number, numbers), (ids) => mapped(numbers, (text) => ids.get(text.toLowerCase()))),
  }
}

const mapped = (texts: ReadonlyArray<string>, idOf: (text: string) => string | undefined): Map<string, string> =>
  new Map(
    texts.flatMap((text) => {
      const id = idOf(text)
      return id === undefined ? [] : [[text, id] as const]
    }),
  )

export const make = <E extends Entity.Any>(options: PortOptions<E>): Port.Port<E> => {
  const { context, entity, features, form, references } = options
  const find = findOf(options)
  return {
    entity,
    scope: context.scope,
    features,
    changes: Changes.changes({
      context,
      entity,
      source: form.source,
      fields: features.readable,
      ...(options.sweeps === undefined ? {} : { sweeps: options.sweeps }),
    }),
    get: getOf(options),
    find: (keys) =>
      Effect.map(
        find(keys),
        (found) => new Map([...found].map(([key, held]) => [key, { ...foundOf(options, held), key }])),
      ),
    upsert: Write.make({ settings: context.settings, context, entity, features, form, references }).upsert,
  }
}
