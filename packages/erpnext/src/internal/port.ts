/** Puts the halves of a port together: reading from a source, writing through it. */

import * as Asked from "@mortise/core/Asked"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Port from "@mortise/core/Port"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Changes from "../Changes.ts"
import * as Identity from "../Identity.ts"
import * as Write from "../Write.ts"
import type { Context } from "./Context.ts"
import type { Mapping } from "./Mapping.ts"
import type * as References from "./References.ts"
import { type Held, type Source, make as sourceOf } from "./Source.ts"
import * as sweeps from "./sweeps.ts"

export interface PortOptions<E extends Entity.Any> {
  readonly context: Context
  readonly mapping: Mapping<E>
  readonly features: Features.Features<E>
  readonly adopting: Adopt.Adopting<E>
  readonly references: References.Finders
  readonly sweeps?: (
    source: Source<E>,
    fields: ReadonlyArray<string>,
  ) => ReadonlyArray<Watermark.Sweep<Entity.Record<E>>>
}

const foundOf = <E extends Entity.Any>({ carried, id, issues, modified, record }: Held<E>): Port.Found<E> => {
  const key = carried !== undefined && Identity.isOurs(carried) ? Identity.decode(carried) : undefined
  return {
    id,
    record,
    revision: modified,
    ...(key === undefined ? {} : { key }),
    ...(issues.length === 0 ? {} : { issues }),
  }
}

/** A record that cannot be read whole is there all the same, with the faults named: the others are not its hostages. */
const getOf =
  <E extends Entity.Any>({ context, features, mapping }: PortOptions<E>): Port.Port<E>["get"] =>
  (ids, options = {}) =>
    Effect.gen(function* () {
      const { entity } = mapping
      const refused = Asked.refusal(entity, features.readable, options, `erpnext.${entity.name}.get`)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const found = yield* sourceOf(context, mapping, options.fields ?? features.readable).found([...new Set(ids)])
      return new Map(found.map((each) => [each.id, foundOf<E>(each)]))
    })

/** Records by our keys, found in the field that carries them, or by the name that the key is. */
const findOf =
  <E extends Entity.Any>({ clientId, source }: Adopt.Adopting<E>) =>
  (keys: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const texts = keys.flatMap((key) => Identity.encode(key) ?? [])
      const held = clientId === undefined ? yield* source.carrying(texts) : yield* source.found(texts)
      const byText = new Map(held.map((each) => [each.carried, each]))
      const found = keys.flatMap((key) => {
        const each = byText.get(Identity.encode(key))
        return each === undefined ? [] : [[key, each] as const]
      })
      return new Map(found) as ReadonlyMap<string, Held<E>>
    })

/** How references of other ports are found. */
export const finderOf = <E extends Entity.Any>(adopting: Adopt.Adopting<E>): References.Finder => {
  const find = findOf(Adopt.narrowed<E, Adopt.Adopting<E>>(adopting, []))
  return {
    byKeys: (keys) => Effect.map(find(keys), (found) => new Map([...found].map(([key, held]) => [key, held.id]))),
    present: adopting.source.present,
  }
}

export const make = <E extends Entity.Any>(options: PortOptions<E>): Port.Port<E> => {
  const { adopting, context, features, mapping, references } = options
  const find = findOf(adopting)
  return {
    entity: mapping.entity,
    scope: context.scope,
    features,
    changes: Changes.changes({
      context,
      entity: mapping.entity,
      source: (fields) => sourceOf(context, mapping, fields),
      fields: features.readable,
      sweeps: (source, fields) => [
        ...(context.deletions ? [sweeps.deletions(context, mapping, source)] : []),
        ...(options.sweeps?.(source, fields) ?? []),
      ],
    }),
    get: getOf(options),
    find: (keys) =>
      Effect.map(
        features.identity === undefined ? Effect.succeed(new Map<string, Held<E>>()) : find(keys),
        (found) => new Map([...found].map(([key, held]) => [key, { ...foundOf(held), key }])),
      ),
    upsert: Write.make({ ...adopting, context, mapping, features, references }).upsert,
  }
}
