/** Puts the halves of a port together: reading from a source, writing through forms. */

import * as Asked from "@mortise/core/Asked"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Port from "@mortise/core/Port"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Adopt from "../Adopt.ts"
import * as Changes from "../Changes.ts"
import * as Identity from "../Identity.ts"
import * as Write from "../Write.ts"
import type { Context } from "./Context.ts"
import type { Form, Held } from "./Form.ts"
import type * as References from "./References.ts"
import type { Found, Source } from "./source.ts"

export interface PortOptions<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  readonly features: Features.Features<E>
  readonly stamped: boolean
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  readonly adopting: Adopt.Adopting<E>
  readonly references: References.Finders
  readonly sweeps?: (
    source: Source<Entity.Record<E>>,
    fields: ReadonlyArray<string>,
  ) => ReadonlyArray<Watermark.Sweep<Entity.Record<E>>>
}

const foundOf = <E extends Entity.Any>({ carried, id, issues, record }: Found<Entity.Record<E>>): Port.Found<E> => {
  const key = carried === undefined || !Identity.isOurs(carried) ? undefined : Identity.decode(carried)
  return { id, record, ...(key === undefined ? {} : { key }), ...(issues.length === 0 ? {} : { issues }) }
}

/** A record that cannot be read whole is there all the same, with the faults named: the others are not its hostages. */
const getOf =
  <E extends Entity.Any>({ entity, features, source }: PortOptions<E>): Port.Port<E>["get"] =>
  (ids, options = {}) =>
    Effect.gen(function* () {
      const refused = Asked.refusal(entity, features.readable, options, `acumatica.${entity.name}.get`)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const found = yield* source(options.fields ?? features.readable).found([...new Set(ids)])
      return new Map(found.map((each) => [each.id, foundOf<E>(each)]))
    })

/** Records by our keys, found in the field that carries them, or by the id that the key is. */
const findOf = <E extends Entity.Any>(options: PortOptions<E>) => {
  const { adopting, context } = options
  const textsOf = (key: string) =>
    adopting.forms.flatMap((form) => Adopt.textOf(context.settings, form as unknown as Form<Entity.Any>, key) ?? [])
  return (keys: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const found = new Map<string, Held<E>>()
      const carried = yield* Adopt.carrying(adopting, keys)
      for (const key of keys) {
        const texts = textsOf(key).map((text) => text.toLowerCase())
        const match = carried.find(
          ({ held }) => held.carried !== undefined && texts.includes(held.carried.toLowerCase()),
        )
        if (match !== undefined) found.set(key, match.held)
        else if (adopting.clientId !== undefined) {
          const [text] = textsOf(key)
          const named = text === undefined ? undefined : yield* Adopt.byId(adopting, text)
          if (named?._tag === "Some") found.set(key, named.value.held)
        }
      }
      return found as ReadonlyMap<string, Held<E>>
    })
}

/** How references of other ports are found. */
export const finderOf = <E extends Entity.Any>(
  options: Pick<PortOptions<E>, "adopting" | "context">,
): References.Finder => {
  const find = findOf(options as PortOptions<E>)
  return {
    byKeys: (keys) => Effect.map(find(keys), (found) => new Map([...found].map(([key, held]) => [key, held.id]))),
    isThere: (id) => Effect.map(Adopt.byId(options.adopting, id), Option.isSome),
  }
}

export const make = <E extends Entity.Any>(options: PortOptions<E>): Port.Port<E> => {
  const { adopting, context, entity, features, references, stamped } = options
  const find = findOf(options)
  return {
    entity,
    scope: context.scope,
    features,
    changes: Changes.changes({
      context,
      entity,
      stamped,
      source: options.source,
      fields: features.readable,
      ...(options.sweeps === undefined ? {} : { sweeps: options.sweeps }),
    }),
    get: getOf(options),
    find: (keys) =>
      Effect.map(find(keys), (found) => new Map([...found].map(([key, held]) => [key, { ...foundOf(held), key }]))),
    upsert: Write.make({ ...adopting, context, features, references }).upsert,
  }
}
