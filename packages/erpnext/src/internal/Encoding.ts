/** The body that is sent for a plan, and what a refusal of it is about. */

import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { type ConnectorError, Duplicate, MissingReference } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
import type { Doc } from "./Doc.ts"
import type { Planning, Writable } from "./Planning.ts"
import * as Saving from "./Saving.ts"
import type { Held } from "./Source.ts"
import type { EncodeFacts } from "./Writer.ts"

type Members = { readonly [field: string]: unknown }
type Item<E extends Entity.Any> = BatchUpsert.Item<E>

export const make = <E extends Entity.Any>(
  writable: Writable<E>,
  { error, invalid, narrowed }: Pick<Planning<E>, "error" | "invalid" | "narrowed">,
) => {
  const { context, mapping, writer } = writable
  const { catalog, settings } = context
  const { doctype } = mapping

  const factsOf = (item: Item<E>, { resolved }: Saving.Plan<E>, existing: Doc | undefined) =>
    Effect.gen(function* (): Effect.fn.Return<EncodeFacts, ConnectorError> {
      const table = Object.entries(mapping.tables).find(([field]) => field === "items")
      const lines = table === undefined ? undefined : yield* catalog.fields(doctype, table[1])
      const named = existing === undefined ? writable.clientId?.(item) : undefined
      return {
        settings,
        countries: context.countries,
        today: yield* context.today,
        idOf: (to, reference) => resolved.idOf(to, reference) ?? "",
        currency: writer.inCurrency ? yield* context.currency : "",
        lineKeys: lines?.has(settings.lineKeyField) ?? false,
        ...(existing === undefined ? {} : { existing }),
        ...(named === undefined ? {} : { named }),
      }
    })

  /** The body, or why there is none. */
  const encode = (item: Item<E>, ready: Saving.Plan<E>, held: Held<E> | undefined, compare: boolean) =>
    Effect.gen(function* (): Effect.fn.Return<Saving.Sending, ConnectorError> {
      const guarded = held === undefined ? undefined : writer.guard?.(held.doc)
      if (guarded !== undefined) return yield* Effect.fail(error(guarded))
      const differing = Saving.differing(writer, compare ? held : undefined, ready.wanted)
      const changed =
        held === undefined ? differing : differing.filter((field) => !writer.fixed.includes(field as never))
      const patch = Object.fromEntries(
        changed.map((field) => [field, (item.fields as Members)[field]]),
      ) as Entity.Patch<E>
      const facts = yield* factsOf(item, ready, held?.doc)
      const first = held === undefined ? writer.initial(patch, facts) : { body: {} }
      const rest = writer.encode(patch, facts)
      const issues = [...(first.issues ?? []), ...(rest.issues ?? []), ...(writer.after?.issues(patch, facts) ?? [])]
      if (issues.length > 0 || first.issues !== undefined || rest.issues !== undefined)
        return yield* Effect.fail(invalid(issues))
      const own = changed.includes("custom") ? (ready.wanted["custom"] as Doc) : {}
      const { carry } = ready.target
      const body = {
        ...first.body,
        ...rest.body,
        ...own,
        ...(carry === undefined ? {} : { [settings.keyField]: carry }),
      }
      return { body, changed }
    })

  /** Our name of the field that holds a link to nothing: the site tells what it misses and not where. */
  const located = ({ body }: Saving.Sending, reason: MissingReference): MissingReference => {
    const column = Object.entries(body).find(([, value]) => value === reason.reference)?.[0]
    const field = Object.entries(mapping.members).find(
      ([, paths]) => column !== undefined && paths?.includes(column),
    )?.[0]
    if (column === undefined) return reason
    return new MissingReference({ message: reason.message, field: field ?? column, reference: reason.reference })
  }

  /** A refusal that says no more than that: another document may stand in the way, and then it is named. */
  const named = ({ ready }: Saving.Ready<E>, sending: Saving.Sending, failure: ConnectorError) =>
    Effect.gen(function* () {
      if (failure.reason._tag === "MissingReference") return error(located(sending, failure.reason))
      const where = failure.reason._tag === "Invalid" ? writer.rival?.(ready.wanted) : undefined
      const [rival] = where === undefined ? [] : yield* narrowed([]).source.matching(where, 1)
      if (rival === undefined) return failure
      const message = `${failure.reason.message}; ${rival.id} has the same reference`
      return error(new Duplicate({ message, existingId: rival.id }))
    })

  return { encode, named }
}
