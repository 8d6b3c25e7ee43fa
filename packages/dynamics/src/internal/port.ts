/** Puts the halves of a port together: reading from a source, writing through a form. */

import * as Asked from "@mortise/core/Asked"
import { ConnectorError, Unsupported } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Changes from "../Changes.ts"
import * as Identity from "../Identity.ts"
import type { Stamped } from "../Sets.ts"
import * as Write from "../Write.ts"
import type { Context } from "./Context.ts"
import type { Held } from "./Form.ts"
import type * as References from "./References.ts"
import type { Found, Source } from "./source.ts"

export interface PortOptions<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  readonly features: Features.Features<E>
  /** The set whose stamps are read instead of a crawl. */
  readonly stamped?: Stamped
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  /** Absent where the ERP owns the records. */
  readonly adopting?: Adopt.Adopting<E>
  /** The same with every field that the port reads. */
  readonly finding?: Adopt.Adopting<E>
  readonly references: References.Finders
}

const foundOf = <E extends Entity.Any>(found: Found<Entity.Record<E>>): Port.Found<E> => {
  const { carried, id, issues, record, revision } = found
  const key = carried === undefined || !Identity.isOurs(carried) ? undefined : Identity.decode(carried)
  return {
    id,
    record,
    ...(key === undefined ? {} : { key }),
    ...(revision === undefined ? {} : { revision }),
    ...(issues.length === 0 ? {} : { issues }),
  }
}

/** A record that cannot be read whole is there all the same, with the faults named: the others are not its hostages. */
const getOf =
  <E extends Entity.Any>({ entity, features, source }: PortOptions<E>): Port.Port<E>["get"] =>
  (ids, options = {}) =>
    Effect.gen(function* () {
      const refused = Asked.refusal(entity, features.readable, options, `dynamics.${entity.name}.get`)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const found = yield* source(options.fields ?? features.readable).found([...new Set(ids)])
      return new Map(found.map((each) => [each.id, foundOf<E>(each)]))
    })

/** Records by our keys, found in the field that carries them. */
const findOf =
  <E extends Entity.Any>(adopting: Adopt.Adopting<E> | undefined) =>
  (keys: ReadonlyArray<string>): Effect.Effect<ReadonlyMap<string, Held<E>>, ConnectorError> => {
    if (adopting === undefined || keys.length === 0) return Effect.succeed(new Map())
    return Effect.map(Adopt.carrying(adopting, keys), (carried) => {
      const match = (key: string) => {
        const text = Adopt.textOf(adopting, key)
        return carried.find((held) => Adopt.same(held.carried, text))
      }
      return new Map(
        keys.flatMap((key) => {
          const held = match(key)
          return held === undefined ? [] : [[key, held] as const]
        }),
      )
    })
  }

/** How references of other ports are found. */
export const finderOf = <E extends Entity.Any>(
  source: Source<Entity.Record<E>>,
  adopting?: Adopt.Adopting<E>,
): References.Finder => ({
  byKeys: (keys) =>
    Effect.map(findOf(adopting)(keys), (found) => new Map([...found].map(([key, held]) => [key, held.id]))),
  there: (ids) => Effect.map(source.found(ids), (found) => new Map(found.map(({ id }) => [id.toLowerCase(), id]))),
})

/** The `upsert` of a port that only reads: everything is refused, and nothing is asked. */
const refusing =
  <E extends Entity.Any>({ entity, features }: PortOptions<E>): Port.Port<E>["upsert"] =>
  (records) => {
    const message = features.absent?.["write"] ?? "the records are the ERP's"
    const reason = new Unsupported({ message, feature: "write", mend: "change it in the ERP" })
    const error = new ConnectorError({ system: "dynamics", operation: `dynamics.${entity.name}.upsert`, reason })
    return Effect.succeed(records.map(() => ({ _tag: "Rejected", error }) as const))
  }

export const make = <E extends Entity.Any>(options: PortOptions<E>): Port.Port<E> => {
  const { adopting, context, entity, features, references, stamped } = options
  const find = findOf(options.finding)
  return {
    entity,
    scope: context.scope,
    features,
    changes: Changes.changes({
      context,
      entity,
      source: options.source,
      fields: features.readable,
      ...(stamped === undefined ? {} : { stamped }),
    }),
    get: getOf(options),
    find: (keys) =>
      Effect.map(find(keys), (found) => new Map([...found].map(([key, held]) => [key, { ...foundOf(held), key }]))),
    upsert:
      adopting === undefined ? refusing(options) : Write.make({ ...adopting, context, features, references }).upsert,
  }
}
