/** What was announced and never settled is looked up by key before anything is sent. */
import * as Effect from "effect/Effect"
import { type Intent, type Link, refKey, StateStore } from "../../StateStore.ts"
import * as Cut from "../batch/Cut.ts"
import * as Watch from "./Watch.ts"
import type { Wiring } from "./Wiring.ts"

const AT_ONCE = 500

/** The record is there; whether with the announced values is not known, so the hash of the last write is forgotten. */
const relinked = (wiring: Wiring, intent: Intent, id: string, before: Link | undefined): Link => {
  const { writtenHash: _, writtenRevision: __, ...known } = before ?? {}
  return { ...known, source: intent.source, target: wiring.targetRef(id), key: intent.key }
}

const lookUp = Effect.fnUntraced(function* (wiring: Wiring) {
  const store = yield* StateStore
  const intents = yield* store.intents(wiring.name)
  let there = 0
  for (const some of Cut.chunks(intents, AT_ONCE)) {
    const found = yield* wiring.target.find(some.map(({ key }) => key))
    const before = yield* store.linksFrom(
      some.map(({ source }) => source),
      wiring.targetKind,
    )
    const links = some.flatMap((intent) => {
      const link = before.get(refKey(intent.source))
      const id = link?.target.id ?? found.get(intent.key)?.id
      return id === undefined ? [] : [relinked(wiring, intent, id, link)]
    })
    there += links.length
    yield* store.commit({ links, settled: some.map(({ key, relay }) => ({ relay, key })) })
  }
  yield* Effect.annotateCurrentSpan({ intents: intents.length, found: there })
})

export const recover = (wiring: Wiring) => lookUp(wiring).pipe(Watch.span(wiring, "recover"))
