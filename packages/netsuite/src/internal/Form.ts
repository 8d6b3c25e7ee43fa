/** The place where records of an entity are found and written: its table for the one, the record API for the other. */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import * as Keys from "../Keys.ts"
import * as Asking from "./asking.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import type { Mapping } from "./Mapping.ts"
import type { Body, RecordType, Sending, Sent } from "./Records.ts"
import type { Source } from "./source.ts"
import * as Table from "./table.ts"
import type { EncodeFacts, Pointer, Writer } from "./Writer.ts"

export type Held<E extends Entity.Any> = Table.Held<E>

/** One request that writes a record. */
export interface Put {
  readonly type: RecordType
  readonly to:
    | { readonly way: "upsert"; readonly externalId: string }
    | { readonly way: "insert" }
    | { readonly way: "update"; readonly id: string }
  readonly body: Body
  readonly replace: ReadonlyArray<string>
}

export interface EncodeOptions<E extends Entity.Any> {
  readonly existing?: Held<E>
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string
  /** What to write into the carrier. */
  readonly carry?: string
}

export interface Form<E extends Entity.Any> {
  readonly entity: E
  readonly writer: Writer<E>
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  /** By what stands in the carrier, any number of texts. */
  readonly carrying: (texts: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly byIds: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  /** By what stands in a column, without regard to case; of each text a few are as good as any number. */
  readonly having: (
    column: string,
    texts: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly encode: (
    patch: Entity.Patch<E>,
    options: EncodeOptions<E>,
  ) => Effect.Effect<{ readonly put: Put } | { readonly issues: ReadonlyArray<Issue> }, ConnectorError>
  readonly put: <B>(put: Put, lookup: Sending<B>["lookup"]) => Effect.Effect<Sent<B>, ConnectorError>
}

/** A look-up that meets more than two of one key has seen enough. */
const TOP_PER_KEY = 3

/** Keys of one question: three records of each fit onto a page. */
export const KEYS_PER_QUESTION = 300

const onlyRead = (table: string): { readonly issues: ReadonlyArray<Issue> } => ({
  issues: [{ path: [], message: `the record is of a type of ${table} that is only read` }],
})

const hasSublists = (body: Body): boolean =>
  Object.values(body).some((member) => typeof member === "object" && member !== null && "items" in member)

export const make = <E extends Entity.Any>(options: {
  readonly context: Context
  readonly mapping: Mapping<E>
  readonly writer: Writer<E>
  readonly fields: ReadonlyArray<string>
}): Form<E> => {
  const { context, fields, mapping, writer } = options
  const { codes, records, settings } = context
  const name = mapping.entity.name
  const custom = settings.custom[name] ?? {}
  const carrier = Identity.carrier(settings, name)
  const column = Identity.column(settings, name)
  const whole = Table.make(context, mapping, fields)
  const anywhere = Table.make(context, mapping, fields, false)

  /** One key that many records carry must not hide the others: an answer that is full is asked for again key by key. */
  const ask = (
    table: Table.Table<E>,
    among: string,
    some: ReadonlyArray<string>,
  ): Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError> =>
    Effect.flatMap(table.where(Filter.sameAsOne(among, some), some.length * TOP_PER_KEY), (found) =>
      some.length === 1 || found.length < some.length * TOP_PER_KEY
        ? Effect.succeed(found)
        : Effect.map(
            Effect.forEach(some, (one) => ask(table, among, [one])),
            (all) => all.flat(),
          ),
    )

  const having = (table: Table.Table<E>, among: string, texts: ReadonlyArray<string>) =>
    Effect.map(
      Effect.forEach(Asking.chunks([...new Set(texts)], KEYS_PER_QUESTION), (some) => ask(table, among, some)),
      (found) => found.flat(),
    )

  const carried = (text: string | undefined): Body =>
    text === undefined ? {} : { [carrier.type === "field" ? carrier.name : "externalId"]: text }

  /**
   * Where a write goes. A new record by external id. One that is there by its id, for an upsert of what went away meanwhile
   * would make a stump of it; unless its sublists are written, which lacks so much of a new record that it is refused.
   */
  const addressOf = (existing: Held<E> | undefined, carry: string | undefined, body: Body): Put["to"] => {
    if (existing === undefined)
      return carrier.type === "externalId" && carry !== undefined
        ? { way: "upsert", externalId: carry }
        : { way: "insert" }
    const { carried: text, id } = existing
    const addressed = carrier.type === "externalId" && text !== undefined && Keys.eid(text) !== undefined
    return addressed && carry === undefined && hasSublists(body)
      ? { way: "upsert", externalId: text }
      : { way: "update", id }
  }

  const factsOf = (patch: Entity.Patch<E>, type: RecordType, { existing, idOf }: EncodeOptions<E>) =>
    Effect.gen(function* () {
      const facts = { settings, codes: yield* codes.covering({}), idOf }
      if (existing === undefined) return facts satisfies EncodeFacts
      const held = { ...facts, existing: existing.wire.reader }
      if (writer.needsWhole?.(patch) !== true) return held satisfies EncodeFacts
      const found = yield* records.get(type, existing.id)
      return { ...held, ...(Option.isSome(found) ? { whole: found.value } : {}) } satisfies EncodeFacts
    })

  const encode: Form<E>["encode"] = (patch, given) =>
    Effect.gen(function* () {
      const { carry, existing } = given
      const type = existing === undefined ? writer.typeFor(patch) : mapping.typeOf(existing.wire.reader)
      if (type === undefined) return onlyRead(mapping.table)
      const facts: EncodeFacts = yield* factsOf(patch, type, given)
      if (writer.guard !== undefined) yield* writer.guard(patch, facts)
      const first = existing === undefined ? writer.initial(patch, facts) : { body: {} }
      if (first.issues !== undefined) return { issues: first.issues }
      const rest = writer.encode(patch, facts)
      if (rest.issues !== undefined) return { issues: rest.issues }
      const members = { ...first.body, ...rest.body, ...Custom.body(patch.custom ?? {}, custom) }
      const to = addressOf(existing, carry, members)
      // The address of an upsert names the record; in a body it would name it twice.
      const body = to.way === "upsert" ? members : { ...members, ...carried(carry) }
      return { put: { type, to, body, replace: [...(first.replace ?? []), ...(rest.replace ?? [])] } }
    })

  const put = <B>(
    { body, replace, to, type }: Put,
    lookup: Sending<B>["lookup"],
  ): Effect.Effect<Sent<B>, ConnectorError> => {
    if (to.way === "upsert") return records.upsert(type, to.externalId, body, { replace, lookup })
    return to.way === "insert"
      ? records.insert(type, body, { replace, lookup })
      : records.update(type, to.id, body, replace)
  }

  return {
    entity: mapping.entity,
    writer,
    source: (asked) => Table.make(context, mapping, asked),
    carrying: (texts) => having(anywhere, column, texts),
    byIds: (ids) => (ids.length === 0 ? Effect.succeed([]) : whole.found([...new Set(ids)])),
    having: (among, texts) => having(whole, among, texts),
    encode,
    put,
  }
}
